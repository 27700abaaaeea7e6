import { expectSameThroughSockets, useReplies } from '../support/replies';
import { contentOf, eventsOf, readInEverySplit } from '../support/split';
import { describeVectors, fromBase64, isAccepted } from '../support/vectors';

interface Vector {
  readonly id: string;
  readonly name?: string;
  readonly input_base64: string;
  /** the authors' wish contradicts RFC 9112 */
  readonly advisory?: boolean;
  readonly expected: {
    readonly outcome: 'accept' | 'reject' | 'either';
    readonly status?: number;
    readonly reason?: string;
    readonly body_latin1?: string;
    readonly body_bytes?: number;
    readonly header_x_frame_options?: string;
  };
}

describeVectors<{ vectors: Vector[] }>(
  'web-platform HTTP/1 replies, strict',
  'wpt/h1_response_vectors_dev.json',
  ({ vectors }) => {
    const replies = useReplies();

    describe('through sockets', () => {
      it.each(vectors)('$id is the same in reads of every size', ({ input_base64 }) =>
        expectSameThroughSockets(replies, fromBase64(input_base64), true),
      );
    });

    it.each(vectors.filter(({ advisory }) => advisory !== true))(
      '$id: $expected.outcome',
      ({ input_base64, expected }) => {
        const reading = readInEverySplit(fromBase64(input_base64), { strict: true });
        if (expected.outcome === 'either') return;
        expect(isAccepted(reading)).toBe(expected.outcome === 'accept');
        if (expected.outcome === 'reject') return;

        const [head] = eventsOf(reading, 'head');
        const content = contentOf(reading);
        const frameOptions = head?.headers.find(({ name }) => name === 'X-Frame-Options')?.value;
        // a vector states some of these, not all
        expect({
          outcome: 'accept',
          status: head?.status,
          reason: head?.statusText,
          body_latin1: content,
          body_bytes: content.length,
          header_x_frame_options: frameOptions,
        }).toMatchObject(expected);
      },
    );
  },
);
