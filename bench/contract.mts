/** What the processes of the benchmark say to each other. */

/** A page of the origin. */
export interface Page {
  readonly path: string;
  readonly title: string;
  /** of the content, without any transfer coding */
  readonly bytes: number;
}

export const PAGES: readonly Page[] = [
  { path: '/small', title: '1 KiB, Content-Length', bytes: 1_024 },
  { path: '/chunked', title: '16 KiB, chunked, in one burst', bytes: 16_384 },
  { path: '/large', title: '1 MiB, Content-Length', bytes: 1_048_576 },
];

/** What fetches: without a service around it, or behind a service. */
export type Way = 'engine' | 'http' | 'fetch';

export type Question =
  | { readonly ask: 'usage' }
  /** for how long at most the event loop was held since this was asked last, milliseconds; the first answer says nothing */
  | { readonly ask: 'held' }
  /** of the origin: connections accepted so far */
  | { readonly ask: 'connections' }
  /** of a fetcher: fetch this page for a time */
  | { readonly ask: 'fetch'; readonly url: string; readonly page: Page; readonly limits: Limits }
  /** of the load: have a service fetch this page for a time */
  | {
      readonly ask: 'load';
      readonly port: number;
      readonly url: string;
      readonly page: Page;
      readonly limits: Limits;
    };

/** What the callers of jobs are asked. */
export type JobsQuestion =
  /** submit a job of so many fetches of the page; the answer says how long its acceptance took, milliseconds */
  | {
      readonly ask: 'submit';
      readonly port: number;
      readonly url: string;
      readonly items: number;
      readonly concurrency: number;
    }
  /** wait until the job that was submitted last has ended */
  | { readonly ask: 'follow' }
  /** call POST /fetch every so often, without waiting for answers, until `report` */
  | { readonly ask: 'pace'; readonly port: number; readonly url: string; readonly everyMs: number }
  | { readonly ask: 'report' };

/** How one job went, as its caller sees it. */
export interface JobRun {
  /** from its acceptance to its end */
  readonly ms: number;
  readonly succeeded: number;
}

/** How the calls of `pace` went. */
export interface Pace {
  /** milliseconds each */
  readonly latencies: readonly number[];
  /** not answered, or not with 200 */
  readonly failures: number;
}

/** Bounds of a turn; the first that is reached ends it. */
export interface Limits {
  readonly ms: number;
  readonly count: number;
  /** fetches under way at a time */
  readonly concurrency: number;
}

/** Resources of a process. */
export interface Usage {
  readonly rssBytes: number;
  /** processor time since its start, user and system */
  readonly cpuMs: number;
}

/** What one contestant did in one turn. */
export interface Turn {
  readonly fetches: number;
  readonly ms: number;
  /** why a worker gave up; null when none did */
  readonly failure: string | null;
}
