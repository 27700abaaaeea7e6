/** Lets calls go on one in each turn of the event loop: a thousand that arrive at once hold it no longer than one, so that
 *  probes are answered in between. */
export class CallTurns {
  private readonly waiting: (() => void)[] = [];
  /** one has gone on in this turn */
  private isTaken = false;

  /** @param goOn called at once, if it is the first of its turn */
  take(goOn: () => void): void {
    if (this.isTaken) this.waiting.push(goOn);
    else this.run(goOn);
  }

  private run(goOn: () => void): void {
    this.isTaken = true;
    setImmediate(() => this.next());
    goOn();
  }

  private next(): void {
    this.isTaken = false;
    const goOn = this.waiting.shift();
    if (goOn !== undefined) this.run(goOn);
  }
}
