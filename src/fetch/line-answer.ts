import { once } from 'node:events';
import type { FastifyReply } from 'fastify';
import { turns } from '../event-loop/turns';
import type { OctetAccount } from '../exchange/octet-budget';
import { beginAnswer, cutSlowCaller, writeSlices } from './answer';

/** characters of lines that are worth a write before the event loop has gone round */
const FULL_CHARACTERS = 32_768;

/** An answer whose lines are written as they come, those of one turn of the event loop together. It begins with its first
 *  line: until then anything else can be answered. */
export class LineAnswer {
  private waiting = '';
  private flushing: NodeJS.Immediate | null = null;
  private draining: Promise<void> | null = null;
  private waitedBeforeMs = 0;
  /** on the clock of `performance.now()` */
  private waitingSince: number | null = null;
  private begun = false;
  private isEnding = false;

  /** @param caller aborts when the caller's connection is closed */
  constructor(
    private readonly reply: FastifyReply,
    private readonly mediaType: string,
    private readonly caller: AbortSignal,
  ) {}

  /** Whether a line has been written. */
  get hasBegun(): boolean {
    return this.begun;
  }

  /** Whether the caller takes its lines more slowly than they come. */
  get isFull(): boolean {
    return this.waiting.length >= FULL_CHARACTERS || this.reply.raw.writableNeedDrain;
  }

  /** Whether nobody is there to take what is written. */
  get isLost(): boolean {
    return this.caller.aborted;
  }

  /** @param line without its end */
  write(line: string): void {
    this.begin();
    this.waiting += `${line}\n`;
    this.flushing ??= setImmediate(() => this.flush());
  }

  /** Milliseconds for which somebody waited for the caller. */
  get waitedMs(): number {
    return this.waitedBeforeMs + (this.waitingSince === null ? 0 : performance.now() - this.waitingSince);
  }

  /** @param memory is lent meanwhile
   *  @returns when more can be written, or the caller has gone; others have their turn before */
  room(memory: OctetAccount): Promise<void> {
    this.flush();
    if (this.caller.aborted || !this.reply.raw.writableNeedDrain) return turns.take(() => undefined);
    this.draining ??= this.drain(memory);
    return this.draining;
  }

  private async drain(memory: OctetAccount): Promise<void> {
    this.waitingSince = performance.now();
    memory.lend(() => cutSlowCaller(this.reply.raw));
    try {
      await once(this.reply.raw, 'drain', { signal: this.caller });
    } catch (error) {
      if (!this.caller.aborted) throw error;
    } finally {
      // An answer that is over is lent to its end.
      if (!this.isEnding) memory.reclaim();
      this.draining = null;
      this.waitedBeforeMs = this.waitedMs;
      this.waitingSince = null;
    }
  }

  /** Writes the last line, and ends the answer.
   *  @param slices together the line without its end */
  async end(slices: AsyncIterable<string>): Promise<void> {
    this.isEnding = true;
    this.begin();
    this.flush();
    await writeSlices(this.reply.raw, withLineEnd(slices), this.caller);
  }

  private begin(): void {
    if (this.begun) return;
    this.begun = true;
    beginAnswer(this.reply.type(`${this.mediaType}; charset=utf-8`));
  }

  private flush(): void {
    if (this.flushing !== null) clearImmediate(this.flushing);
    this.flushing = null;
    const { waiting } = this;
    this.waiting = '';
    if (waiting !== '' && !this.reply.raw.destroyed) this.reply.raw.write(waiting);
  }
}

async function* withLineEnd(slices: AsyncIterable<string>): AsyncGenerator<string, void> {
  yield* slices;
  yield '\n';
}
