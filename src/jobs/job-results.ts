import type { Owner } from '../access/caller';
import { BlockReader } from './block-reader';
import type { DoneItem, ItemState, JobArchive } from './job-archive';
import type { JobRow } from './job-row';
import type { JobWatch } from './job-watch';
import { toJob } from './job.mapper';

/** of one look at what is done */
const LOOK_ITEMS = 200;
const KEEP_ALIVE_LOOKS = 15;

/** Where in a job's results a reader is, and what of them it wants. */
export interface Place {
  /** number of the last one known */
  readonly after: number;
  /** null: all */
  readonly state: ItemState | null;
}

/** The results of one job, as text that is made while it is read. */
export class JobResults {
  constructor(
    private readonly archive: JobArchive,
    private readonly watch: JobWatch,
    private readonly owner: Owner,
    private readonly job: JobRow,
  ) {}

  /** One page of JSON. It tells of no next one only when the job has ended and nothing follows. */
  async *page({ after, state }: Place, limit: number): AsyncGenerator<string, void> {
    // As of before the results are looked at: what is recorded meanwhile is on the next page.
    const hasEnded = this.job.finishedAt !== null;
    let last = after;
    let count = 0;
    yield '{"items":[';
    while (count < limit) {
      const items = await this.archive.done(this.job.id, last, Math.min(LOOK_ITEMS, limit - count), state);
      for await (const json of this.itemsJson(items)) yield `${count++ === 0 ? '' : ','}${json}`;
      if (items.length === 0) break;
      last = items.at(-1)!.number;
    }
    const next = hasEnded && count < limit ? null : String(last);
    yield `],"next":${JSON.stringify(next)}}`;
  }

  /** One item a line; of a job that has not ended to its end.
   *  @param signal aborts when the reader has gone */
  async *lines({ after, state }: Place, signal: AbortSignal): AsyncGenerator<string, void> {
    for await (const { items } of this.looks(after, state, signal))
      for await (const json of this.itemsJson(items)) yield `${json}\n`;
  }

  /** Server-sent events (WHATWG HTML §9.2): `item` for each that is done, `progress` after some of them, and `end`. Their
   *  ids are the numbers of items, so that whoever comes back with the last one misses none. */
  async *events(after: number, signal: AbortSignal): AsyncGenerator<string, void> {
    let quiet = 0;
    let told = '';
    yield 'retry: 1000\n\n';
    for await (const { items, job, last, hasEnded } of this.looks(after, null, signal)) {
      for (const { number, index, state, attempts } of items)
        yield event('item', number, { index, state, attempts });
      const progress = JSON.stringify(toJob(job));
      quiet = items.length === 0 && progress === told ? quiet + 1 : 0;
      if (progress !== told) yield event('progress', last, toJob(job));
      else if (quiet % KEEP_ALIVE_LOOKS === KEEP_ALIVE_LOOKS - 1) yield ': still here\n\n';
      told = progress;
      if (hasEnded) yield event('end', last, toJob(job));
    }
  }

  /** Looks at what has come since, until the job has ended and all of it was seen. */
  private async *looks(
    after: number,
    state: ItemState | null,
    signal: AbortSignal,
  ): AsyncGenerator<Look, void> {
    const following = this.watch.follow(this.job.id, signal);
    let last = after;
    try {
      while (!signal.aborted && !this.watch.closed) {
        await following.changed();
        const job = await this.archive.find(this.owner, this.job.id);
        // Its results are kept no longer.
        if (job === null) return;
        let items: DoneItem[];
        do {
          items = await this.archive.done(job.id, last, LOOK_ITEMS, state);
          last = items.at(-1)?.number ?? last;
          yield { items, job, last, hasEnded: job.finishedAt !== null && items.length === 0 };
        } while (items.length > 0 && !signal.aborted);
        if (job.finishedAt !== null) return;
      }
    } finally {
      following.end();
    }
    // Not the end of the job: whoever reads is to see that something is missing.
    throw new StoppedFollowing();
  }

  /** Of one look: it may be long until more comes, and nothing of it is held so long. */
  private async *itemsJson(items: readonly DoneItem[]): AsyncGenerator<string, void> {
    const reader = new BlockReader(this.archive, this.job.id, items);
    for (const { index, state, attempts, place } of items) {
      const json = place === null ? null : (await reader.lines(place.block))?.[place.line];
      if (json === undefined) throw new StoppedFollowing();
      const result = state === 'succeeded' ? json : null;
      const problem = state === 'failed' ? json : null;
      yield `{"index":${index},"state":"${state}","attempts":${attempts},"result":${result},"problem":${problem}}`;
    }
  }
}

interface Look {
  readonly items: readonly DoneItem[];
  readonly job: JobRow;
  readonly last: number;
  readonly hasEnded: boolean;
}

/** The service stops, the reader has gone, or the job is kept no longer. */
export class StoppedFollowing extends Error {
  override readonly name = 'StoppedFollowing';
}

function event(name: string, id: number, data: unknown): string {
  return `event: ${name}\nid: ${id}\ndata: ${JSON.stringify(data)}\n\n`;
}
