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

const FIRST_CAPACITY = 4096;
/** so much is reserved because a peer announces it; beyond that it must send first */
const MAX_BELIEVED = 1_048_576;

/** Collects octets up to a limit. A read's octets must be copied, because its buffer is used again;
 *  they are copied once, and once more in the half of the cases in which the store has to grow. */
export class OctetStore implements StoredOctets {
  private buffer: Buffer = Buffer.alloc(0);
  private kept = 0;
  private came = 0;
  private readonly digest: Hash | null;
  private digestHex: string | null = null;

  /** @param maxBytes the most to keep
   *  @param keep false: only count and digest */
  constructor(
    private readonly maxBytes: number,
    keep = true,
  ) {
    this.digest = keep ? null : createHash('sha256');
  }

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

  /** @param expected octets in all, if known: room for them is made at once when they are few
   *  @returns whether all of them were kept */
  append(octets: Buffer, expected = 0): boolean {
    this.came += octets.length;
    const room = this.maxBytes - this.kept;
    const fitting = octets.length <= room ? octets : octets.subarray(0, room);
    if (this.digest === null) {
      this.reserve(this.kept + fitting.length, expected);
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

  /** Doubles, so that copying stays linear. */
  private reserve(needed: number, expected: number): void {
    if (needed <= this.buffer.length) return;
    const doubled = Math.max(needed, FIRST_CAPACITY, this.buffer.length * 2);
    const wanted = expected >= needed && expected <= Math.max(MAX_BELIEVED, doubled * 2) ? expected : doubled;
    const grown = Buffer.allocUnsafe(Math.min(wanted, this.maxBytes));
    this.octets.copy(grown);
    this.buffer = grown;
  }
}
