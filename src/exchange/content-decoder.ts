import type { Coding } from '../semantics/content-coding';
import { type WarnOfCoding, undo } from './content-undoing';
import { DecodingCut, DecodingFailure, Engines } from './decoding-engine';
import type { OctetAccount } from './octet-budget';

/** How decoding ended. */
export type DecodingEnd =
  /** every coding reached its own end */
  | { readonly by: 'end' }
  | { readonly by: 'failure'; readonly message: string }
  /** `take` had enough, or a coding within others made more than `maxBytes` */
  | { readonly by: 'size-limit' }
  | { readonly by: 'cut' };

export interface ContentDecoderOptions {
  /** in the order they were applied */
  readonly codings: readonly Coding[];
  /** the most octets that any coding but the innermost may be undone to */
  readonly maxBytes: number;
  /** Takes decoded octets, which it may keep. Nothing more is decoded before it has.
   *  @returns whether to go on */
  readonly take: (octets: Buffer) => boolean | Promise<boolean>;
  /** After `full` was true: there is room again. */
  readonly drained: () => void;
  /** Called once; `end` resolves when it has. */
  readonly ended: (end: DecodingEnd) => Promise<void>;
  readonly warn: WarnOfCoding;
  /** is told what decoding holds beside what `take` keeps; decoding waits for it */
  readonly memory: OctetAccount;
}

/** coded octets that may wait before whoever pushes them should pause, and go on */
const MAX_PENDING_BYTES = 65_536;
const LOW_PENDING_BYTES = 16_384;
/** decoded at a time: so much is decoded again, or lost, when there is damage in it */
const PIECE_BYTES = 16_384;
/** Stricter than any coding: so much of which nothing comes, names in headers for instance, is none. All of it is kept
 *  until something does. */
const MAX_FRUITLESS_BYTES = 1_048_576;

/** Undoes the content codings of one message while it comes in: coded octets are pushed, decoded ones are given
 *  to `take`. Decoding runs on the runtime's threads. Memory is bounded whatever is decoded: each coding waits
 *  until what it made has been taken by the next. */
export class ContentDecoder {
  private readonly queue: OctetQueue;
  private readonly engines: Engines;
  private readonly running: Promise<void>;
  private isFull = false;
  private isOver = false;
  /** something was decoded */
  private bearsFruit = false;

  constructor(private readonly options: ContentDecoderOptions) {
    this.queue = new OctetQueue(() => this.noteTaken());
    this.engines = new Engines(options.memory);
    this.running = this.run();
    // Whoever awaits `end` is told.
    this.running.catch(() => undefined);
  }

  /** Whether whoever pushes should wait until `drained`. */
  get full(): boolean {
    return this.isFull;
  }

  /** octets that decoding has begun with, or is done with */
  get takenBytes(): number {
    return this.queue.takenBytes;
  }

  /** @param octets are copied */
  push(octets: Buffer): void {
    if (this.isOver) return;
    this.queue.push(octets);
    if (this.queue.bytes > MAX_PENDING_BYTES) this.isFull = true;
  }

  /** No more octets will come.
   *  @returns when all that were pushed have been dealt with */
  end(): Promise<void> {
    this.queue.end();
    return this.running;
  }

  /** Gives up: at most what a thread is at is waited for. */
  cut(): void {
    this.queue.cut();
    this.engines.cut();
  }

  private async run(): Promise<void> {
    try {
      const end = await this.decode();
      this.isOver = true;
      await this.options.ended(end);
    } finally {
      this.isOver = true;
      this.queue.cut();
      this.noteTaken();
    }
  }

  private async decode(): Promise<DecodingEnd> {
    try {
      for await (const octets of this.decoded()) {
        this.bearsFruit = true;
        if (!(await this.options.take(octets))) return SIZE_LIMIT;
      }
      return { by: 'end' };
    } catch (error) {
      if (error instanceof DecodingFailure) return { by: 'failure', message: error.message };
      if (error instanceof LayerOverflow) return SIZE_LIMIT;
      if (error instanceof DecodingCut) return { by: 'cut' };
      throw error;
    }
  }

  private decoded(): AsyncGenerator<Buffer, void> {
    const { codings, maxBytes, warn } = this.options;
    // RFC 9110 §8.4: codings are listed "in the order in which they were applied"
    const [outermost, ...others] = codings.toReversed();
    return others.reduce(
      (octets, coding) => undo(coding, limited(octets, maxBytes), this.engines, warn),
      undo(outermost!, this.fruitful(outermost!), this.engines, warn),
    );
  }

  /** The coded octets, as long as something comes of them.
   *  @throws (in the generator) DecodingFailure */
  private async *fruitful(outermost: Coding): AsyncGenerator<Buffer, void> {
    for await (const octets of this.queue.octets()) {
      if (!this.bearsFruit && this.queue.takenBytes > MAX_FRUITLESS_BYTES)
        throw new DecodingFailure(
          `${outermost} could not be undone: nothing came of its first ${MAX_FRUITLESS_BYTES} octets`,
        );
      yield octets;
    }
  }

  private noteTaken(): void {
    if (!this.isFull || this.queue.bytes > LOW_PENDING_BYTES) return;
    this.isFull = false;
    this.options.drained();
  }
}

const SIZE_LIMIT: DecodingEnd = { by: 'size-limit' };

class LayerOverflow extends Error {
  override readonly name = 'LayerOverflow';
}

/** Stops a coding within others: its octets may be many where those that it is undone to are few. */
async function* limited(
  octets: AsyncGenerator<Buffer, void>,
  maxBytes: number,
): AsyncGenerator<Buffer, void> {
  let room = maxBytes;
  for await (const piece of octets) {
    if (piece.length > room) {
      if (room > 0) yield piece.subarray(0, room);
      throw new LayerOverflow();
    }
    room -= piece.length;
    yield piece;
  }
}

/** Coded octets that wait to be decoded, in blocks: a million reads of one octet are no million buffers. */
class OctetQueue {
  /** that wait */
  bytes = 0;
  takenBytes = 0;
  /** that are full */
  private blocks: Buffer[] = [];
  /** that is being filled; what is before `begun` has been taken */
  private block: Buffer = Buffer.alloc(0);
  private begun = 0;
  private used = 0;
  private isEnded = false;
  private isCut = false;
  private wake: () => void = () => undefined;

  constructor(private readonly taken: () => void) {}

  push(octets: Buffer): void {
    this.bytes += octets.length;
    for (let at = 0; at < octets.length;) {
      if (this.used === this.block.length) this.beginBlock();
      const copied = octets.copy(this.block, this.used, at);
      this.used += copied;
      at += copied;
    }
    this.wake();
  }

  end(): void {
    this.isEnded = true;
    this.wake();
  }

  /** Drops what waits. */
  cut(): void {
    this.isCut = true;
    this.blocks = [];
    this.begun = this.used;
    this.bytes = 0;
    this.wake();
  }

  /** @throws (in the generator) DecodingCut */
  async *octets(): AsyncGenerator<Buffer, void> {
    for (;;) {
      if (this.isCut) throw new DecodingCut();
      if (this.bytes > 0) yield this.shift();
      else if (this.isEnded) return;
      else await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }

  private beginBlock(): void {
    if (this.used > this.begun) this.blocks.push(this.block.subarray(this.begun));
    this.block = Buffer.allocUnsafe(PIECE_BYTES);
    this.begun = this.used = 0;
  }

  /** Many small reads make one piece, and a large one makes several. */
  private shift(): Buffer {
    const piece = this.blocks.shift() ?? this.restOfBlock();
    this.bytes -= piece.length;
    this.takenBytes += piece.length;
    this.taken();
    return piece;
  }

  private restOfBlock(): Buffer {
    const rest = this.block.subarray(this.begun, this.used);
    this.begun = this.used;
    return rest;
  }
}
