/** so often is looked although nobody told: a database that is away for a while tells nothing afterwards */
const LOOK_MS = 1_000;

/** Lets those who follow a job wait until it has changed. */
export class JobWatch {
  private readonly watching = new Map<string, Set<() => void>>();
  private isClosed = false;

  /** Whether nobody is to follow anything any more. */
  get closed(): boolean {
    return this.isClosed;
  }

  /** Tells those who follow a job that it has changed. */
  tell(job: string): void {
    for (const wake of this.watching.get(job) ?? []) wake();
  }

  /** Follows a job.
   *  @returns waits until the job has changed since it was called before, or so long, or `signal` aborts */
  follow(
    job: string,
    signal: AbortSignal,
  ): { readonly changed: () => Promise<void>; readonly end: () => void } {
    let hasChanged = true;
    let resume: (() => void) | null = null;
    const wake = (): void => {
      hasChanged = true;
      resume?.();
    };
    const watchers = this.watching.get(job) ?? new Set();
    this.watching.set(job, watchers.add(wake));
    signal.addEventListener('abort', wake);
    return {
      changed: async () => {
        if (!hasChanged && !this.isClosed)
          await new Promise<void>((resolve) => {
            const timer = setTimeout(resolve, LOOK_MS);
            resume = () => {
              clearTimeout(timer);
              resolve();
            };
          });
        resume = null;
        hasChanged = false;
      },
      end: () => {
        signal.removeEventListener('abort', wake);
        watchers.delete(wake);
        if (watchers.size === 0 && this.watching.get(job) === watchers) this.watching.delete(job);
      },
    };
  }

  close(): void {
    this.isClosed = true;
    for (const watchers of this.watching.values()) for (const wake of watchers) wake();
  }
}
