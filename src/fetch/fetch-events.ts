import type { FetchEvent, FetchListener } from '../exchange/fetch-listener';
import type { OctetAccount } from '../exchange/octet-budget';
import type { FetchSpec } from '../exchange/fetch-spec';
import type { FetchOutcome } from '../exchange/outcome';
import type { CharsetDecision } from '../semantics/charset';
import { round3 } from '../transport/read-log';
import type { FetchEventDto } from './dto/fetch-event.dto';
import { type Said, toEvent } from './fetch-event.mapper';
import type { LineAnswer } from './line-answer';
import { StreamedContent } from './streamed-content';

type Content = Extract<FetchEvent, { readonly event: 'content' }>;

/** Tells a caller of its fetch while it runs, a line an event. */
export class FetchEvents implements FetchListener {
  private hop = -1;
  /** on the clock of `performance.now()` */
  private startedAt = performance.now();
  /** that of the final response, when it is given piece by piece */
  private content: StreamedContent | null = null;
  /** content that came when there was no room for lines */
  private untold: Content | null = null;

  constructor(
    private readonly spec: FetchSpec,
    private readonly lines: LineAnswer,
  ) {}

  get takesContent(): boolean {
    return this.contentAs !== null;
  }

  get isFull(): boolean {
    return this.lines.isFull;
  }

  get waitedMs(): number {
    return this.lines.waitedMs;
  }

  get hasBegun(): boolean {
    return this.lines.hasBegun;
  }

  room(memory: OctetAccount): Promise<void> {
    return this.lines.room(memory);
  }

  nextExchange(): void {
    this.hop++;
    if (this.hop === 0) this.startedAt = performance.now();
  }

  /** Told when there is room, but for what is left when time is over while the caller is behind: it was read, and is not to
   *  be lost. Its content is gathered into one piece, and the lines of its chunks are left out, which would be many times as
   *  long as what they tell. */
  tell(event: FetchEvent): void {
    if (this.lines.isLost) return;
    if (this.isFull) {
      if (event.event === 'transfer-chunk') return;
      if (event.event === 'content' && event.isFinal) {
        this.gather(event);
        return;
      }
    }
    this.tellUntold();
    if (event.event === 'content') this.tellContent(event);
    else this.write(toEvent(event, this.spec), event.event === 'read' ? event.at : performance.now());
    if (event.event === 'head' && this.contentAs !== null)
      this.content = new StreamedContent(this.contentAs, event.head, (decision) =>
        this.tellWarnings(decision),
      );
  }

  /** The fetch is over: tells what is left of its text.
   *  @returns how its content was read; null when the result has it, or there is none */
  endContent({ last, failure }: FetchOutcome): CharsetDecision | null {
    this.tellUntold();
    if (this.content === null || failure !== null) return null;
    const { content, complete } = last;
    const { text, decision } = this.content.end(content.total > content.bytes || !complete);
    // Who is given content piece by piece is told that it is empty, too.
    if (text !== '' || content.bytes === 0) this.writeContent(0, text);
    return decision;
  }

  /** The beginning of the line of an event: what it is about is to follow, and a brace.
   *  @param subject name of the field that holds it */
  lastLine(subject: 'result' | 'problem'): string {
    return `${JSON.stringify(this.stamped(subject, {})).slice(0, -1)},"${subject}":`;
  }

  private get contentAs(): 'text' | 'base64' | null {
    const { body } = this.spec.include;
    return body === 'text' || body === 'base64' ? body : null;
  }

  private gather({ octets, ...how }: Content): void {
    const before = this.untold === null ? [] : [this.untold.octets];
    this.untold = { ...how, octets: Buffer.concat([...before, octets]) };
  }

  private tellUntold(): void {
    const { untold } = this;
    this.untold = null;
    if (untold !== null) this.tellContent(untold);
  }

  private tellContent({ octets, decoded, isFinal }: Content): void {
    const piece = isFinal && this.content !== null ? this.content.take(octets, decoded) : null;
    this.writeContent(octets.length, piece);
  }

  private writeContent(bytes: number, piece: string | null): void {
    this.write({
      event: 'chunk',
      bytes,
      text: this.contentAs === 'text' ? piece : null,
      base64: this.contentAs === 'base64' ? piece : null,
    });
  }

  private tellWarnings({ warnings }: CharsetDecision): void {
    for (const warning of warnings) this.write({ event: 'warning', ...warning });
  }

  private write({ event, ...more }: Said<FetchEventDto>, at = performance.now()): void {
    this.lines.write(JSON.stringify(this.stamped(event, more, at)));
  }

  private stamped(event: string, more: object, at = performance.now()): object {
    const atMs = round3(at - this.startedAt);
    return { event, atMs, hop: Math.max(0, this.hop), ...more };
  }
}
