/** Cuts text that comes in pieces into lines. A line that is not ended yet is held back, whatever it was cut into, and
 *  looked at once. */
export class LineSplitter {
  private held: string[] = [];

  /** @returns the lines that this piece ends, without their ends; empty ones are left out */
  push(piece: string): string[] {
    const last = piece.lastIndexOf('\n');
    if (last < 0) {
      this.held.push(piece);
      return [];
    }
    const whole = this.held.join('') + piece.slice(0, last);
    this.held = [piece.slice(last + 1)];
    return whole
      .split('\n')
      .map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line))
      .filter((line) => line !== '');
  }

  /** @returns what was left without an end */
  end(): string {
    const rest = this.held.join('');
    this.held = [];
    return rest;
  }
}
