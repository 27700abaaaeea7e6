import { turns } from '../event-loop/turns';
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

/** A hop that waits for its turn, and the host it waits for. */
interface Waiting {
  readonly host: string;
  readonly begin: () => void;
}

/** Admits fetches hop by hop: so many at once, so many at one host, so many waiting in the order they came.
 *
 *  Whoever waits holds nothing: one slow host keeps nobody else from going on, and no two fetches wait for each other.
 *  Fetches that have begun go before those that have not, and are never refused; while more of them wait than may wait at
 *  all, none begins. */
export class Admission {
  private readonly queue = new Set<Waiting>();
  private readonly hops = new Set<Waiting>();
  private readonly atHost = new Map<string, number>();
  private underWay = 0;

  constructor(private readonly limits: AdmissionLimits) {}

  /** Fetches that run. */
  get running(): number {
    return this.underWay;
  }

  /** Fetches that wait, to begin or between two hops. */
  get waiting(): number {
    return this.queue.size + this.hops.size;
  }

  /** The way in for one fetch; it takes nothing before its first hop. */
  ticket(): Ticket {
    return new Ticket(this);
  }

  /** Begins a fetch.
   *  @returns whether it was its turn before `signal` aborted
   *  @throws QueueFull */
  async begin(host: string, signal: AbortSignal): Promise<boolean> {
    if (signal.aborted) return false;
    if (this.newcomersMay && this.fits(host)) return this.occupy(host);
    if (this.queue.size >= this.limits.maxQueue) throw new QueueFull();
    return this.wait(host, this.queue, signal);
  }

  /** Lets a fetch go on at another host.
   *  @param from where it is; null: it has been given up while it waited
   *  @returns whether it was its turn before `signal` aborted */
  move(from: string | null, to: string, signal: AbortSignal): Promise<boolean> {
    if (from !== null) this.vacate(from);
    const moved = signal.aborted
      ? Promise.resolve(false)
      : this.fits(to)
        ? Promise.resolve(this.occupy(to))
        : this.wait(to, this.hops, signal);
    this.admitNext();
    return moved;
  }

  /** A fetch is over. */
  leave(host: string): void {
    this.vacate(host);
    this.admitNext();
  }

  private wait(host: string, line: Set<Waiting>, signal: AbortSignal): Promise<boolean> {
    return new Promise((resolve) => {
      const giveUp = (): void => {
        line.delete(waiting);
        resolve(false);
        this.admitNext();
      };
      const waiting: Waiting = {
        host,
        begin: () => {
          line.delete(waiting);
          signal.removeEventListener('abort', giveUp);
          this.occupy(host);
          // Hundreds that end together have hundreds begin.
          turns.next(() => resolve(true));
        },
      };
      line.add(waiting);
      signal.addEventListener('abort', giveUp, { once: true });
    });
  }

  /** Usually the first of a line may begin; only those whose host is taken are passed over. */
  private admitNext(): void {
    for (const line of [this.hops, this.queue])
      for (const { host, begin } of line) {
        if (this.isFull || (line === this.queue && !this.newcomersMay)) return;
        if (this.fits(host)) begin();
      }
  }

  private get isFull(): boolean {
    return this.underWay >= this.limits.maxConcurrency;
  }

  private get newcomersMay(): boolean {
    return this.hops.size <= this.limits.maxQueue;
  }

  private fits(host: string): boolean {
    return !this.isFull && (this.atHost.get(host) ?? 0) < this.limits.maxPerHost;
  }

  private occupy(host: string): true {
    this.underWay++;
    this.atHost.set(host, (this.atHost.get(host) ?? 0) + 1);
    return true;
  }

  private vacate(host: string): void {
    this.underWay--;
    const left = this.atHost.get(host)! - 1;
    if (left === 0) this.atHost.delete(host);
    else this.atHost.set(host, left);
  }
}

/** What one fetch holds of an Admission. */
export class Ticket implements HopGate {
  /** where it is; null: nowhere */
  private host: string | null = null;
  private hasBegun = false;

  constructor(private readonly admission: Admission) {}

  /** @throws QueueFull at the first hop */
  async enter(host: string, signal: AbortSignal): Promise<void> {
    if (host === this.host) return;
    const from = this.host;
    this.host = null;
    const entered = this.hasBegun
      ? await this.admission.move(from, host, signal)
      : await this.admission.begin(host, signal);
    if (!entered) return;
    this.host = host;
    this.hasBegun = true;
  }

  /** Nobody takes it away. */
  holds(): boolean {
    return true;
  }

  /** Gives back what it holds: the fetch is over. */
  leave(): void {
    if (this.host !== null) this.admission.leave(this.host);
    this.host = null;
  }
}
