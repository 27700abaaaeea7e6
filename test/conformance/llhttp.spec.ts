import { contentOf, eventsOf, readInEverySplit } from '../support/split';
import { type Differences, type Verdict, describeVectors, fromBase64, verdictOf } from '../support/vectors';

interface Vector {
  readonly id: string;
  readonly name: string;
  readonly mode: 'strict' | 'lenient';
  readonly input_base64: string;
  readonly derived_client: {
    readonly verdict: Verdict | 'not_http';
    readonly message_index: number;
    readonly extra_bytes_after_message: number | null;
  };
  readonly expected_messages: readonly { readonly status_code: number; readonly body_base64: string }[];
}

const DIFFERENCES: Differences = {
  'llhttp-response-invalid-009': {
    verdict: 'accept_on_eof',
    because: 'RFC 9112 §2.2: a bare CR is replaced by SP, it never ends a line',
  },
};

function expectedOf({ id, derived_client }: Vector): Verdict {
  const { verdict } = derived_client;
  return DIFFERENCES[id]?.verdict ?? (verdict === 'not_http' ? 'reject_head' : verdict);
}

describeVectors<{ vectors: Vector[] }>(
  'llhttp’s response fixtures',
  'llhttp/response_dev.json',
  ({ vectors }) => {
    it.each(vectors)('$id ($mode): $name: $derived_client.verdict', (vector) => {
      const reading = readInEverySplit(fromBase64(vector.input_base64), {
        strict: vector.mode === 'strict',
      });
      const verdict = verdictOf(reading);
      expect(verdict).toBe(expectedOf(vector));
      if (verdict === 'reject_head') return;

      const { message_index, extra_bytes_after_message } = vector.derived_client;
      const message = vector.expected_messages[message_index];
      expect(eventsOf(reading, 'head')[0]?.status).toBe(message?.status_code);
      if (verdict === 'reject_body') return;
      expect(contentOf(reading)).toBe(fromBase64(message?.body_base64 ?? '').toString('latin1'));
      expect(reading.extra).toHaveLength(extra_bytes_after_message ?? 0);
    });
  },
);
