import { createHash } from 'node:crypto';
import { expectSameThroughSockets, useReplies } from '../support/replies';
import { type Reading, contentOf, eventsOf, octetsOf, readInEverySplit } from '../support/split';
import {
  DECIDED_OTHERWISE,
  type Differences,
  describeVectors,
  fromBase64,
  isAccepted,
  verdictOf,
} from '../support/vectors';

/** What one client made of a reply. */
interface Observation {
  readonly outcome: string;
  readonly status?: number | null | undefined;
  readonly body_bytes?: number | undefined;
  readonly body_sha256?: string | undefined;
}

interface Vector {
  readonly id: string;
  readonly tests: readonly string[];
  readonly base64: string;
  readonly consensus: 'accept-same-body' | 'reject' | 'split' | 'accept-differs';
  readonly head_line_endings: string;
  readonly oracles: { readonly curl: Observation; readonly node_http: Observation };
}

const DIFFERENCES: Differences = {
  'curlraw-dfee85fcab1320e1': {
    verdict: 'accept_on_eof',
    because: 'a transfer coding that is not known is read to close, with a warning: RFC 9112 §6.3 item 4',
  },
  'curlraw-f3c7923297f72f8e': {
    verdict: 'accept_on_eof',
    because: 'chunked that is not the final coding is read to close, with a warning: RFC 9112 §6.3 item 4',
  },
  'curlraw-5dfa63aa8061734d': {
    verdict: 'reject_head',
    because: 'there are more than 1,000 field lines: the limit is ours',
  },
  'curlraw-aa0ad6c22b2be6b0': {
    verdict: 'reject_head',
    because: 'the head has no end: RFC 9112 §8, a message is incomplete without one',
  },
};

describeVectors<{ vectors: Vector[] }>(
  'distinct replies of curl’s suite, lenient',
  'curl/raw_replies_oracle_dev.json',
  ({ vectors }) => {
    const differing = vectors.filter(({ id }) => id in DIFFERENCES);
    const others = vectors.filter(({ id }) => !(id in DIFFERENCES));

    const replies = useReplies();

    describe('through sockets', () => {
      it.each(vectors)('$id ($tests) is the same in reads of every size', ({ base64 }) =>
        expectSameThroughSockets(replies, fromBase64(base64), false),
      );
    });

    it.each(others.filter(({ consensus }) => consensus === 'reject'))(
      '$id ($tests): curl, node:http and undici refuse it',
      ({ base64 }) => expect(isAccepted(readInEverySplit(fromBase64(base64)))).toBe(false),
    );

    it.each(others.filter(({ consensus }) => consensus === 'accept-same-body'))(
      '$id ($tests): curl, node:http and undici accept it',
      ({ base64, oracles }) => {
        const observed = observe(readInEverySplit(fromBase64(base64)));
        expect(observed).toEqual(essentials(oracles.curl));
        expect(observed).toEqual(essentials(oracles.node_http));
      },
    );

    // llhttp refuses a bare LF, curl and this project do not
    it.each(others.filter((vector) => vector.consensus === 'split' && vector.head_line_endings === 'LF'))(
      '$id ($tests): has a head with LF line ends, as curl',
      ({ base64, oracles }) => {
        expect(observe(readInEverySplit(fromBase64(base64)))).toEqual(essentials(oracles.curl));
      },
    );

    it.each(differing.map(({ id, base64 }) => ({ id, base64, ours: DIFFERENCES[id] })))(
      `${DECIDED_OTHERWISE}: $id: $ours.verdict: $ours.because`,
      ({ base64, ours }) => expect(verdictOf(readInEverySplit(fromBase64(base64)))).toBe(ours?.verdict),
    );
  },
);

function essentials({ outcome, status, body_bytes, body_sha256 }: Observation): Observation {
  return outcome === 'ok' ? { outcome, status, body_bytes, body_sha256 } : { outcome };
}

/** What a reading would have looked like to those who observed curl. */
function observe(reading: Reading): Observation {
  if (!isAccepted(reading)) return { outcome: 'error' };
  // what follows a 101 is content to curl; here it belongs to another protocol
  const content = octetsOf(verdictOf(reading) === 'upgrade' ? reading.extra : contentOf(reading));
  return {
    outcome: 'ok',
    status: eventsOf(reading, 'head')[0]?.status,
    body_bytes: content.length,
    body_sha256: createHash('sha256').update(content).digest('hex'),
  };
}
