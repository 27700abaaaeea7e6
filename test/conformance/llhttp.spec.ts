import { expectSameThroughSockets, useReplies } from '../support/replies';
import { contentOf, eventsOf, readInEverySplit } from '../support/split';
import {
  DECIDED_OTHERWISE,
  type Differences,
  type Verdict,
  describeVectors,
  fromBase64,
  verdictOf,
} from '../support/vectors';

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

function expectedOf({ derived_client: { verdict } }: Vector): Verdict {
  return verdict === 'not_http' ? 'reject_head' : verdict;
}

describeVectors<{ vectors: Vector[] }>(
  'llhttp’s response fixtures',
  'llhttp/response_dev.json',
  ({ vectors }) => {
    const replies = useReplies();
    const differing = vectors.filter(({ id }) => id in DIFFERENCES);

    describe('through sockets', () => {
      it.each(vectors)('$id is the same in reads of every size', ({ input_base64, mode }) =>
        expectSameThroughSockets(replies, fromBase64(input_base64), mode === 'strict'),
      );
    });

    it.each(differing.map(({ id, input_base64 }) => ({ id, input_base64, ours: DIFFERENCES[id] })))(
      `${DECIDED_OTHERWISE}: $id: $ours.verdict: $ours.because`,
      ({ input_base64, ours }) =>
        expect(verdictOf(readInEverySplit(fromBase64(input_base64)))).toBe(ours?.verdict),
    );

    const others = vectors.filter(({ id }) => !(id in DIFFERENCES));
    it.each(others)('$id ($mode): $name: $derived_client.verdict', (vector) => {
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
