/** so long may pieces of work hold the event loop in one of its turns; the last one ends a little later */
const MAX_TURN_MS = 2;
/** and so many may be done in one */
const MAX_A_TURN = 16;

/** Does work a piece at a time, in the order in which it came, a few pieces in each turn of the event loop: however much
 *  there is to do, it goes round in between, and probes are answered. */
export class Turns {
  private readonly waiting: (() => void)[] = [];
  /** immediates, each of which does a piece; what that leads to at once is done, and counted, before the next */
  private slots = 0;
  /** until when pieces are done in this turn, on the clock of `performance.now()`; null before the first */
  private endsAt: number | null = null;

  /** @param maxTurnMs for all pieces of a turn together
   *  @param maxATurn so many of them at the most */
  constructor(
    private readonly maxTurnMs = MAX_TURN_MS,
    private readonly maxATurn = MAX_A_TURN,
  ) {}

  /** @param piece is done when it is its turn, and not at once */
  next(piece: () => void): void {
    this.waiting.push(piece);
    if (this.slots === this.maxATurn) return;
    this.slots++;
    setImmediate(() => this.slot());
  }

  /** Does a piece of work when it is its turn.
   *  @returns what it returns */
  take<T>(piece: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      this.next(() => {
        try {
          resolve(piece());
        } catch (error) {
          reject(error);
        }
      });
    });
  }

  /** Does work to its end, each step when it is its turn.
   *  @returns what it returns */
  async finish<T>(work: Iterator<void, T>): Promise<T> {
    for (;;) {
      const step = await this.take(() => work.next());
      if (step.done === true) return step.value;
    }
  }

  /** What work makes, each item when it is its turn, and none before it is asked for. */
  async *each<T>(work: Iterator<T, void>): AsyncGenerator<T, void> {
    for (;;) {
      const step = await this.take(() => work.next());
      if (step.done === true) return;
      yield step.value;
    }
  }

  private slot(): void {
    this.endsAt ??= this.begin();
    try {
      if (performance.now() < this.endsAt) this.waiting.shift()?.();
    } finally {
      if (this.waiting.length === 0) this.slots--;
      else setImmediate(() => this.slot());
    }
  }

  private begin(): number {
    // Before the slots of the next turn, which are set later.
    setImmediate(() => (this.endsAt = null));
    return performance.now() + this.maxTurnMs;
  }
}

/** of everything in this process that can be done a little later: there is one event loop */
export const turns = new Turns();
