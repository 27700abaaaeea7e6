import type { ExchangeOutcome } from '../../src/exchange/outcome';
import type { FieldLine } from '../../src/http1/events';
import { Origin, type Peer } from './origin';
import { type SpecOverrides, exchangeWith, textOf } from './spec';
import { type Reading, contentOf, eventsOf, readResponse, warningsOf } from './split';
import { type Verdict, verdictOf } from './vectors';

/** The most one read may return: all at once, and the sizes that a parser stumbles over. */
export const BUFFER_SIZES = [65_536, 1, 3, 20];

/** Of each warning, so many are compared: an exchange tells the first hundred, its own among them. */
const WARNINGS = 90;
const CHUNK_SIZES = 1_000;
/** What follows a message is seen only as far as it came with the same read. */
const OF_EXTRA = ['octets-after-message', 'content-after-no-content'];

/** What can be seen of a reply, whoever read it. */
export interface Essence {
  readonly verdict: Verdict;
  readonly status: number | null;
  readonly statusText: string | null;
  readonly httpVersion: string | null;
  readonly headers: readonly FieldLine[];
  readonly informational: readonly number[];
  readonly content: string;
  readonly trailers: readonly FieldLine[];
  readonly chunkSizes: readonly number[];
  readonly extensions: readonly string[];
  readonly warnings: readonly [code: string, offset: number | null][];
  /** why it was refused; null when it was only cut short */
  readonly refusal: string | null;
}

/** One origin for a whole suite: it answers each path with octets of its own, and closes. */
export class Replies {
  private readonly octets: Buffer[] = [];
  private origin: Origin | null = null;

  /** @returns a URL that is answered with these octets */
  url(octets: Buffer): string {
    this.octets.push(octets);
    return this.origin!.url(`/${this.octets.length - 1}`);
  }

  async open(): Promise<void> {
    this.origin = await Origin.start((peer) => this.serve(peer));
  }

  async close(): Promise<void> {
    await this.origin!.close();
  }

  private async serve(peer: Peer): Promise<void> {
    const [, path = ''] = (await peer.request()).split(' ', 2);
    await peer.send(this.octets[Number(path.slice(1))]!);
    peer.fin();
  }
}

/** @returns an origin that lives as long as the suite */
export function useReplies(): Replies {
  const replies = new Replies();
  beforeAll(() => replies.open());
  afterAll(() => replies.close());
  return replies;
}

/** Fetches some octets over sockets, in reads of every size.
 *  @returns what came of each; the same, if all is well */
export function fetchInEverySize(
  replies: Replies,
  octets: Buffer,
  overrides: SpecOverrides,
): Promise<Essence[]> {
  return Promise.all(
    BUFFER_SIZES.map(async (bufferBytes) => {
      const outcome = await exchangeWith(replies.url(octets), {
        // 101 is what was asked for; content is compared as it came
        headers: ['Upgrade: any'],
        decodeContent: false,
        ...overrides,
        read: { bufferBytes, ...overrides.read },
      });
      expect(outcome.reads.max ?? 0).toBeLessThanOrEqual(bufferBytes);
      return essenceOf(outcome);
    }),
  );
}

/** Reads some octets over sockets, and expects what the parser alone makes of them. */
export async function expectSameThroughSockets(
  replies: Replies,
  octets: Buffer,
  strict: boolean,
): Promise<void> {
  const alone = essenceOfReading(readResponse([octets], { strict }));
  const fetched = await fetchInEverySize(replies, octets, { strict });
  expect(fetched).toEqual(BUFFER_SIZES.map(() => alone));
}

function essenceOf(outcome: ExchangeOutcome): Essence {
  const { head, failure, transferCoding, warnings } = outcome;
  return {
    verdict: verdictOfOutcome(outcome),
    status: head?.status ?? null,
    statusText: head?.statusText ?? null,
    httpVersion: head?.httpVersion ?? null,
    headers: head?.headers ?? [],
    informational: outcome.informational.map(({ status }) => status),
    content: textOf(outcome.content),
    trailers: outcome.trailers,
    chunkSizes: transferCoding?.sizes ?? [],
    extensions: transferCoding?.extensions ?? [],
    // those without an offset are the exchange's
    warnings: warnings
      .filter(({ code, offset }) => offset !== null && !OF_EXTRA.includes(code))
      .map(({ code, offset }): [string, number | null] => [code, offset])
      .slice(0, WARNINGS),
    refusal:
      failure?.code === 'malformed-response' || failure?.code === 'head-too-large' ? failure.message : null,
  };
}

function verdictOfOutcome({ head, complete, endedBy, failure }: ExchangeOutcome): Verdict {
  if (head === null) return 'reject_head';
  if (failure?.code === 'malformed-response') return 'reject_body';
  if (!complete) return 'truncated_body';
  if (endedBy === 'upgrade') return 'upgrade';
  return endedBy === 'close' ? 'accept_on_eof' : 'accept';
}

function essenceOfReading(reading: Reading): Essence {
  const [head] = eventsOf(reading, 'head');
  const chunks = eventsOf(reading, 'transfer-chunk');
  const extensions = [...chunks, ...eventsOf(reading, 'last-chunk')].map(({ extension }) => extension);
  return {
    verdict: verdictOf(reading),
    status: head?.status ?? null,
    statusText: head?.statusText ?? null,
    httpVersion: head?.httpVersion ?? null,
    headers: head?.headers ?? [],
    informational: eventsOf(reading, 'informational').map(({ status }) => status),
    content: contentOf(reading),
    trailers: eventsOf(reading, 'trailers').flatMap(({ fields }) => fields),
    chunkSizes: chunks.map(({ size }) => size).slice(0, CHUNK_SIZES),
    extensions: extensions.filter((extension) => extension !== null),
    warnings: warningsOf(reading)
      .filter(([code]) => !OF_EXTRA.includes(code))
      .slice(0, WARNINGS),
    refusal: reading.error?.message ?? null,
  };
}
