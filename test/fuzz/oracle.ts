import { MalformedResponse, type ResponseEvent, type ResponseHead } from '../../src/http1/events';
import { ResponseParser, type ResponseParserOptions } from '../../src/http1/response-parser';

/** Warnings: two for each line of one octet. Events: one for each piece of content, and a few more. */
const EVENTS_AN_OCTET = 3;
const FEW_EVENTS = 8;

export type ParserMaker = (options: ResponseParserOptions) => ResponseParser;

export const makeParser: ParserMaker = (options) => new ResponseParser(options);

interface Place {
  /** octets consumed when it was told */
  readonly offset: number;
}

/** What a parser made of some octets and the close that followed them. */
interface Told {
  /** all that has to be the same however the octets are split */
  readonly signature: string;
  readonly content: string;
  readonly extra: string;
  readonly complete: boolean;
  readonly error: MalformedResponse | null;
  readonly events: number;
  /** octets consumed in the end */
  readonly offset: number;
  readonly warningOffsets: readonly (number | null)[];
  readonly headStart: number;
  readonly head: (ResponseHead & Place) | null;
  readonly chunkSizes: readonly number[];
  readonly lastChunk: boolean;
  readonly end: Place | null;
}

/** Sizes of reads, used in turn. */
export type Split = readonly number[];

/** Judges what a parser makes of some octets.
 *  @param splits each has to give what the whole gives
 *  @returns what is wrong, or null */
export function complaintOf(
  octets: Buffer,
  options: ResponseParserOptions,
  splits: readonly Split[],
  make: ParserMaker = makeParser,
): string | null {
  try {
    const whole = read(octets, options, [octets.length], make);
    const wrong = unsoundness(octets, whole);
    if (wrong !== null) return wrong;
    for (const split of splits) {
      const { signature } = read(octets, options, split, make);
      if (signature !== whole.signature)
        return `reads by ${split.join(', ')} make another reply of it\n  whole: ${whole.signature}\n  split: ${signature}`;
    }
    return null;
  } catch (error) {
    return `threw ${String(error)}`;
  }
}

function read(octets: Buffer, options: ResponseParserOptions, split: Split, make: ParserMaker): Told {
  const parser = make(options);
  // overwritten as it is consumed: who keeps a view of it is found out
  const buffer = Buffer.from(octets);
  const warningOffsets: (number | null)[] = [];
  const chunkSizes: number[] = [];
  let signature = '';
  let content = '';
  let extra = '';
  let events = 0;
  let error: MalformedResponse | null = null;
  let headStart = 0;
  let head: Told['head'] = null;
  let lastChunk = false;
  let end: Told['end'] = null;

  const note = (event: ResponseEvent): void => {
    const { offset } = parser;
    switch (event.type) {
      case 'content':
        content += event.octets.toString('latin1');
        return;
      case 'warning':
        warningOffsets.push(event.offset);
        signature += `${event.code} ${event.offset} ${event.message};`;
        return;
      case 'informational':
        headStart = offset;
        break;
      case 'head':
        head = { ...event, offset };
        break;
      case 'transfer-chunk':
        chunkSizes.push(event.size);
        break;
      case 'last-chunk':
        lastChunk = true;
        break;
      case 'trailers':
        break;
      case 'end':
        end = { offset };
        break;
    }
    signature += `${offset}${JSON.stringify(event)};`;
  };
  const drain = (): void => {
    try {
      for (let event = parser.next(); event !== null; event = parser.next()) {
        events++;
        note(event);
      }
    } catch (thrown) {
      if (!(thrown instanceof MalformedResponse)) throw thrown;
      error = thrown;
      signature += `${thrown.code} ${thrown.offset} ${thrown.message};`;
    }
    if (error !== null || parser.complete) {
      const rest = parser.takeExtra();
      extra += rest.toString('latin1');
    }
  };

  for (let at = 0, turn = 0; at < buffer.length; turn++) {
    const piece = buffer.subarray(at, at + split[turn % split.length]!);
    parser.receive(piece);
    drain();
    piece.fill(0x7e);
    at += piece.length;
  }
  parser.receiveEof();
  drain();
  const { complete, offset } = parser;
  signature += `${complete} ${offset} ${content.length} ${content};${extra}`;
  return {
    signature,
    content,
    extra,
    complete,
    error,
    events,
    offset,
    warningOffsets,
    headStart,
    head,
    chunkSizes,
    lastChunk,
    end,
  };
}

/** Accounts for every octet: each is in a head, in the content, in the framing, or extra. */
function unsoundness(octets: Buffer, told: Told): string | null {
  const wire = octets.toString('latin1');
  const { content, extra, error, head, end } = told;
  if (told.events > EVENTS_AN_OCTET * wire.length + FEW_EVENTS) return `${told.events} events`;
  if (told.offset !== wire.length) return `${told.offset} of ${wire.length} octets were consumed`;
  for (const offset of told.warningOffsets)
    if (offset === null || offset < 0 || offset > wire.length) return `a warning is at ${offset}`;
  if (told.complete !== (end !== null)) return 'complete is not what its end says';
  if (!wire.endsWith(extra)) return 'what is extra is not the end of what was received';

  const consumed = wire.length - extra.length;
  if (error !== null && (error.offset < consumed || error.offset > wire.length))
    return `the error is at ${error.offset}, what was refused from ${consumed}`;
  if (error === null && end === null && extra !== '') return 'extra without an end or an error';
  if (end !== null && end.offset !== consumed) return `the end is at ${end.offset}, extra from ${consumed}`;
  if (head === null) return content === '' ? null : 'content without a head';
  if (head.headBytes !== head.offset - told.headStart) return `headBytes is ${head.headBytes}`;
  if (head.rawHead !== wire.slice(told.headStart, head.offset)) return 'rawHead is not what was received';
  return miscounted(wire, told, head, consumed);
}

function miscounted(wire: string, told: Told, head: ResponseHead & Place, consumed: number): string | null {
  const { content } = told;
  switch (head.framing.kind) {
    case 'no-content':
    case 'upgrade':
      return content === '' && consumed === head.offset ? null : 'content where there is none';
    case 'content-length':
      if (content !== wire.slice(head.offset, consumed)) return 'content is not what was received';
      if (content.length > head.framing.length) return 'content is longer than Content-Length';
      return told.complete === (content.length === head.framing.length)
        ? null
        : 'Content-Length was not kept to';
    case 'until-close':
      return told.complete && content === wire.slice(head.offset) ? null : 'content is not what was received';
    case 'chunked':
      return miscountedChunks(wire, told, head.offset, consumed);
  }
}

/** Walks the chunks that were told once more, and looks whether they are there. */
function miscountedChunks(wire: string, told: Told, from: number, consumed: number): string | null {
  let at = from;
  let content = '';
  for (const size of told.chunkSizes) {
    if (Number.parseInt(wire.slice(at, at + 16), 16) !== size) return `there is no chunk of ${size} at ${at}`;
    const data = wire.indexOf('\r\n', at) + 2;
    at = Math.min(data + size, wire.length);
    content += wire.slice(data, at);
    // what follows chunk-data may be missing, or be what was refused
    for (const octet of '\r\n') if (at < consumed && wire[at] === octet) at++;
  }
  if (content !== told.content) return 'content is not that of the chunks';
  if (told.lastChunk) {
    if (Number.parseInt(wire.slice(at, at + 16), 16) !== 0) return `there is no last-chunk at ${at}`;
    return consumed > at ? null : 'the last-chunk was refused';
  }
  if (told.complete) return 'complete without a last-chunk';
  return told.error === null || consumed === at ? null : `octets from ${at} to ${consumed} are lost`;
}
