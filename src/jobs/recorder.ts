import { setTimeout as after } from 'node:timers/promises';
import { DatabaseError } from '../store/database';
import type { ClaimedItem, Ledger, Recorded, Settlement } from './ledger';

/** so many are recorded together, or fewer when their results are large */
const MAX_BATCH = 256;
const MAX_BATCH_BYTES = 8_388_608;
/** so long is waited for what ends next, while something is under way: the fewer transactions, the more items */
const GATHER_MS = 25;
const RETRY_MS = 250;
/** SQLSTATE: serialization_failure, deadlock_detected */
const TRY_AGAIN = new Set(['40001', '40P01']);

/** Records what comes of items, many with one transaction; while the database is away, later. */
export class Recorder {
  private readonly waiting: Settlement[] = [];
  private flushing: Promise<void> | null = null;

  /** @param isBusy whether more may end soon
   *  @param recorded told after each transaction
   *  @param failed told why something could not be recorded */
  constructor(
    private readonly ledger: Pick<Ledger, 'record'>,
    private readonly isBusy: () => boolean,
    private readonly recorded: (recorded: Recorded) => void,
    private readonly failed: (error: Error) => void,
  ) {}

  /** What waits to be recorded. */
  get items(): ClaimedItem[] {
    return this.waiting.map(({ item }) => item);
  }

  add(settlement: Settlement): void {
    this.waiting.push(settlement);
    this.flushing ??= this.flush();
  }

  /** When all is recorded that was added. */
  async over(): Promise<void> {
    while (this.flushing !== null) await this.flushing;
  }

  private async flush(): Promise<void> {
    // What ends in the same turn is recorded together.
    await Promise.resolve();
    while (this.waiting.length > 0) {
      if (this.isBusy() && this.waiting.length < MAX_BATCH) await after(GATHER_MS);
      const batch = this.nextBatch();
      await this.recordAll(batch);
      this.waiting.splice(0, batch.length);
    }
    this.flushing = null;
  }

  private nextBatch(): Settlement[] {
    let bytes = 0;
    const end = this.waiting.findIndex((settlement, index) => {
      bytes += settlement.state === 'deferred' ? 0 : (settlement.result?.length ?? 0);
      return index === MAX_BATCH || (index > 0 && bytes > MAX_BATCH_BYTES);
    });
    return this.waiting.slice(0, end === -1 ? undefined : end);
  }

  private async recordAll(batch: readonly Settlement[]): Promise<void> {
    const recorded = await this.tryAgain(batch);
    if (recorded !== null) this.recorded(recorded);
  }

  /** @returns null: one by one */
  private async tryAgain(batch: readonly Settlement[]): Promise<Recorded | null> {
    for (;;) {
      try {
        return await this.ledger.record(batch);
      } catch (error) {
        if (!mayPass(error)) {
          await this.recordEach(batch, error as Error);
          return null;
        }
        this.failed(error as Error);
        await after(RETRY_MS);
      }
    }
  }

  /** One of them cannot be recorded: it is not to keep the others from it. Nobody looks after it any more, so that it is
   *  taken again. */
  private async recordEach(batch: readonly Settlement[], error: Error): Promise<void> {
    if (batch.length === 1) return this.failed(error);
    for (const settlement of batch) await this.recordAll([settlement]);
  }
}

function mayPass(error: unknown): boolean {
  return !(error instanceof DatabaseError) || TRY_AGAIN.has(error.code);
}
