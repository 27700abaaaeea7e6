import type { HopGate } from '../exchange/hop-gate';

export interface AdmissionLimits {
  /** fetches that run at once */
  readonly maxConcurrency: number;
  /** hops that are under way at one host */
  readonly maxPerHost: number;
  /** fetches that wait to begin */
  readonly maxQueue: number;
}

/** Thrown to a fetch that would have to wait where no more may. */
export class QueueFull extends Error {
  override readonly name = 'QueueFull';
}

/** A ticket whose hop waits, and the host it waits for. */
interface Waiting {
  readonly host: string;
  readonly begin: () => void;
}

/** Admits fetches: so many at once, so many at one host, so many waiting in the order they came.
 *
 *  A fetch that waits to begin holds nothing: one slow host never keeps the others from beginning. A fetch that has
 *  begun keeps its place for all its hops, and goes before those that have not. It gives its host back before it
 *  waits for the next, so that no two fetches wait for each other. */
export class Admission {
  private readonly queue = new Set<Waiting>();
  private readonly hops = new Set<Waiting>();
  private readonly atHost = new Map<string, number>();
  private begun = 0;

  constructor(private readonly limits: AdmissionLimits) {}

  /** Fetches that have begun and are not over. */
  get running(): number {
    return this.begun;
  }

  /** Fetches that wait to begin. */
  get waiting(): number {
    return this.queue.size;
  }

  /** The way in for one fetch; it takes nothing before its first hop. */
  ticket(): Ticket {
    return new Ticket(this);
  }

  /** Waits for a place at a host.
   *  @param begins whether it is the first hop of a fetch, which needs a place of its own too
   *  @returns whether there was one before `signal` aborted
   *  @throws QueueFull */
  async take(host: string, begins: boolean, signal: AbortSignal): Promise<boolean> {
    if (signal.aborted) return false;
    if (this.fits(host, begins)) {
      this.occupy(host, begins);
      return true;
    }
    if (begins && this.queue.size >= this.limits.maxQueue) throw new QueueFull();
    return this.wait(host, begins, signal);
  }

  /** Gives back a place at a host. */
  leaveHost(host: string): void {
    const left = this.atHost.get(host)! - 1;
    if (left === 0) this.atHost.delete(host);
    else this.atHost.set(host, left);
    this.admitNext();
  }

  /** A fetch is over that has begun; it has left its host. */
  end(): void {
    this.begun--;
    this.admitNext();
  }

  private wait(host: string, begins: boolean, signal: AbortSignal): Promise<boolean> {
    const line = begins ? this.queue : this.hops;
    return new Promise((resolve) => {
      const giveUp = (): void => {
        line.delete(waiting);
        resolve(false);
      };
      const waiting: Waiting = {
        host,
        begin: () => {
          line.delete(waiting);
          signal.removeEventListener('abort', giveUp);
          this.occupy(host, begins);
          resolve(true);
        },
      };
      line.add(waiting);
      signal.addEventListener('abort', giveUp, { once: true });
    });
  }

  /** Usually the first of a line may begin; only those whose host is taken are passed over. */
  private admitNext(): void {
    for (const hop of this.hops) if (this.fits(hop.host, false)) hop.begin();
    for (const fetch of this.queue) {
      if (this.begun >= this.limits.maxConcurrency) return;
      if (this.fits(fetch.host, true)) fetch.begin();
    }
  }

  private fits(host: string, begins: boolean): boolean {
    const { maxConcurrency, maxPerHost } = this.limits;
    return (!begins || this.begun < maxConcurrency) && (this.atHost.get(host) ?? 0) < maxPerHost;
  }

  private occupy(host: string, begins: boolean): void {
    if (begins) this.begun++;
    this.atHost.set(host, (this.atHost.get(host) ?? 0) + 1);
  }
}

/** What one fetch holds of an Admission. */
export class Ticket implements HopGate {
  private host: string | null = null;
  private hasBegun = false;

  constructor(private readonly admission: Admission) {}

  /** @throws QueueFull at the first hop */
  async enter(host: string, signal: AbortSignal): Promise<void> {
    if (host === this.host) return;
    this.leaveHost();
    if (!(await this.admission.take(host, !this.hasBegun, signal))) return;
    this.host = host;
    this.hasBegun = true;
  }

  /** Gives everything back: the fetch is over. */
  leave(): void {
    this.leaveHost();
    if (this.hasBegun) this.admission.end();
    this.hasBegun = false;
  }

  private leaveHost(): void {
    if (this.host !== null) this.admission.leaveHost(this.host);
    this.host = null;
  }
}
