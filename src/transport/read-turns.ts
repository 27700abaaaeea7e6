/** so long may reading hold the event loop in one of its turns; the last read of it ends a little later */
const MAX_TURN_MS = 4;
/** so long may a taker be behind; whoever had something to say has been read from by then, or is one of thousands */
const MAX_BEHIND_MS = 1_000;

/** What reads when it is its turn. */
export interface TurnTaker {
  /** the number of its last read among all, or of the last one when it came; 0: it has not come. Kept here by `ReadTurns`,
   *  because sets that change with each read are made anew all the time */
  lastRead: number;
  stop(): void;
  goOn(): void;
}

/** Has connections read in turns. The runtime reads from each that has something to say, up to 32 times in a row: a few
 *  peers whose octets are costly to understand would keep everything else waiting. When one turn of the event loop has
 *  been read in for long enough, all stop until the next, in which those are first that have waited longest. */
export class ReadTurns {
  /** that read */
  private readonly takers = new Set<TurnTaker>();
  /** so many, of all takers */
  private reads = 0;
  /** of those, before this turn */
  private readsBefore = 0;
  /** that were stopped, and not looked at since: since when, on the clock of `performance.now()` */
  private readonly behind = new Map<TurnTaker, number>();
  /** on the clock of `performance.now()`; null before the turn's first read */
  private endsAt: number | null = null;
  private isOver = false;

  constructor(private readonly maxTurnMs = MAX_TURN_MS) {}

  /** Has a taker go on when it may. */
  join(taker: TurnTaker): void {
    // Behind those that have waited longer.
    if (taker.lastRead === 0) taker.lastRead = this.readsBefore;
    this.takers.add(taker);
    if (!this.isOver) taker.goOn();
  }

  leave(taker: TurnTaker): void {
    this.takers.delete(taker);
    this.behind.delete(taker);
  }

  /** Whether there may be octets for a taker that it would have read, had it not been stopped. Not for ever, however much
   *  the others read: what is silent is to be called so some day. */
  isBehind(taker: TurnTaker): boolean {
    const since = this.behind.get(taker);
    return since !== undefined && performance.now() - since < MAX_BEHIND_MS;
  }

  /** A taker has read.
   *  @param began when it did, on the clock of `performance.now()` */
  done(taker: TurnTaker, began: number): void {
    taker.lastRead = ++this.reads;
    this.behind.delete(taker);
    if (this.endsAt === null) {
      this.endsAt = began + this.maxTurnMs;
      setImmediate(() => this.next());
    }
    const now = performance.now();
    if (!this.isOver && now >= this.endsAt) this.end(now);
  }

  private end(now: number): void {
    this.isOver = true;
    for (const taker of this.takers) {
      if (taker.lastRead <= this.readsBefore && !this.behind.has(taker)) this.behind.set(taker, now);
      taker.stop();
    }
  }

  private next(): void {
    this.endsAt = null;
    this.readsBefore = this.reads;
    if (!this.isOver) return;
    this.isOver = false;
    for (const taker of [...this.takers].sort((a, b) => a.lastRead - b.lastRead)) taker.goOn();
    // By then the event loop has looked for input, unless that turn was over before its end too.
    setImmediate(() => {
      if (!this.isOver) this.behind.clear();
    });
  }
}
