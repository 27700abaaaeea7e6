const NOTHING = Buffer.alloc(0);

/** The octets that a coding is undone from, as they come. */
export class CodedInput {
  private rest: Buffer = NOTHING;

  constructor(private readonly source: AsyncIterator<Buffer, void, void>) {}

  /** @returns the next octets, at least one; null when there are no more */
  async next(): Promise<Buffer | null> {
    const { rest } = this;
    this.rest = NOTHING;
    if (rest.length > 0) return rest;
    const { value } = await this.source.next();
    return value ?? null;
  }

  /** Gives back octets that were taken: they are the next. */
  putBack(octets: Buffer): void {
    this.rest = this.rest.length === 0 ? octets : Buffer.concat([octets, this.rest]);
  }

  /** @returns the next `bytes` octets; fewer when there are no more */
  async take(bytes: number): Promise<Buffer> {
    const pieces: Buffer[] = [];
    let missing = bytes;
    while (missing > 0) {
      const piece = await this.next();
      if (piece === null) break;
      if (piece.length > missing) this.putBack(piece.subarray(missing));
      pieces.push(piece.subarray(0, missing));
      missing -= pieces.at(-1)!.length;
    }
    return Buffer.concat(pieces);
  }

  /** @returns what `take` would give, which stays the next */
  async peek(bytes: number): Promise<Buffer> {
    const octets = await this.take(bytes);
    this.putBack(octets);
    return octets;
  }
}
