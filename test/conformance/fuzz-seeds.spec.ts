import { expectSameThroughSockets, useReplies } from '../support/replies';
import { readInEverySplit } from '../support/split';
import { describeVectors, fromBase64, isAccepted } from '../support/vectors';

interface Vector {
  readonly id: string;
  readonly base64: string;
  /** of curl, node:http and undici */
  readonly consensus: 'accept-same-body' | 'reject' | 'split';
}

describeVectors<{ vectors: Vector[] }>(
  'seeds of curl’s fuzzer',
  'fuzz_seeds/curl_fuzzer_responses_oracle_dev.json',
  ({ vectors }) => {
    const replies = useReplies();

    describe('in every split', () => {
      it.each(vectors)('$id throws nothing but MalformedResponse', ({ base64 }) => {
        for (const strict of [true, false])
          expect(() => readInEverySplit(fromBase64(base64), { strict })).not.toThrow();
      });
    });

    describe('through sockets', () => {
      it.each(vectors)('$id is the same in reads of every size', ({ base64 }) =>
        expectSameThroughSockets(replies, fromBase64(base64), false),
      );
    });

    it.each(vectors.filter(({ consensus }) => consensus !== 'split'))(
      '$id: $consensus, as three clients have it',
      ({ base64, consensus }) => {
        expect(isAccepted(readInEverySplit(fromBase64(base64)))).toBe(consensus === 'accept-same-body');
      },
    );
  },
);
