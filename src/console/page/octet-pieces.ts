/** Content as it comes, joined once when somebody looks at it. */
export class OctetPieces {
  private pieces: Uint8Array<ArrayBuffer>[] = [];
  bytes = 0;

  add(piece: Uint8Array<ArrayBuffer>): void {
    this.pieces.push(piece);
    this.bytes += piece.length;
  }

  /** @returns no more than the first so many */
  first(most: number): Uint8Array<ArrayBuffer> {
    const head = new Uint8Array(Math.min(most, this.bytes));
    let at = 0;
    for (const piece of this.pieces) {
      if (at >= head.length) break;
      head.set(piece.subarray(0, head.length - at), at);
      at += piece.length;
    }
    return head;
  }

  joined(): Uint8Array<ArrayBuffer> {
    const [only] = this.pieces;
    if (this.pieces.length === 1) return only!;
    const whole = new Uint8Array(this.bytes);
    let at = 0;
    for (const piece of this.pieces) {
      whole.set(piece, at);
      at += piece.length;
    }
    this.pieces = [whole];
    return whole;
  }
}
