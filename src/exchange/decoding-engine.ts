import type { Transform } from 'node:stream';
import type { Coding } from '../semantics/content-coding';
import type { CodedInput } from './coded-input';
import type { OctetAccount } from './octet-budget';
import type { OctetStore } from './octet-store';

/** A decompressor of node:zlib; `bytesWritten` says how many octets it has consumed. */
export type Decompressor = Transform & { readonly bytesWritten: number };

/** Of one output buffer of a decompressor; where memory is scarce it is as small as reads are then. */
const CHUNK_BYTES = 16_384;

/** Has one output buffer wait in the stream of a decompressor, and not as many as it holds by itself. */
export interface OutputBuffers {
  readonly chunkSize: number;
  readonly readableHighWaterMark: number;
}

type Create = (buffers: OutputBuffers) => Decompressor;

/** Content that is not, or not to its end, in the coding it is said to be in. */
export class DecodingFailure extends Error {
  override readonly name = 'DecodingFailure';
}

/** The content ended before its coding did. */
export function endedEarly(coding: Coding): DecodingFailure {
  return new DecodingFailure(`${coding} could not be undone: the content ends before the coding does`);
}

/** Thrown to whoever waits for octets when the decoding is given up. */
export class DecodingCut extends Error {
  override readonly name = 'DecodingCut';
}

/** The engines at work on one content; giving up stops them. */
export class Engines {
  private readonly open = new Set<Engine>();
  /** of those that were stopped, but a thread is still at them */
  private readonly leaving = new Set<Promise<void>>();
  private readonly giveUp = Promise.withResolvers<void>();
  private isCut = false;

  /** @param memory is told what the engines hold, and waited for */
  constructor(readonly memory: OctetAccount) {}

  /** @throws DecodingCut */
  start(create: Create, coding: Coding): Engine {
    if (this.isCut) throw new DecodingCut();
    const chunkSize = this.memory.nextReadBytes(CHUNK_BYTES);
    const engine = new Engine(create({ chunkSize, readableHighWaterMark: chunkSize }), coding);
    this.open.add(engine);
    return engine;
  }

  stop(engine: Engine): void {
    this.open.delete(engine);
    const gone = engine.stop();
    if (gone === null) return;
    this.leaving.add(gone);
    void gone.then(() => this.leaving.delete(gone));
  }

  /** @param freed is called when those that were stopped have given their memory back: now, if no thread is at them */
  whenGone(freed: () => void): void {
    if (this.leaving.size === 0) freed();
    else void Promise.all(this.leaving).then(freed);
  }

  /** Waits until there is memory for what was decoded.
   *  @throws DecodingCut */
  async room(): Promise<void> {
    if (this.memory.overdrawn) await Promise.race([this.memory.covered(), this.giveUp.promise]);
    if (this.isCut) throw new DecodingCut();
  }

  cut(): void {
    this.isCut = true;
    this.giveUp.resolve();
    for (const engine of this.open) void engine.stop();
  }
}

/** Feeds a decompressor and takes what it makes, so that one output buffer or two wait and never more:
 *  a decompressor that nobody takes from rests. */
export class Engine {
  private error: Error | null = null;
  private ended = false;
  private given = 0;
  private isTaking = false;
  private isStopped = false;
  private gone: Promise<void> | null = null;
  private wake: () => void = () => undefined;

  constructor(
    private readonly decompressor: Decompressor,
    private readonly coding: Coding,
  ) {
    const woken = (): void => this.wake();
    decompressor.on('readable', woken);
    decompressor.on('close', woken);
    decompressor.on('end', () => {
      this.ended = true;
      woken();
    });
    decompressor.on('error', (error) => {
      this.error = error;
      woken();
    });
  }

  /** Octets given that belong to the coding no more: it has ended before them. */
  get left(): number {
    return this.given - this.decompressor.bytesWritten;
  }

  /** Decodes the next octets. When they are damaged, what this call would have yielded may be missing.
   *  @throws DecodingFailure, DecodingCut */
  async *write(octets: Buffer): AsyncGenerator<Buffer, void> {
    this.isTaking = true;
    this.given += octets.length;
    this.decompressor.write(octets, () => {
      this.isTaking = false;
      this.wake();
    });
    yield* this.output(() => !this.isTaking);
  }

  /** No more octets will come.
   *  @throws DecodingFailure when the coding has not ended, DecodingCut */
  async *finish(): AsyncGenerator<Buffer, void> {
    this.decompressor.end();
    yield* this.output(() => this.ended);
  }

  /** Yields nothing more. What a thread is at cannot be stopped, and needs its memory to its end.
   *  @returns when the memory is free; null: it is */
  stop(): Promise<void> | null {
    if (this.isStopped) return this.gone;
    this.isStopped = true;
    this.wake();
    if (this.isWorking) this.gone = this.leave();
    else this.decompressor.destroy();
    return this.gone;
  }

  /** Whether a thread is at it, or about to be. */
  private get isWorking(): boolean {
    const { destroyed, readableLength, readableHighWaterMark } = this.decompressor;
    return this.isTaking && !destroyed && readableLength < readableHighWaterMark;
  }

  /** Nobody takes what the thread makes: that soon has it rest. */
  private async leave(): Promise<void> {
    while (this.isWorking) await new Promise<void>((resolve) => (this.wake = resolve));
    this.decompressor.destroy();
  }

  private async *output(done: () => boolean): AsyncGenerator<Buffer, void> {
    for (;;) {
      if (this.isStopped) throw new DecodingCut();
      const octets = this.decompressor.read() as Buffer | null;
      if (octets !== null) yield octets;
      else if (this.error !== null) throw this.failure(this.error);
      else if (done()) return;
      else await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }

  private failure(error: NodeJS.ErrnoException): DecodingFailure {
    if (error.code === 'Z_BUF_ERROR') return endedEarly(this.coding);
    return new DecodingFailure(`${this.coding} could not be undone: ${error.message}`, { cause: error });
  }
}

/** Decodes what one decompressor takes, up to its own end; what follows stays in the input.
 *  Everything that can be decoded before a damage is yielded, unless it lies beyond the first MiB.
 *  @throws DecodingFailure, DecodingCut, and what the input throws */
export async function* decodeWith(
  create: Create,
  coding: Coding,
  input: CodedInput,
  engines: Engines,
): AsyncGenerator<Buffer, void> {
  const { memory } = engines;
  const engine = engines.start(create, coding);
  const history = new History(memory);
  let told = 0;
  try {
    for (let piece = await input.next(); piece !== null; piece = await input.next()) {
      try {
        for await (const octets of engine.write(piece)) {
          told += octets.length;
          yield octets;
          await engines.room();
        }
      } catch (error) {
        const sound = history.octets();
        if (error instanceof DecodingFailure && sound !== null)
          yield* salvage(() => engines.start(create, coding), engines, sound, piece, told);
        throw error;
      }
      if (engine.left > 0) {
        input.putBack(piece.subarray(piece.length - engine.left));
        return;
      }
      history.add(piece);
    }
    yield* engine.finish();
  } finally {
    engines.stop(engine);
    history.forget();
  }
}

const HISTORY_BYTES = 1_048_576;

/** The octets that an engine has decoded, as long as they are few. */
class History {
  private store: OctetStore | null;

  constructor(private readonly memory: OctetAccount) {
    this.store = memory.store(HISTORY_BYTES);
  }

  add(piece: Buffer): void {
    if (this.store?.append(piece) === false) this.forget();
  }

  forget(): void {
    if (this.store !== null) this.memory.free(this.store);
    this.store = null;
  }

  /** null: they were too many */
  octets(): Buffer | null {
    return this.store?.octets ?? null;
  }
}

/** What one step makes is lost when it meets the damage: the last ones are of one octet. */
const STEPS = [4_096, 256, 16, 1];

/** A decompressor that meets damage keeps to itself what it has made of the same write. So all is decoded again,
 *  in ever smaller steps where the damage is, and at last yielded.
 *  @param sound decodes without an error
 *  @param damaged does not
 *  @param told octets of the result that were yielded before */
async function* salvage(
  start: () => Engine,
  engines: Engines,
  sound: Buffer,
  damaged: Buffer,
  told: number,
): AsyncGenerator<Buffer, void> {
  const coded = Buffer.concat([sound, damaged]);
  let soundBytes = sound.length;
  for (const step of STEPS) {
    const engine = start();
    let made = 0;
    try {
      for (let from = 0, to = soundBytes || step; from < coded.length; from = to, to += step) {
        for await (const octets of engine.write(coded.subarray(from, to))) {
          made += octets.length;
          const untold = Math.min(made - told, octets.length);
          if (step === 1 && untold > 0) yield octets.subarray(octets.length - untold);
        }
        soundBytes = to;
      }
    } catch (error) {
      if (!(error instanceof DecodingFailure)) throw error;
    } finally {
      engines.stop(engine);
    }
  }
}
