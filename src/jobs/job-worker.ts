import { randomUUID } from 'node:crypto';
import { setTimeout as after } from 'node:timers/promises';
import type { Database } from '../store/database';
import { Chore } from './chore';
import type { ItemQueue } from './item-queue';
import { type AbortReason, type ItemRunner, givenBack } from './item-runner';
import { JobLanes } from './job-lanes';
import type { JobReport } from './job-report';
import { LEASE_MS, thisMoment } from './lease';
import type { ClaimedItem, Ledger } from './ledger';
import { Recorder } from './recorder';
import { Slots } from './slots';

/** items that a worker has at once, most of them waiting for their hosts: several jobs' parts in the queue */
const CAPACITY = 1_024;
/** and as long as it takes what was lost before: what only waits is counted as lost too when a process ends, and is not to be
 *  taken for the cause */
const CAPACITY_AFTER_LOSS = 64;
/** it asks for more when there is room for so many */
const WORTH_ASKING = 32;
/** so often is looked for items although nobody told of any */
const POLL_MS = 500;
/** so long is waited when the database is away */
const RETRY_MS = 250;
const BEAT_MS = 3_000;
/** so often is looked for jobs that were cancelled although nobody told of it */
const LOOK_MS = 1_000;
/** so many are given back when there is room for nothing else, so that others may come first */
const GIVEN_BACK = 64;
/** An item that so many workers had when they were lost is fetched while nothing else is: if that is lost too, it is to
 *  blame. */
const SUSPICIOUS_CRASHES = 3;

export interface WorkerOptions {
  readonly database: Database;
  readonly queue: ItemQueue;
  readonly ledger: Ledger;
  readonly runner: ItemRunner;
  readonly report: JobReport;
  readonly failed: (error: Error) => void;
}

/** An item that is to be fetched. */
interface Running {
  readonly controller: AbortController;
  /** it waits for its host no more */
  hasBegun: boolean;
}

/** What a worker hears when it says that it is there. */
interface Beat {
  /** it was silent for too long */
  readonly wasLost: boolean;
  /** there are other workers */
  readonly hasOthers: boolean;
}

/** Takes items from the queue, has them fetched, and records what comes of them. */
export class JobWorker {
  readonly id = randomUUID();
  private readonly slots: Slots;
  private readonly recorder: Recorder;
  private readonly lanes = new JobLanes((item) => this.run(item));
  private readonly running = new Map<ClaimedItem, Running>();
  /** taken, and to be fetched while nothing else is */
  private readonly suspects: ClaimedItem[] = [];
  private isStopping = false;
  private wakeUp: (() => void) | null = null;
  /** somebody told of items since they were last looked for */
  private isTold = false;
  private looping: Promise<void> = Promise.resolve();
  private beating: NodeJS.Timeout | undefined;
  private looking: Chore | undefined;
  private capacity = CAPACITY_AFTER_LOSS;
  /** since when there is no room for more; null: there is */
  private fullFrom: number | null = null;
  /** since when the database has answered each time, and soon; on the clock of `performance.now()` */
  private heardFrom = Infinity;
  /** when it did last */
  private heardAt = 0;

  constructor(private readonly options: WorkerOptions) {
    const { database, ledger, failed } = options;
    this.slots = new Slots(database, this.id, failed);
    this.recorder = new Recorder(
      ledger,
      () => this.running.size > 0 && !this.isStopping,
      (recorded) => {
        options.report.recorded(recorded);
        // Of what has been put into the queue with it everybody is told.
        if (this.fullFrom !== null) this.wake();
      },
      failed,
    );
  }

  async start(): Promise<void> {
    const { failed } = this.options;
    await this.beat();
    this.heardFrom = performance.now();
    // One that gets no answer keeps nobody from the next.
    this.beating = setInterval(() => void this.beat().catch(failed), BEAT_MS);
    this.looking = new Chore(LOOK_MS, () => this.lookForCancelled(), failed);
    this.looping = this.loop();
  }

  /** Whether others that are there have had time to say so since the database was away, or since this worker has begun: only
   *  then may they be taken for lost. */
  get mayJudge(): boolean {
    const now = performance.now();
    return now - this.heardFrom > 2 * BEAT_MS && now - this.heardAt < 2 * BEAT_MS;
  }

  /** Takes nothing more, and gives back what has not begun; what has goes on. */
  stopTaking(): void {
    this.isStopping = true;
    for (const item of this.lanes.dropAll()) this.recorder.add(givenBack(item));
    for (const { controller, hasBegun } of this.running.values())
      if (!hasBegun) abort(controller, 'given-back');
    this.wake();
  }

  /** Ends what is under way, and records or gives back everything. */
  async stop(): Promise<void> {
    this.stopTaking();
    for (const { controller } of this.running.values()) abort(controller, 'given-back');
    await this.looping;
    while (this.here > 0) await this.waitFor(POLL_MS);
    await this.recorder.over();
    clearInterval(this.beating);
    await this.looking?.stop();
    this.slots.close();
    const { database } = this.options;
    await database
      .query('DELETE FROM wirefetch.workers WHERE id = $1::uuid', [this.id])
      .catch(() => undefined);
  }

  private async loop(): Promise<void> {
    while (!this.isStopping) {
      const [suspect] = this.suspects;
      if (suspect === undefined) await this.takeMore();
      else if (this.here === 0) await this.runAlone(suspect);
      else {
        // It waits for what has begun, and nobody for it.
        this.giveBack(this.unbegun());
        await this.waitFor(POLL_MS);
      }
    }
    // Others may have them.
    for (const item of this.suspects.splice(0)) this.recorder.add(givenBack(item));
  }

  private async takeMore(): Promise<void> {
    const room = this.capacity - this.here - this.recorder.items.length;
    if (room < WORTH_ASKING) {
      await this.makeRoom();
      await this.waitFor(POLL_MS);
      return;
    }
    this.fullFrom = null;
    const claimed = await this.claim(room);
    this.capacity = claimed.some(({ crashes }) => crashes > 0) ? CAPACITY_AFTER_LOSS : CAPACITY;
    for (const item of claimed)
      if (item.crashes >= SUSPICIOUS_CRASHES) this.suspects.push(item);
      else this.lanes.add(item);
    // There are no more, until somebody tells of some.
    if (claimed.length < room && this.suspects.length === 0) await this.waitFor(POLL_MS);
  }

  /** What waits here for slow hosts does not keep others from being taken that are as urgent: some of it goes back to the end
   *  of the queue. */
  private async makeRoom(): Promise<void> {
    const now = performance.now();
    this.fullFrom ??= now;
    if (now - this.fullFrom < POLL_MS || this.recorder.items.length > 0) return;
    this.fullFrom = now;
    if (this.capacity < CAPACITY) {
      // It is stuck with what was lost before, which is not given back.
      this.capacity *= 2;
      return;
    }
    try {
      const urgent = await this.options.ledger.mostUrgent();
      if (urgent === null) return;
      const less = this.unbegun().filter(({ priority }) => priority <= urgent);
      // The last that came go first.
      const least = less.toReversed().toSorted((one, other) => one.priority - other.priority);
      this.giveBack(least.slice(0, GIVEN_BACK));
    } catch (error) {
      this.options.failed(error as Error);
    }
  }

  /** What has not begun, and was not lost before: its losses would be forgotten. */
  private unbegun(): ClaimedItem[] {
    const running = [...this.running].flatMap(([item, { hasBegun }]) => (hasBegun ? [] : [item]));
    return [...running, ...this.lanes.items()].filter(({ crashes }) => crashes === 0);
  }

  /** Others may have it. */
  private giveBack(items: readonly ClaimedItem[]): void {
    for (const item of items) this.lose(item);
  }

  /** items that are fetched, or wait to be */
  private get here(): number {
    return this.lanes.size + this.running.size;
  }

  private async claim(count: number): Promise<ClaimedItem[]> {
    try {
      this.isTold = false;
      return await this.options.ledger.claim(count);
    } catch (error) {
      this.options.failed(error as Error);
      await after(RETRY_MS);
      return [];
    }
  }

  private async runAlone(item: ClaimedItem): Promise<void> {
    let isMarked: boolean;
    try {
      isMarked = await this.options.ledger.markAlone(item);
    } catch (error) {
      this.options.failed(error as Error);
      await after(RETRY_MS);
      return;
    }
    // It may have been cancelled meanwhile, or lost.
    const isHere = this.dropSuspect(item);
    if (isMarked && isHere) await this.run(item);
  }

  private dropSuspect(item: ClaimedItem): boolean {
    const position = this.suspects.indexOf(item);
    if (position !== -1) this.suspects.splice(position, 1);
    return position !== -1;
  }

  private async run(item: ClaimedItem): Promise<void> {
    const running: Running = { controller: new AbortController(), hasBegun: false };
    this.running.set(item, running);
    if (this.isStopping) abort(running.controller, 'given-back');
    const { signal } = running.controller;
    try {
      const settlement = await this.options.runner.run(
        item,
        this.slots,
        signal,
        () => (running.hasBegun = true),
      );
      this.recorder.add(settlement);
    } catch (error) {
      // Nobody touches it any more: it is taken again, and given up when that goes on.
      this.options.failed(error as Error);
    } finally {
      this.running.delete(item);
      if (this.here === 0 || (this.fullFrom !== null && this.here % WORTH_ASKING === 0)) this.wake();
    }
  }

  /** Aborts what is here of a job. */
  cancel(job: string): void {
    const suspects = this.suspects.filter((item) => item.job === job);
    for (const suspect of suspects) this.dropSuspect(suspect);
    for (const item of [...this.lanes.drop(job), ...suspects])
      this.recorder.add({ item, state: 'cancelled', result: null });
    for (const [item, { controller }] of this.running) if (item.job === job) abort(controller, 'cancelled');
  }

  /** Nobody hears what is told while its connection is away, or of a job of which it has nothing yet. */
  private async lookForCancelled(): Promise<false> {
    const jobs = new Set(this.items().map(({ job }) => job));
    if (jobs.size === 0) return false;
    for (const job of await this.options.ledger.cancelled([...jobs])) this.cancel(job);
    return false;
  }

  /** What was taken, and is not done here. */
  private items(): ClaimedItem[] {
    return [...this.lanes.items(), ...this.running.keys(), ...this.suspects];
  }

  /** Says that this worker is there, and what it has. Who was silent for too long, a machine that slept for instance, or
   *  is not known any more has lost everything: others may be at those hosts by now. */
  private async beat(): Promise<void> {
    const at = thisMoment();
    try {
      const [beat] = await this.options.database.query<Beat>(BEAT, [this.id, LEASE_MS]);
      if (beat!.wasLost) {
        for (const item of this.items()) this.lose(item);
        this.slots.lose();
      }
      // Counted from before the database heard of it: it waits at least as long.
      this.slots.heard(at, beat!.hasOthers);
      await this.touch();
    } catch (error) {
      this.heardFrom = performance.now();
      throw error;
    }
    this.heardAt = performance.now();
    if (this.heardAt - at.monotonicMs > BEAT_MS) this.heardFrom = this.heardAt;
  }

  private async touch(): Promise<void> {
    const items = this.items();
    const touched = await this.options.queue.touch(
      [...items, ...this.recorder.items].map(({ place }) => place),
    );
    for (const item of items) if (!touched.has(item.place)) this.lose(item);
  }

  /** Others have it, or will, unless it was recorded meanwhile. As long as nobody has, it goes back as if nothing had been: no
   *  crash is to blame. But what three workers were lost with is not forgotten. */
  private lose(item: ClaimedItem): void {
    const running = this.running.get(item);
    if (running !== undefined) abort(running.controller, 'given-back');
    else if (this.lanes.dropOne(item)) this.recorder.add(givenBack(item));
    else this.dropSuspect(item);
  }

  /** There may be items to take. */
  wake(): void {
    this.isTold = true;
    this.wakeUp?.();
  }

  /** Waits until somebody tells of items, or there are fewer here, or so long. */
  private async waitFor(ms: number): Promise<void> {
    if (this.isTold) {
      this.isTold = false;
      // What was told of may be others' by now: not without pause.
      await Promise.resolve();
      return;
    }
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.wakeUp = null;
  }
}

function abort(controller: AbortController, reason: AbortReason): void {
  controller.abort(reason);
}

const BEAT = `
WITH before AS (
  SELECT beat_at < clock_timestamp() - $2::int * interval '1 millisecond' AS was_lost
  FROM wirefetch.workers WHERE id = $1::uuid
), lost AS (
  DELETE FROM wirefetch.leases WHERE worker = $1::uuid AND (SELECT was_lost FROM before)
)
INSERT INTO wirefetch.workers (id, beat_at) VALUES ($1::uuid, clock_timestamp())
ON CONFLICT (id) DO UPDATE SET beat_at = excluded.beat_at
RETURNING coalesce((SELECT was_lost FROM before), true) AS "wasLost", EXISTS (
  SELECT FROM wirefetch.workers
  WHERE id <> $1::uuid AND beat_at > clock_timestamp() - $2::int * interval '1 millisecond'
) AS "hasOthers"`;
