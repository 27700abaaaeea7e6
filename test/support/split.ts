import { isDeepStrictEqual } from 'node:util';
import { type Content, MalformedResponse, type ResponseEvent } from '../../src/http1/events';
import { ResponseParser, type ResponseParserOptions } from '../../src/http1/response-parser';

/** Octets read in all two-way splits together: up to 2,000 octets every one is made, of more than
 *  that as many as this allows, at even distances. */
const TWO_WAY_WORK = 4_000_000;

export const PARSER_DEFAULTS: ResponseParserOptions = {
  requestMethod: 'GET',
  strict: false,
  maxHeadBytes: 65536,
  maxFieldLines: 1000,
  keepRawHead: false,
};

/** A parser's event with its content as text, one character per octet: a view would not last. */
export type ToldEvent = Exclude<ResponseEvent, Content> | { readonly type: 'content'; readonly text: string };

/** All that a parser made of some octets and the close that followed them. */
export interface Reading {
  /** adjacent pieces of content merged: how many there are is the split's doing */
  readonly events: readonly ToldEvent[];
  readonly error: Pick<MalformedResponse, 'code' | 'offset' | 'message'> | null;
  readonly complete: boolean;
  /** octets after the message */
  readonly extra: string;
}

/** Wire strings hold one character per octet. */
export function octetsOf(wire: string | Buffer): Buffer {
  return typeof wire === 'string' ? Buffer.from(wire, 'latin1') : wire;
}

export function* inPieces(octets: Buffer, size: number): Generator<Buffer> {
  for (let at = 0; at < octets.length; at += size) yield octets.subarray(at, at + size);
}

/** Appends an event to those told before; content is copied, and merged with what it continues. */
export function tell(events: ToldEvent[], event: ResponseEvent): void {
  if (event.type !== 'content') {
    events.push(event);
    return;
  }
  const text = event.octets.toString('latin1');
  const last = events.at(-1);
  if (last?.type === 'content') events[events.length - 1] = { type: 'content', text: last.text + text };
  else events.push({ type: 'content', text });
}

/** Reads whole, octet by octet, by 3, by 20 and in every two-way split, and fails where it is not the same.
 *  @returns what `read` made of the whole */
export function sameInEverySplit<T extends object>(octets: Buffer, read: (pieces: Iterable<Buffer>) => T): T {
  const whole = read([octets]);
  for (const [split, pieces] of splitsOf(octets)) {
    const reading = read(pieces);
    // jest's own comparison is too slow to be made for each split
    if (!isDeepStrictEqual(reading, whole)) expect({ split, ...reading }).toStrictEqual({ split, ...whole });
  }
  return whole;
}

function* splitsOf(octets: Buffer): Generator<[split: string, pieces: Iterable<Buffer>]> {
  for (const size of [1, 3, 20]) yield [`by ${size}`, inPieces(octets, size)];
  const distance = Math.ceil(octets.length ** 2 / TWO_WAY_WORK);
  for (let at = distance; at < octets.length; at += distance)
    yield [`in two at ${at}`, [octets.subarray(0, at), octets.subarray(at)]];
}

/** Feeds a parser as a read loop does, through a buffer that is overwritten once `next` has given null.
 *  @param pausing it is also paused after each event, and the buffer overwritten then */
export function readResponse(
  pieces: Iterable<Buffer>,
  options: Partial<ResponseParserOptions> = {},
  pausing = false,
): Reading {
  const parser = new ResponseParser({ ...PARSER_DEFAULTS, ...options });
  const events: ToldEvent[] = [];
  let error: Reading['error'] = null;
  let extra = '';

  const drain = (buffer: Buffer): void => {
    try {
      for (let event = parser.next(); event !== null; event = parser.next()) {
        tell(events, event);
        if (pausing && parser.pause()) buffer.fill('~');
      }
    } catch (thrown) {
      if (!(thrown instanceof MalformedResponse)) throw thrown;
      error = { code: thrown.code, offset: thrown.offset, message: thrown.message };
    }
    if (error !== null || parser.complete) extra += parser.takeExtra().toString('latin1');
  };

  for (const piece of pieces) {
    const buffer = Buffer.from(piece);
    parser.receive(buffer);
    drain(buffer);
    buffer.fill('~');
  }
  parser.receiveEof();
  drain(Buffer.alloc(0));
  return { events, error, complete: parser.complete, extra };
}

/** Reads a response that the peer's close follows, in every split, and with pauses. */
export function readInEverySplit(
  wire: string | Buffer,
  options: Partial<ResponseParserOptions> = {},
): Reading {
  const octets = octetsOf(wire);
  const whole = sameInEverySplit(octets, (pieces) => readResponse(pieces, options));
  expect(readResponse([octets], options, true)).toEqual(whole);
  return whole;
}

/** The events of one type. */
export function eventsOf<Type extends ToldEvent['type']>(
  { events }: Pick<Reading, 'events'>,
  type: Type,
): Extract<ToldEvent, { type: Type }>[] {
  return events.filter((event): event is Extract<ToldEvent, { type: Type }> => event.type === type);
}

/** The content, one character per octet. */
export function contentOf(reading: Pick<Reading, 'events'>): string {
  return eventsOf(reading, 'content')
    .map(({ text }) => text)
    .join('');
}

/** Code and offset of each warning. */
export function warningsOf(reading: Pick<Reading, 'events'>): [code: string, offset: number | null][] {
  return eventsOf(reading, 'warning').map(({ code, offset }) => [code, offset]);
}
