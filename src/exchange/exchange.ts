import { MalformedResponse, type ResponseEvent, type ResponseHead } from '../http1/events';
import { ResponseParser } from '../http1/response-parser';
import { hasField } from '../semantics/fields';
import { isRedirect } from '../semantics/redirect';
import type { Connection } from '../transport/connection';
import { type ConnectProgress, type Connector, newTrace } from '../transport/connector';
import { Deadlines } from '../transport/deadlines';
import { TransportFailure, tlsReason } from '../transport/failure';
import { type ReadEnd, readLoop } from '../transport/read-loop';
import { ReadLog, round3 } from '../transport/read-log';
import { type TlsSpec, certificateCode } from '../transport/tls';
import type { ContentListener } from './content-collector';
import type { FetchListener } from './fetch-listener';
import type { FetchSpec } from './fetch-spec';
import { MessageCollector } from './message-collector';
import type { OctetAccount } from './octet-budget';
import type { OctetStore } from './octet-store';
import type { EndedBy, ExchangeOutcome, Failure, FailureCode, Phase, SentRequest, Timings } from './outcome';

const MAX_FIELD_LINES = 1_000;
const MAX_EXTRA_BYTES = 65_536;
/** of a redirect's content, which few care for */
const MAX_REDIRECT_BYTES = 65_536;
/** written at a time: so much may still be on its way when an early response stops the sending */
const WRITE_BYTES = 65_536;
/** what came before time ran out is still decoded, if that takes no longer */
const DECODE_GRACE_MS = 100;

/** A request with its octets. */
export interface WritableRequest {
  readonly url: URL;
  readonly info: SentRequest;
  /** what goes over the wire, one after the other */
  readonly pieces: readonly Buffer[];
  /** dial this instead of resolving the URL's host */
  readonly address: string | null;
  readonly host: string;
  readonly port: number;
  /** null for http */
  readonly tls: TlsSpec | null;
}

export interface ExchangeContext {
  readonly connector: Connector;
  readonly spec: FetchSpec;
  /** when the whole chain must be over, on the clock of `performance.now()` */
  readonly totalDue: number;
  /** how long the hop waited before it began */
  readonly queueMs: number;
  /** whether it may still be sent */
  readonly holds: () => boolean;
  readonly signal: AbortSignal;
  /** is told what is held; closed by whoever opened it */
  readonly memory: OctetAccount;
  /** whether a redirect would be followed, so that its content matters little */
  readonly follows: boolean;
  /** is told what happens; null: nobody listens */
  readonly listener: FetchListener | null;
}

/** One request and one response over one connection. Whatever the target does becomes an outcome; nothing
 *  that was received is lost on any way out. */
export function exchange(request: WritableRequest, context: ExchangeContext): Promise<ExchangeOutcome> {
  return new Exchange(request, context).run();
}

class Exchange {
  private readonly startedAt = new Date();
  private readonly began = performance.now();
  private readonly deadlines: Deadlines;
  private readonly parser: ResponseParser;
  private readonly message: MessageCollector;
  private readonly log: ReadLog;
  private readonly received: OctetStore;
  private readonly extra: OctetStore;
  /** in the hops before, for memory and for the listener */
  private readonly waitedBeforeMs: number;
  private readonly listenedBeforeMs: number;
  private readonly trace = newTrace();

  private phase: Phase = 'policy';
  private until: FetchSpec['read']['until'];
  /** the response is a redirect that would be followed */
  private redirects = false;
  private connection: Connection | null = null;
  private malformed: MalformedResponse | null = null;
  /** of the phase, null: none */
  private limitMs: number | null = null;
  /** reading waits until what was read is decoded or taken, or there is memory for more */
  private held = false;
  /** the parser has octets that nobody has asked it for, because the listener was full */
  private unparsed = false;
  private stopReading: () => void = () => undefined;
  /** set when time ran out before what was read was decoded */
  private decodingEndedBy: 'total-timeout' | 'cancelled' | null = null;
  private connectedAt: number | null = null;
  private sentAt: number | null = null;
  private firstAt: number | null = null;

  constructor(
    private readonly request: WritableRequest,
    private readonly context: ExchangeContext,
  ) {
    const { spec, totalDue, signal, memory, listener } = context;
    this.waitedBeforeMs = memory.waitedMs;
    this.listenedBeforeMs = listener?.waitedMs ?? 0;
    this.deadlines = new Deadlines(totalDue, signal);
    this.until = spec.read.until;
    this.parser = new ResponseParser({
      requestMethod: request.info.method ?? 'GET',
      strict: spec.strict,
      maxHeadBytes: spec.read.maxHeadBytes,
      maxFieldLines: MAX_FIELD_LINES,
      keepRawHead: spec.include.rawHead,
    });
    this.message = new MessageCollector(
      {
        maxBodyBytes: spec.read.maxBodyBytes,
        keepContent: this.keepsContent && listener?.takesContent !== true,
        decodeContent: spec.decodeContent,
        overflowed: () => this.stopReading(),
        drained: () => this.release(),
        memory,
        listener: listener === null ? null : this.contentListener(listener),
      },
      (warning) => listener?.tell({ event: 'warning', warning }),
    );
    this.log = new ReadLog(spec.include.reads === 'full');
    // A head that waits for memory would wait longer than it takes to end, or to be refused.
    this.received = memory.uncountedStore(spec.read.maxHeadBytes);
    this.extra = memory.store(MAX_EXTRA_BYTES);
  }

  async run(): Promise<ExchangeOutcome> {
    try {
      const end = await this.converse();
      this.finishParsing(end);
      if (this.message.content.decoding) await this.finishDecoding(end);
      return this.conclude(end);
    } catch (error) {
      if (!(error instanceof TransportFailure)) throw error;
      return this.outcome(null, {
        code: error.code,
        phase: error.phase,
        message: error.message,
        cause: error.cause,
      });
    } finally {
      this.deadlines.close();
      this.connection?.destroy();
      this.held = false;
      this.message.content.cut();
    }
  }

  private async converse(): Promise<ReadEnd> {
    const { connector, spec, memory } = this.context;
    const { host, port, address, tls } = this.request;
    const { family } = spec.network;
    const { bufferBytes, maxReads } = spec.read;
    this.connection = await connector.open(
      { host, port, family, address, tls, nextReadBytes: () => memory.nextReadBytes(bufferBytes) },
      spec.timeouts,
      this.deadlines,
      this.trace,
      this.progress(),
    );
    this.connectedAt = performance.now();
    if (!this.context.holds())
      throw new TransportFailure(
        'cancelled',
        'connect',
        'the place at the host was lost before anything was sent',
      );
    this.noteTls();
    const reading = readLoop(this.connection, {
      startedAt: this.began,
      maxReads,
      log: this.log,
      deadlines: this.deadlines,
      take: (octets, now) => this.take(octets, now),
      onReading: (stop) => (this.stopReading = stop),
    });
    void this.send(this.connection);
    return reading;
  }

  private get keepsContent(): boolean {
    return this.context.spec.include.body !== 'none';
  }

  private contentListener(listener: FetchListener): ContentListener {
    return {
      get isFull() {
        return listener.isFull;
      },
      take: (octets, decoded) =>
        listener.tell({ event: 'content', octets, decoded, isFinal: !this.redirects }),
      room: () => listener.room(this.context.memory),
    };
  }

  private progress(): ConnectProgress | null {
    const { listener } = this.context;
    if (listener === null) return null;
    return {
      resolved: (host, addresses) => listener.tell({ event: 'resolved', host, addresses }),
      connected: (endpoints, attempts) => listener.tell({ event: 'connected', endpoints, attempts }),
      secured: (tls) => listener.tell({ event: 'secured', tls }),
    };
  }

  private noteTls(): void {
    const { security } = this.trace;
    if (security === null) return;
    // Only without `tls.verify` does it come to this.
    const { authorizationError, authorizationMessage } = security;
    if (authorizationError !== null) this.warn(certificateCode(authorizationError), authorizationMessage!);
    // RFC 7301 §3.2: what the peer chose is what is to be spoken from here on
    if (security.alpn !== null && !security.alpn.startsWith('http/1.'))
      this.warn(
        'alpn-not-http11',
        `the peer chose ${security.alpn} by ALPN; HTTP/1.1 is spoken all the same`,
      );
  }

  // --- sending

  /** Writes the request piece by piece, until it is out or a response makes the rest pointless. */
  private async send(connection: Connection): Promise<void> {
    this.enter('send', this.context.spec.timeouts.sendMs);
    try {
      for (const piece of this.request.pieces)
        for (let at = 0; at < piece.length && this.phase === 'send'; at += WRITE_BYTES)
          await connection.write(piece.subarray(at, at + WRITE_BYTES));
    } catch {
      // The request will never be fully sent; what the peer said before it closed is still to be read.
      return;
    }
    if (this.phase !== 'send') return;
    this.sentAt = performance.now();
    this.context.listener?.tell({ event: 'sent', request: this.request.info });
    this.awaitResponse();
  }

  private awaitResponse(): void {
    if (this.parser.insideHead) this.enter('head', this.context.spec.timeouts.idleMs);
    else this.enter('wait', this.context.spec.timeouts.firstByteMs);
  }

  private enter(phase: Phase, limitMs: number | null): void {
    this.phase = phase;
    this.limitMs = limitMs;
    this.startClock();
  }

  /** While nothing is read, silence is not the peer's; what is sent goes on. */
  private startClock(): void {
    this.deadlines.start(this.held && this.phase !== 'send' ? null : this.limitMs);
  }

  // --- receiving

  /** @returns whether that was enough */
  private take(octets: Buffer, now: number): boolean {
    this.firstAt ??= now;
    if (this.context.spec.include.reads === 'full')
      this.context.listener?.tell({ event: 'read', bytes: octets.length, at: now });
    // While the request is being sent its own limit runs, whatever comes in.
    if (this.phase === 'head' || this.phase === 'receive') this.deadlines.touch(now);
    if (this.consume(octets)) return true;
    if (this.isFull) this.hold();
    return false;
  }

  /** @returns whether that was enough */
  private consume(octets: Buffer): boolean {
    this.parseRest();
    if (this.malformed !== null || this.message.endedBy !== null) return this.keepExtra(octets);
    this.parser.receive(octets);
    this.parse();
    // Evidence for a problem: there is no head, or it redirects to where it may be refused.
    if (this.message.head === null || this.redirects) this.received.append(octets);
    return this.advance();
  }

  /** @returns whether what was parsed is enough */
  private advance(): boolean {
    if (this.message.head === null && this.malformed === null) this.advanceHead();
    return this.enough();
  }

  /** Content comes faster than it is decoded, than others give memory back, or than it is taken. */
  private get isFull(): boolean {
    const { memory, listener } = this.context;
    return this.message.content.full || memory.overdrawn || listener?.isFull === true;
  }

  private hold(): void {
    if (this.held) return;
    this.held = true;
    this.connection!.pause();
    this.startClock();
    this.release();
  }

  /** Reads on, if there is room again. */
  private release(): void {
    if (!this.held || this.message.content.full) return;
    const { memory, listener } = this.context;
    if (memory.overdrawn) void this.releaseAfter(memory.covered());
    else if (listener?.isFull === true) void this.releaseAfter(listener.room(memory));
    else this.readOn();
  }

  private async releaseAfter(room: Promise<void>): Promise<void> {
    await room;
    if (this.held) this.release();
  }

  /** What was read before comes first. */
  private readOn(): void {
    if (this.unparsed) {
      this.parse();
      if (this.advance()) {
        this.stopReading();
        return;
      }
      if (this.isFull) {
        this.release();
        return;
      }
    }
    this.held = false;
    this.startClock();
    this.connection!.resume();
  }

  private silenceLimit(): number | null {
    return this.until === 'close' ? null : this.context.spec.timeouts.idleMs;
  }

  /** The parser warns of octets after the message, and gives them back as extra. */
  private keepExtra(octets: Buffer): boolean {
    this.parser.receive(octets);
    this.parse();
    return false;
  }

  /** Takes what the parser finds, as long as there is room for it with whoever listens: of small chunks a thousand times as
   *  much is told as was read. */
  private parse(hasRoom = (): boolean => this.context.listener?.isFull !== true): void {
    this.unparsed = false;
    try {
      for (let event = this.parser.next(); event !== null; event = this.parser.next()) {
        this.message.take(event);
        this.tell(event);
        if (event.type === 'head') this.beginContent(event);
        if (event.type === 'informational') this.passInformational();
        if (this.message.content.overflowed) return;
        if (!hasRoom() && this.parser.pause()) {
          this.unparsed = true;
          return;
        }
      }
    } catch (error) {
      if (!(error instanceof MalformedResponse)) throw error;
      this.malformed = error;
    }
    if (this.malformed !== null || this.message.endedBy !== null) this.extra.append(this.parser.takeExtra());
  }

  /** Takes what was read, whether there is room for it or not: none of it is to be lost. */
  private parseRest(): void {
    if (this.unparsed) this.parse(() => true);
  }

  /** What the collector does not tell by itself. */
  private tell(event: ResponseEvent): void {
    const { listener } = this.context;
    if (listener === null) return;
    if (event.type === 'informational') listener.tell({ event: 'informational', response: event });
    if (event.type === 'head') listener.tell({ event: 'head', head: event });
    if (event.type === 'transfer-chunk')
      listener.tell({ event: 'transfer-chunk', size: event.size, extension: event.extension });
  }

  /** Each 1xx head has limits of its own: so many of the largest would be more than anybody wants to keep.
   *  @throws MalformedResponse */
  private passInformational(): void {
    const { informationalBytes, informationalLines } = this.message;
    const { maxHeadBytes } = this.context.spec.read;
    if (informationalBytes > maxHeadBytes || informationalLines > MAX_FIELD_LINES)
      throw new MalformedResponse(
        `informational responses hold more than ${maxHeadBytes} octets or ${MAX_FIELD_LINES} field lines together`,
        this.parser.offset,
        'head-too-large',
      );
    // firstByteMs begins anew after each 1xx.
    if (this.phase !== 'send') this.awaitResponse();
  }

  /** The first octets of a head, when nothing is left to send, begin the phase in which silence counts. */
  private advanceHead(): void {
    if (this.phase === 'wait' && this.parser.insideHead)
      this.enter('head', this.context.spec.timeouts.idleMs);
  }

  private beginContent(head: ResponseHead): void {
    const { spec, follows } = this.context;
    if (this.phase === 'send')
      this.warn('request-not-fully-sent', 'the response came before the request was fully sent');
    if (head.status === 101 && !hasField(this.request.info.headers, 'upgrade')) this.unaskedUpgrade();
    if (follows && isRedirect(head.status, head.headers)) {
      this.redirects = true;
      this.until = 'complete';
      this.message.content.limit(Math.min(MAX_REDIRECT_BYTES, spec.read.maxBodyBytes), this.keepsContent);
    } else {
      this.context.memory.free(this.received);
    }
    this.enter('receive', this.silenceLimit());
  }

  /** RFC 9110 §15.2.2: 101 answers an Upgrade */
  private unaskedUpgrade(): void {
    if (this.context.spec.strict) {
      this.message.head = null;
      throw new MalformedResponse('101 was not asked for', this.parser.offset);
    }
    this.warn('unasked-upgrade', '101 without an Upgrade in the request');
  }

  private enough(): boolean {
    if (this.message.content.overflowed) return true;
    const over = this.malformed !== null || this.message.endedBy !== null;
    return over && (this.until === 'complete' || this.message.head === null);
  }

  private warn(code: string, message: string): void {
    this.message.warn({ code, message, offset: null });
  }

  // --- concluding

  /** The peer's FIN can end a message, or show that it never will. */
  private finishParsing(end: ReadEnd): void {
    this.parseRest();
    if (end.by !== 'close' || this.malformed !== null || this.message.endedBy !== null) return;
    this.parser.receiveEof();
    this.parse();
  }

  /** What was received is decoded before the outcome is told, unless time runs out. */
  private async finishDecoding({ by }: ReadEnd): Promise<void> {
    const { content } = this.message;
    this.held = false;
    this.connection!.destroy();
    const grace = performance.now() + DECODE_GRACE_MS;
    // Nobody waits any more for what is cancelled, however much time it had.
    const due = by === 'cancelled' ? grace : Math.max(this.context.totalDue, grace);
    const signal = by === 'cancelled' ? new AbortController().signal : this.context.signal;
    const deadlines = new Deadlines(due, signal);
    deadlines.listen((why) => {
      this.decodingEndedBy = by === 'cancelled' || why === 'cancelled' ? 'cancelled' : 'total-timeout';
      content.cut();
    });
    try {
      await content.end();
    } finally {
      deadlines.close();
    }
  }

  private conclude(end: ReadEnd): ExchangeOutcome {
    const { head } = this.message;
    if (head === null) return this.outcome(null, this.headFailure(end));
    const endedBy = this.endedBy(end);
    // RFC 9112 §9.8: without a close_notify the message may have been cut; the runtime does not tell.
    if (this.message.endedBy === 'close' && this.request.tls !== null)
      this.warn(
        'tls-close-unverified',
        'the close that ends the content cannot be told from a cut connection',
      );
    return this.outcome(endedBy, this.contentFailure(endedBy, end));
  }

  private endedBy(end: ReadEnd): EndedBy {
    const { content, endedBy } = this.message;
    if (content.overflowed) return 'size-limit';
    // What its framing says of a message that is not whole comes first.
    if (content.isCut && endedBy !== null && this.decodingEndedBy !== null) return this.decodingEndedBy;
    switch (end.by) {
      case 'enough':
        return endedBy ?? 'parse-error';
      case 'close':
        return this.malformed !== null && this.until === 'complete' ? 'parse-error' : 'close';
      case 'phase':
        return 'idle-timeout';
      case 'total':
        return 'total-timeout';
      case 'reset':
      case 'read-limit':
      case 'cancelled':
        return end.by;
    }
  }

  /** null for a message that is whole, in its framing and in its codings */
  private contentFailure(endedBy: EndedBy, end: ReadEnd): Failure | null {
    const { content } = this.message;
    const framed = this.message.endedBy !== null;
    if (!content.overflowed) {
      if (this.malformed !== null)
        return { code: 'malformed-response', phase: 'receive', message: this.malformed.message };
      if (framed && content.failure !== null)
        return { code: 'content-decoding-failed', phase: 'decode', message: content.failure };
      if (framed && !content.isCut) return null;
    }
    if (endedBy === 'reset' && end.by === 'reset')
      return {
        code: 'connection-reset',
        phase: 'receive',
        message: `${brokenBy(end.error)} before the end of the message`,
      };
    const [code, message] = CONTENT_FAILURES[endedBy] ?? CONTENT_FAILURES.close!;
    return { code, phase: content.isCut && framed ? 'decode' : 'receive', message };
  }

  private headFailure(end: ReadEnd): Failure {
    if (this.malformed !== null)
      return { code: this.malformed.code, phase: 'head', message: this.malformed.message };
    const phase = this.parser.insideHead ? 'head' : this.phase;
    switch (end.by) {
      case 'reset':
        return brokenBeforeHead(end.error, phase);
      case 'read-limit':
        return {
          code: 'head-too-large',
          phase,
          message: `the head was not whole after maxReads (${this.log.count}) reads`,
        };
      case 'total':
        return { code: 'total-timeout', phase, message: 'totalMs ran out before a response head was whole' };
      case 'cancelled':
        return { code: 'cancelled', phase, message: 'the fetch was cancelled' };
      case 'phase':
        return this.silence();
      case 'close':
      case 'enough':
        return {
          code: 'connection-closed',
          phase,
          message:
            phase === 'head'
              ? 'the peer closed the connection within the head'
              : 'the peer closed the connection without an answer',
        };
    }
  }

  private silence(): Failure {
    const { sendMs, firstByteMs, idleMs } = this.context.spec.timeouts;
    switch (this.phase) {
      case 'send':
        return { code: 'send-timeout', phase: 'send', message: `not sent within sendMs (${sendMs})` };
      case 'wait':
        return {
          code: 'first-byte-timeout',
          phase: 'wait',
          message: `nothing came within firstByteMs (${firstByteMs})`,
        };
      default:
        return {
          code: 'head-timeout',
          phase: 'head',
          message: `silence within the head for idleMs (${idleMs})`,
        };
    }
  }

  private outcome(endedBy: EndedBy | null, failure: Failure | null): ExchangeOutcome {
    const { message, request, trace } = this;
    const { head } = message;
    this.noteWaiting();
    const endedAt = performance.now();
    return {
      url: request.url,
      startedAt: this.startedAt,
      request: request.info,
      head,
      informational: message.informational,
      trailers: message.trailers,
      // Who keeps cookies tells of them: withCookies
      cookies: [],
      content: message.content.octets,
      wireBytes: message.content.wireBytes,
      contentCodings: message.content.codings,
      decoded: message.content.decoded,
      extra: this.extra,
      received: this.received,
      bufferBytes: this.context.spec.read.bufferBytes,
      reads: this.log.statistics(),
      transferCoding: message.transferCoding(),
      complete: failure === null,
      endedBy,
      timings: this.timings(endedAt),
      endpoints: trace.endpoints,
      attempts: trace.attempts,
      layer: request.tls === null ? 'tcp' : 'tls',
      tls: trace.security,
      warnings: message.endWarnings(),
      failure,
    };
  }

  /** What was waited for here is not the peer's slowness. */
  private noteWaiting(): void {
    const { memory, listener } = this.context;
    const forMemory = memory.waitedMs - this.waitedBeforeMs;
    const forCaller = (listener?.waitedMs ?? 0) - this.listenedBeforeMs;
    if (forMemory >= 1)
      this.warn('waited-for-memory', `reading waited ${Math.ceil(forMemory)} ms for memory of this service`);
    if (forCaller >= 1)
      this.warn(
        'waited-for-caller',
        `reading waited ${Math.ceil(forCaller)} ms for the caller to take what came`,
      );
  }

  /** A response that begins before the request is out ends the sending for the clock as well. */
  private timings(endedAt: number): Timings {
    const { dns, connect, tls } = this.trace;
    const { connectedAt, sentAt, firstAt } = this;
    const phases: number[] = [dns ?? 0, connect ?? 0, tls ?? 0];
    let send: number | null = null;
    let wait: number | null = null;
    let receive: number | null = null;
    if (connectedAt !== null) {
      const sendEnd = Math.min(sentAt ?? endedAt, firstAt ?? endedAt);
      send = round3(sendEnd - connectedAt);
      if (sentAt !== null || firstAt !== null) wait = round3((firstAt ?? endedAt) - sendEnd);
      if (firstAt !== null) receive = round3(endedAt - firstAt);
      phases.push(send, wait ?? 0, receive ?? 0);
    }
    const queue = round3(this.context.queueMs);
    return { queue, dns, connect, tls, send, wait, receive, total: round3(phases.reduce((a, b) => a + b)) };
  }
}

/** A peer that wants a certificate it did not get says so by an alert after the handshake (RFC 8446 §4.4.2.4). */
function brokenBeforeHead(error: NodeJS.ErrnoException, phase: Phase): Failure {
  if (error.code?.includes('_ALERT_') !== true)
    return { code: 'connection-reset', phase, message: brokenBy(error), cause: error };
  const message = `the peer broke off after the TLS handshake: ${tlsReason(error)}`;
  return { code: 'tls-handshake-failed', phase, message, cause: error };
}

function brokenBy(error: NodeJS.ErrnoException): string {
  return error.code?.startsWith('ERR_SSL_') === true
    ? `TLS broke off: ${tlsReason(error)}`
    : 'the peer reset the connection';
}

const CONTENT_FAILURES: Partial<Record<EndedBy, readonly [FailureCode, string]>> = {
  close: ['connection-closed', 'the peer closed the connection before the end of the message'],
  'idle-timeout': ['idle-timeout', 'silence for idleMs before the end of the message'],
  'total-timeout': ['total-timeout', 'totalMs ran out before the end of the message'],
  'size-limit': ['size-limit', 'the content is longer than was to be kept'],
  'read-limit': ['read-limit', 'maxReads was reached before the end of the message'],
  cancelled: ['cancelled', 'the fetch was cancelled: its caller left, or the service is stopping'],
};
