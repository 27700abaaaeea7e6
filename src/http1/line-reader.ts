const LF = 0x0a;
const EMPTY = Buffer.alloc(0);

/** Octets received and not yet consumed. Holds one view at a time and copies nothing unless it is to keep it. */
export class Cursor {
  octets: Buffer = EMPTY;
  position = 0;
  private before = 0;
  private isOwn = true;

  /** Octets consumed since the first one received. */
  get offset(): number {
    return this.before + this.position;
  }

  get available(): number {
    return this.octets.length - this.position;
  }

  /** Takes the next octets; what was there before must have been consumed. */
  feed(octets: Buffer): void {
    this.before += this.octets.length;
    this.octets = octets;
    this.position = 0;
    this.isOwn = false;
  }

  /** Makes what is not yet consumed its own. */
  keep(): void {
    if (this.isOwn) return;
    this.isOwn = true;
    this.before += this.position;
    this.octets = Buffer.from(this.octets.subarray(this.position));
    this.position = 0;
  }

  /** Consumes up to `max` octets and gives a view of them. */
  take(max: number): Buffer {
    const end = Math.min(this.octets.length, this.position + max);
    const view = this.octets.subarray(this.position, end);
    this.position = end;
    return view;
  }
}

/** A line without its end. */
export interface Line {
  /** one character per octet */
  readonly text: string;
  /** of its first octet */
  readonly offset: number;
  /** with its line end */
  readonly bytes: number;
  /** ended by LF without CR */
  readonly bareLf: boolean;
}

/** Assembles lines from octets however they are split. Each octet is looked at once:
 *  a line that is not yet whole waits as a string that grows by concatenation. */
export class LineReader {
  private partial = '';
  private whole: string | null = null;

  /** Octets of the line under way. */
  get pendingBytes(): number {
    return this.partial.length;
  }

  /** The beginning of the line under way. */
  get pending(): string {
    return this.partial;
  }

  /** What `read` consumed last: a line with its end, or the beginning of one. */
  get current(): string {
    return this.whole ?? this.partial;
  }

  /** @param maxBytes of the line with its end; no octet past them is consumed
   *  @returns the next line, or null when the cursor has run out before the line's end;
   *    octets left in the cursor then mean that the line is longer than `maxBytes` */
  read(cursor: Cursor, maxBytes: number): Line | null {
    const stop = Math.min(cursor.octets.length, cursor.position + maxBytes - this.partial.length);
    const end = cursor.octets.indexOf(LF, cursor.position);
    if (end === -1 || end >= stop) {
      this.partial += cursor.octets.toString('latin1', cursor.position, stop);
      cursor.position = stop;
      this.whole = null;
      return null;
    }
    const piece = cursor.octets.toString('latin1', cursor.position, end + 1);
    const line = this.partial === '' ? piece : this.partial + piece;
    cursor.position = end + 1;
    this.partial = '';
    this.whole = line;
    const bareLf = !line.endsWith('\r\n');
    return {
      text: line.slice(0, bareLf ? -1 : -2),
      offset: cursor.offset - line.length,
      bytes: line.length,
      bareLf,
    };
  }
}
