/** Content as it comes, joined once when somebody looks at it. */
export class OctetPieces {
  private pieces: Uint8Array<ArrayBuffer>[] = [];
  bytes = 0;

  add(piece: Uint8Array<ArrayBuffer>): void {
    this.pieces.push(piece);
    this.bytes += piece.length;
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
