import { ChunkedDecoder } from './chunked-decoder';
import {
  type EndOfMessage,
  type FieldLine,
  type Framing,
  MalformedResponse,
  type ResponseEvent,
  type Warn,
} from './events';
import { FieldSection, bareLf } from './field-section';
import { messageFraming } from './framing';
import { LENIENT_STATUS_LINE, REASON_PHRASE, STATUS_LINE, isBlank, trimOws } from './grammar';
import { Cursor, type Line, LineReader } from './line-reader';

/** RFC 9110 §15.2 sets no limit; a peer must not keep a client in 1xx for ever. */
const MAX_INFORMATIONAL = 32;
const HTTP_NAME = 'HTTP/';

export interface ResponseParserOptions {
  /** of the request that is being answered: decides whether content follows */
  readonly requestMethod: string;
  /** refuse all that RFC 9112 lets a recipient refuse, instead of accepting it with a warning */
  readonly strict: boolean;
  /** start line and field section, in octets; the trailer section has the same limit */
  readonly maxHeadBytes: number;
  readonly maxFieldLines: number;
  /** give each head's octets in `head.rawHead` */
  readonly keepRawHead: boolean;
}

interface StatusLine {
  readonly httpVersion: string;
  readonly status: number;
  readonly statusText: string;
}

/** Reads one response, RFC 9112, without I/O. Octets go in, events come out:
 *
 *      parser.receive(octets);
 *      for (let event = parser.next(); event !== null; event = parser.next()) …
 *
 *  `next` gives null when it needs more octets, and must have done so before `receive` is called again:
 *  the parser keeps no view of what it was given, so one buffer can be reused for every read. Who wants to stop before that
 *  has it `pause`, and goes on with `next` later.
 *  Time and memory are linear in the octets however they are split.
 *  The only error thrown is MalformedResponse; after it `next` gives null for ever. After `end` it gives one
 *  warning at most, when octets come that belong to no message; `takeExtra` has them. */
export class ResponseParser {
  private state: 'status-line' | 'fields' | 'body' | 'done' = 'status-line';
  private readonly cursor = new Cursor();
  private readonly lines = new LineReader();
  /** what has been found and not been told: warnings, then the event they were found with */
  private readonly found: ResponseEvent[] = [];
  /** how many of them have been told: taking them off the front would be quadratic */
  private told = 0;
  private failure: MalformedResponse | null = null;
  /** the line that was refused: what is extra begins with it, so that no octet is lost */
  private refused = '';
  private readonly warn: Warn = (code, message, offset) =>
    void this.found.push({ type: 'warning', code, message, offset });

  private eof = false;
  private nameChecked = false;
  private statusLine: StatusLine | null = null;
  private fields: FieldSection;
  private headBytes = 0;
  private rawHead = '';
  private informationals = 0;
  private emptyLines = 0;
  private extraTold = false;

  private framing: Framing | null = null;
  private remaining = 0;
  private chunked: ChunkedDecoder | null = null;

  constructor(private readonly options: ResponseParserOptions) {
    this.fields = new FieldSection(options, this.warn);
  }

  /** Whether the message has ended as its framing says. */
  get complete(): boolean {
    return this.state === 'done' && this.framing !== null;
  }

  /** Whether octets of a head have arrived that is not yet whole. */
  get insideHead(): boolean {
    return (
      this.state === 'fields' ||
      (this.state === 'status-line' && this.headBytes + this.lines.pendingBytes > 0)
    );
  }

  /** Octets consumed so far, from the first one received. */
  get offset(): number {
    return this.cursor.offset;
  }

  /** Takes the next octets received. They may be overwritten once `next` has given null. */
  receive(octets: Buffer): void {
    this.cursor.feed(octets);
  }

  /** Has the parser keep what it has not yet read, so that the octets may be overwritten.
   *  @returns false: not now, but after the next event */
  pause(): boolean {
    if (this.told < this.found.length) return false;
    this.cursor.keep();
    return true;
  }

  /** The peer will send nothing more. */
  receiveEof(): void {
    this.eof = true;
  }

  /** What was received and belongs to no part of the message, from a refused line on: given once. */
  takeExtra(): Buffer {
    const rest = this.cursor.take(this.cursor.available);
    if (this.refused === '') return rest;
    const extra = Buffer.concat([Buffer.from(this.refused, 'latin1'), rest]);
    this.refused = '';
    return extra;
  }

  /** @returns the next event, or null when more octets are needed or the message is over
   *  @throws MalformedResponse */
  next(): ResponseEvent | null {
    if (this.told === this.found.length && this.failure === null) this.find();
    const event = this.found[this.told];
    if (event !== undefined) {
      this.told++;
      return event;
    }
    const { failure } = this;
    this.failure = null;
    if (failure !== null) throw failure;
    return null;
  }

  private find(): void {
    this.found.length = 0;
    this.told = 0;
    try {
      const event = this.step();
      if (event !== null) this.found.push(event);
    } catch (error) {
      if (!(error instanceof MalformedResponse)) throw error;
      this.failure = error;
      this.refused = this.chunked === null ? this.lines.current : this.chunked.refused;
      this.state = 'done';
      this.framing = null;
    }
  }

  private step(): ResponseEvent | null {
    switch (this.state) {
      case 'status-line':
      case 'fields':
        return this.readHead();
      case 'body':
        return this.readBody();
      case 'done':
        this.tellExtra();
        return null;
    }
  }

  private readHead(): ResponseEvent | null {
    for (;;) {
      const line = this.lines.read(this.cursor, this.options.maxHeadBytes - this.headBytes);
      if (line === null) {
        this.checkPendingName();
        if (this.cursor.available === 0) return null;
        throw new MalformedResponse(
          `head is longer than ${this.options.maxHeadBytes} octets`,
          this.cursor.offset,
          'head-too-large',
        );
      }
      this.headBytes += line.bytes;
      if (this.options.keepRawHead) this.rawHead += line.text + (line.bareLf ? '\n' : '\r\n');
      if (this.state === 'status-line') this.readStatusLine(line);
      else if (this.fields.push(line)) return this.endHead(line);
    }
  }

  /** Refuses what is no HTTP as soon as it shows, rather than when a line ends or time runs out. */
  private checkPendingName(): void {
    if (this.state !== 'status-line' || this.nameChecked) return;
    const begin = this.lines.pending.slice(0, HTTP_NAME.length);
    if (begin === '\r') return;
    if (!HTTP_NAME.startsWith(begin)) throw notHttp(this.cursor.offset - this.lines.pendingBytes);
    this.nameChecked = begin.length === HTTP_NAME.length;
  }

  private readStatusLine(line: Line): void {
    const { text, offset } = line;
    const { strict } = this.options;
    // First of all, as checkPendingName: the same octets fail alike however they are split
    if (text !== '' && !text.startsWith(HTTP_NAME)) throw notHttp(offset);
    if (line.bareLf) bareLf(line, strict, this.warn);
    if (text === '') {
      // RFC 9112 §2.2 asks servers to ignore an empty line before the start line; clients meet them too
      if (++this.emptyLines > this.options.maxFieldLines)
        throw new MalformedResponse(
          `more than ${this.options.maxFieldLines} empty lines before the status line`,
          offset,
          'head-too-large',
        );
      this.warn('empty-line-before-status-line', 'empty line before the status line', offset);
      return;
    }
    let match = STATUS_LINE.exec(text);
    if (match === null && !strict) {
      match = LENIENT_STATUS_LINE.exec(trimOws(text));
      if (match !== null)
        this.warn('status-line-blanks', 'other blanks than one SP in the status line', offset);
    }
    if (match === null) throw new MalformedResponse('status line is malformed', offset);
    this.statusLine = this.checkStatusLine(match, offset);
    this.state = 'fields';
  }

  private checkStatusLine(match: RegExpExecArray, offset: number): StatusLine {
    const httpVersion = match[1]!;
    const [, , code, reason = ''] = match;
    if (httpVersion !== '1.1' && httpVersion !== '1.0') this.checkOddVersion(httpVersion, offset);
    const status = Number(code);
    if (status < 100) throw new MalformedResponse(`status code ${code} is below 100`, offset);
    // RFC 9110 §15: outside 100 to 599 is invalid, yet all clients take it
    if (status > 599) this.warn('status-code-out-of-range', `status code ${code} is above 599`, offset);
    if (reason === '') this.warn('missing-reason', 'status line without a reason phrase', offset);
    // One SP ends the status code and the phrase may begin with blanks; who splits at blanks sees another phrase
    else if (isBlank(reason.charCodeAt(0)))
      this.warn('blank-before-reason', 'more than one blank after the status code', offset);
    return { httpVersion, status, statusText: this.checkReason(reason, offset) };
  }

  private checkOddVersion(httpVersion: string, offset: number): void {
    if (httpVersion === '0.9')
      this.warn('unexpected-http-version', 'status line says HTTP/0.9, which has none', offset);
    // Lenient, as curl: scripts pass on the status line that an HTTP/2 origin's library made up for them
    else if ((httpVersion === '2' || httpVersion === '3') && !this.options.strict)
      this.warn(
        'unexpected-http-version',
        `HTTP/${httpVersion} has no status line: read as HTTP/1.1`,
        offset,
      );
    // Stricter than RFC 9110 §2.5, as curl, llhttp and undici: there is no HTTP/1.2 to be compatible with
    else throw new MalformedResponse(`HTTP/${httpVersion} is not spoken here`, offset);
  }

  private checkReason(reason: string, offset: number): string {
    if (REASON_PHRASE.test(reason)) return reason;
    if (this.options.strict || reason.includes('\0'))
      throw new MalformedResponse('control character in the reason phrase', offset);
    this.warn('control-in-reason', 'control character in the reason phrase', offset);
    return trimOws(reason.replaceAll('\r', ' '));
  }

  private endHead(line: Line): ResponseEvent {
    const { httpVersion, status, statusText } = this.statusLine!;
    const headers: readonly FieldLine[] = this.fields.fields;
    const { headBytes, rawHead } = this;
    const { requestMethod, strict, keepRawHead } = this.options;
    this.fields = new FieldSection(this.options, this.warn);
    this.headBytes = 0;
    this.rawHead = '';
    const framing = messageFraming(
      { requestMethod, status, httpVersion, headers, strict, offset: line.offset },
      this.warn,
    );
    if (status < 200 && status !== 101) {
      if (++this.informationals > MAX_INFORMATIONAL)
        throw new MalformedResponse(`more than ${MAX_INFORMATIONAL} informational responses`, line.offset);
      this.state = 'status-line';
      this.nameChecked = false;
      return { type: 'informational', status, statusText, headers };
    }
    this.framing = framing;
    this.state = 'body';
    if (framing.kind === 'content-length') this.remaining = framing.length;
    if (framing.kind === 'chunked')
      this.chunked = new ChunkedDecoder(
        { ...this.options, maxTrailerBytes: this.options.maxHeadBytes },
        this.warn,
      );
    return {
      type: 'head',
      status,
      statusText,
      httpVersion,
      headers,
      headBytes,
      rawHead: keepRawHead ? rawHead : null,
      framing,
    };
  }

  private readBody(): ResponseEvent | null {
    switch (this.framing!.kind) {
      case 'no-content':
        return this.end('no-content');
      case 'upgrade':
        return this.end('upgrade');
      case 'content-length': {
        if (this.remaining === 0) return this.end('content-length');
        if (this.cursor.available === 0) return null;
        const octets = this.cursor.take(this.remaining);
        this.remaining -= octets.length;
        return { type: 'content', octets };
      }
      case 'chunked':
        return this.readChunked();
      case 'until-close':
        if (this.cursor.available > 0)
          return { type: 'content', octets: this.cursor.take(this.cursor.available) };
        return this.eof ? this.end('close') : null;
    }
  }

  private readChunked(): ResponseEvent | null {
    const event = this.chunked!.next(this.cursor);
    if (event === 'over') return this.end('last-chunk');
    if (event === null && this.eof) this.chunked!.receiveEof(this.cursor.offset);
    return event;
  }

  private end(by: EndOfMessage['by']): EndOfMessage {
    this.state = 'done';
    return { type: 'end', by };
  }

  /** RFC 9112 §6.3: octets after the message are no message of their own, and may show that its length was wrong.
   *  After an upgrade they are the other protocol's. */
  private tellExtra(): void {
    if (this.framing === null || this.extraTold || this.cursor.available === 0) return;
    this.extraTold = true;
    if (this.framing.kind === 'no-content')
      this.warn(
        'content-after-no-content',
        'octets after a response that has no content',
        this.cursor.offset,
      );
    else if (this.framing.kind !== 'upgrade')
      this.warn('octets-after-message', 'octets after the end of the message', this.cursor.offset);
  }
}

function notHttp(offset: number): MalformedResponse {
  return new MalformedResponse('what arrived does not begin with "HTTP/"', offset);
}
