import { expectSameThroughSockets, useReplies } from '../support/replies';
import { contentOf, eventsOf, readInEverySplit } from '../support/split';
import { type Verdict, describeVectors, fromBase64, verdictOf } from '../support/vectors';

type Outcome = 'accept' | 'reject' | 'truncated' | 'either';

interface Vector {
  readonly id: string;
  readonly response_base64: string;
  readonly expected: {
    readonly outcome: Outcome;
    readonly why?: string;
    readonly body_latin1?: string;
    readonly chunk_sizes?: readonly number[];
    readonly trailers?: readonly (readonly [name: string, value: string])[];
  };
}

/** `either` asks for one outcome whatever the split, and that it be no silently short body. */
const VERDICTS: Readonly<Record<Outcome, readonly Verdict[]>> = {
  accept: ['accept'],
  reject: ['reject_body'],
  truncated: ['truncated_body'],
  either: ['accept', 'reject_body'],
};

describeVectors<{ vectors: Vector[] }>(
  'the chunked transfer coding, good and bad',
  'chunked/chunked_vectors_dev.json',
  ({ vectors }) => {
    const replies = useReplies();

    describe.each([
      ['strict', true],
      ['lenient', false],
    ])('%s, through sockets', (_, strict) => {
      it.each(vectors)('$id is the same in reads of every size', ({ response_base64 }) =>
        expectSameThroughSockets(replies, fromBase64(response_base64), strict),
      );
    });

    describe.each([
      ['strict', true],
      ['lenient', false],
    ])('%s', (_, strict) => {
      it.each(vectors)('$id: $expected.outcome', ({ response_base64, expected }) => {
        const reading = readInEverySplit(fromBase64(response_base64), { strict });
        expect(VERDICTS[expected.outcome]).toContain(verdictOf(reading));
        if (expected.outcome !== 'accept') return;

        const trailers = eventsOf(reading, 'trailers').flatMap(({ fields }) => fields);
        expect({
          content: contentOf(reading),
          sizes: eventsOf(reading, 'transfer-chunk').map(({ size }) => size),
          trailers: trailers.map(({ name, value }) => [name, value]),
        }).toEqual({
          content: expected.body_latin1,
          sizes: expected.chunk_sizes,
          trailers: expected.trailers ?? [],
        });
      });
    });
  },
);
