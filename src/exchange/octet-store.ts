import { createHash, hash, type Hash } from 'node:crypto';

/** Octets kept of those that came. */
export interface StoredOctets {
  /** kept; empty when only their number and digest were wanted */
  readonly octets: Buffer;
  /** how many were kept, or digested */
  readonly bytes: number;
  /** how many came; of those beyond what is kept not all need have been counted */
  readonly total: number;
  /** hexadecimal, of what was kept; computed when asked for */
  readonly sha256: string;
}

/** Is told how much memory a store takes. */
export interface StoreOwner {
  /** whether anybody waits for memory */
  readonly isWanted: boolean;
  hold(bytes: number): void;
  drop(bytes: number): void;
}

const NOTHING = Buffer.alloc(0);
const FIRST_CAPACITY = 4_096;
/** up to here a store grows by doubling and copying */
const SMALL_BYTES = 1_048_576;
/** beyond, by pages of its own: by a quarter, within these bounds */
const MIN_STEP = 65_536;
const MAX_STEP = 1_048_576;
/** from here on buffers are of a power of two, and kept for the next store: so many octets of them in all */
const SPARE_BYTES = 32_768;
const MAX_SPARE_BYTES = 4_194_304;

/** Collects octets up to a limit. A read's octets must be copied, because what it reads into is used again.
 *
 *  A large store reserves addresses for the most it may keep, and pages as they fill: it grows without being copied, and
 *  what it held goes back to the system at once when it is freed. */
export class OctetStore implements StoredOctets {
  private buffer: Buffer<ArrayBuffer> = NOTHING;
  private kept = 0;
  private came = 0;
  private readonly digest: Hash | null;
  private digestHex: string | null = null;

  /** @param maxBytes the most to keep
   *  @param keep false: only count and digest */
  constructor(
    private readonly maxBytes: number,
    keep = true,
    private readonly owner: StoreOwner | null = null,
  ) {
    this.digest = keep ? null : createHash('sha256');
  }

  /** A view, of use until more comes or the store is freed. */
  get octets(): Buffer {
    return this.buffer.subarray(0, this.digest === null ? this.kept : 0);
  }

  get bytes(): number {
    return this.kept;
  }

  get total(): number {
    return this.came;
  }

  get sha256(): string {
    this.digestHex ??= this.digest === null ? hash('sha256', this.octets) : this.digest.digest('hex');
    return this.digestHex;
  }

  /** @returns whether all of them were kept */
  append(octets: Buffer): boolean {
    this.came += octets.length;
    const room = this.maxBytes - this.kept;
    const fitting = octets.length <= room ? octets : octets.subarray(0, room);
    if (this.digest === null) {
      this.reserve(this.kept + fitting.length);
      fitting.copy(this.buffer, this.kept);
    } else {
      this.digest.update(fitting);
    }
    this.kept += fitting.length;
    return fitting === octets;
  }

  /** Notes that more came, or would have, than is kept. */
  noteMore(): void {
    this.came = Math.max(this.came, this.kept + 1);
  }

  /** Gives its memory back at once. The numbers stay; the octets are gone, and so is a digest not yet asked for. */
  free(): void {
    const { buffer } = this;
    const bytes = buffer.length;
    this.buffer = NOTHING;
    if (bytes === 0) return;
    // Before the owner grants it to those who wait, after which nobody may.
    this.giveUp(buffer.buffer);
    this.owner?.drop(bytes);
  }

  private reserve(needed: number): void {
    const { buffer } = this;
    const capacity = buffer.length;
    if (needed <= capacity) return;
    this.buffer = needed <= SMALL_BYTES ? this.doubled(needed) : this.extended(needed);
    this.owner?.hold(this.buffer.length - capacity);
  }

  private doubled(needed: number): Buffer<ArrayBuffer> {
    const wanted = Math.max(needed, FIRST_CAPACITY, this.buffer.length * 2);
    const capacity = wanted < SPARE_BYTES ? wanted : 2 ** Math.ceil(Math.log2(wanted));
    return this.moved(spares.take(Math.min(capacity, SMALL_BYTES, this.maxBytes)));
  }

  private extended(needed: number): Buffer<ArrayBuffer> {
    const { buffer, maxBytes } = this;
    const step = Math.min(Math.max(buffer.length >> 2, MIN_STEP), MAX_STEP);
    const capacity = Math.min(Math.max(needed, buffer.length + step), maxBytes);
    if (!buffer.buffer.resizable)
      return this.moved(Buffer.from(new ArrayBuffer(capacity, { maxByteLength: maxBytes }), 0, capacity));
    buffer.buffer.resize(capacity);
    return Buffer.from(buffer.buffer, 0, capacity);
  }

  private moved(into: Buffer<ArrayBuffer>): Buffer<ArrayBuffer> {
    this.octets.copy(into);
    if (this.buffer.length > 0) this.giveUp(this.buffer.buffer);
    return into;
  }

  /** Where somebody waits for memory none is spared, and none that was is kept. */
  private giveUp(memory: ArrayBuffer): void {
    if (this.owner?.isWanted !== true) {
      spares.give(memory);
      return;
    }
    letGo(memory);
    spares.letGo();
  }
}

/** Buffers of stores that are gone, for those to come: pages that are new to the process cost ten times as much, and an
 *  allocator that gets so many back in every order keeps more than was ever in use. */
class Spares {
  private bytes = 0;
  private readonly bySize = new Map<number, Buffer<ArrayBuffer>[]>();

  constructor() {
    for (let bytes = SPARE_BYTES; bytes <= SMALL_BYTES; bytes *= 2) this.bySize.set(bytes, []);
  }

  take(bytes: number): Buffer<ArrayBuffer> {
    const spare = this.bySize.get(bytes)?.pop();
    if (spare === undefined) return Buffer.allocUnsafeSlow(bytes);
    this.bytes -= bytes;
    return spare;
  }

  /** @param memory of which views may be left: they see nothing of it any more */
  give(memory: ArrayBuffer): void {
    const bytes = memory.byteLength;
    const others = this.bySize.get(bytes);
    if (others === undefined || this.bytes + bytes > MAX_SPARE_BYTES || memory.resizable) {
      letGo(memory);
      return;
    }
    this.bytes += bytes;
    others.push(Buffer.from(memory.transfer()));
  }

  letGo(): void {
    if (this.bytes === 0) return;
    for (const buffers of this.bySize.values()) for (const { buffer } of buffers.splice(0)) letGo(buffer);
    this.bytes = 0;
  }
}

const spares = new Spares();

/** Not left to the collector, which does not see how much memory waits for it. */
function letGo(memory: ArrayBuffer): void {
  memory.transferToFixedLength(0);
}
