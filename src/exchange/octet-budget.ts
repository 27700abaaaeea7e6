import { OctetStore } from './octet-store';

/** What a fetch may hold without asking: small answers end here. */
export const FREE_BYTES = 8_192;
/** so many fetches hold that beside what all may hold together; more make it less, to no less than a quarter */
const FEW_FETCHES = 64;
/** by so much each: what it holds without asking, and what it and its caller take of the runtime, of which buffers of
 *  connections and decoders are a part */
export const FETCH_BYTES = 32_768;
const LEAST_SHARE = 0.25;
/** the most that a read returns when memory is scarce */
const SMALL_READ_BYTES = 8_192;
/** so long an answer may be on its way when others want the memory it holds */
const TAKING_MS = 10_000;
/** and so long they wait for it before it is called back */
const PATIENCE_MS = 1_000;

/** An answer on its way to its caller. */
interface Lent {
  readonly since: number;
  readonly recall: () => void;
}

/** What all fetches together may hold of what they received. All that was received is held, so that none of it is
 *  lost; a fetch that holds more than it was granted reads no more until it is granted that.
 *
 *  Whoever began first is served first: a fetch that ends gives back what it holds, while a hundred that hold a part
 *  each would all wait. So that this cannot be for ever, one fetch at a time is granted what there is not, and an answer
 *  that its caller takes slowly is called back when others wait for what it holds: the eldest first. */
export class OctetBudget {
  private granted = 0;
  private opened = 0;
  /** that are open */
  private accounts = 0;
  /** of the requests that they were opened for */
  private requestBytes = 0;
  private readonly waiting = new Set<OctetAccount>();
  /** was granted what there is not */
  private favoured: OctetAccount | null = null;
  private readonly lent = new Map<OctetAccount, Lent>();
  private recalling: NodeJS.Timeout | null = null;

  /** @param maxBytes beside what each of a few fetches may hold without asking */
  constructor(
    private readonly maxBytes: number,
    private readonly takingMs = TAKING_MS,
    private readonly patienceMs = PATIENCE_MS,
  ) {}

  /** Octets granted. */
  get grantedBytes(): number {
    return this.granted;
  }

  /** Fetches that read no more until others give back. */
  get waitingFetches(): number {
    return this.waiting.size;
  }

  /** Octets that may be granted in all: the fewer, the more fetches there are, and the more they hold to be sent. */
  get grantableBytes(): number {
    const others = Math.max(0, this.accounts - FEW_FETCHES);
    const rest = this.maxBytes - this.requestBytes - others * FETCH_BYTES;
    return Math.max(this.maxBytes * LEAST_SHARE, rest);
  }

  /** Whether so much more leaves half of it to others, and nobody waits. */
  isPlenty(bytes: number): boolean {
    return this.waiting.size === 0 && this.granted + bytes <= this.grantableBytes / 2;
  }

  /** Whether there is not enough for each fetch to hold so much more, or some wait. */
  isScarce(bytes: number): boolean {
    return this.waiting.size > 0 || this.granted + this.accounts * bytes > this.grantableBytes;
  }

  /** Opens the account of one fetch. Whoever opens it closes it when the answer has left.
   *  @param requestBytes held to be sent, which leaves less for what is received */
  open(requestBytes = 0): OctetAccount {
    this.accounts++;
    this.requestBytes += requestBytes;
    return new OctetAccount(this, this.opened++, requestBytes);
  }

  /** Grants what an account lacks, now or later. */
  ask(account: OctetAccount): void {
    this.waiting.add(account);
    this.grant();
    this.watch();
  }

  /** Notes that what an account holds is an answer on its way.
   *  @param recall ends that way */
  lend(account: OctetAccount, recall: () => void): void {
    this.lent.set(account, { since: performance.now(), recall });
    this.watch();
  }

  reclaim(account: OctetAccount): void {
    this.lent.delete(account);
    this.watch();
  }

  /** An account is closed: there may be more to grant. */
  forget(account: OctetAccount): void {
    this.accounts--;
    this.requestBytes -= account.requestBytes;
    this.lent.delete(account);
    this.grant();
    this.watch();
  }

  /** Takes back what an account was granted. */
  takeBack(account: OctetAccount, bytes: number): void {
    this.granted -= bytes;
    if (account.lacking === 0 && this.waiting.delete(account)) account.cover();
    this.grant();
    this.watch();
  }

  /** Waits for the eldest answer as long as fetches wait for memory. */
  private watch(): void {
    const [eldest] = this.lent.values();
    if (this.waiting.size === 0 || eldest === undefined) {
      if (this.recalling !== null) clearTimeout(this.recalling);
      this.recalling = null;
      return;
    }
    this.recalling ??= setTimeout(
      () => {
        this.recalling = null;
        this.recallEldest();
      },
      Math.max(this.patienceMs, eldest.since + this.takingMs - performance.now()),
    );
  }

  /** Of those that have had their time; its account is closed by whoever sends it. */
  private recallEldest(): void {
    const [eldest] = this.lent.values();
    if (eldest !== undefined && performance.now() - eldest.since >= this.takingMs) eldest.recall();
    this.watch();
  }

  private grant(): void {
    if (this.granted <= this.grantableBytes) this.favoured = null;
    for (let next = this.next(); next !== null; next = this.next()) {
      const granted = this.granted + next.lacking;
      if (granted > this.grantableBytes) {
        if (this.favoured !== null && this.favoured !== next) return;
        this.favoured = next;
      }
      this.granted = granted;
      this.waiting.delete(next);
      next.cover();
    }
  }

  /** The favoured one goes before its elders: they may wait for what it holds. */
  private next(): OctetAccount | null {
    if (this.favoured !== null && this.waiting.has(this.favoured)) return this.favoured;
    let eldest: OctetAccount | null = null;
    for (const account of this.waiting) if (eldest === null || account.age < eldest.age) eldest = account;
    return eldest;
  }
}

/** What one fetch holds: counted, and freed when it is closed rather than when a collector comes by. */
export class OctetAccount {
  private held = 0;
  /** of that, what is held until it is unpinned */
  private pinned = 0;
  private granted = 0;
  private isClosed = false;
  private readonly stores = new Set<OctetStore>();
  private covering: PromiseWithResolvers<void> | null = null;
  private waitedBeforeMs = 0;
  private waitingSince: number | null = null;

  /** @param age the lower the earlier it was opened */
  constructor(
    private readonly budget: OctetBudget,
    readonly age: number,
    readonly requestBytes: number,
  ) {}

  /** Whether anybody waits for memory. */
  get isWanted(): boolean {
    return this.budget.waitingFetches > 0;
  }

  /** Octets held without having been granted. */
  get lacking(): number {
    return Math.max(0, this.held - FREE_BYTES - this.granted);
  }

  /** Whether nothing more should be read until `covered`. */
  get overdrawn(): boolean {
    return this.lacking > 0;
  }

  /** Whether so much more would be missed by nobody. */
  isPlenty(bytes: number): boolean {
    return this.budget.isPlenty(bytes);
  }

  /** What the next read may return: what was read is held whether it was granted or not, so that where memory is scarce
   *  a fetch is to read little before it waits.
   *  @param bufferBytes asked for */
  nextReadBytes(bufferBytes: number): number {
    if (bufferBytes <= SMALL_READ_BYTES || !this.budget.isScarce(bufferBytes)) return bufferBytes;
    return SMALL_READ_BYTES;
  }

  /** Milliseconds for which it was overdrawn. */
  get waitedMs(): number {
    return this.waitedBeforeMs + (this.waitingSince === null ? 0 : performance.now() - this.waitingSince);
  }

  /** What is held is an answer on its way from now on.
   *  @param recall ends that way, when its caller is slow to take it and others wait for memory */
  lend(recall: () => void): void {
    if (!this.isClosed) this.budget.lend(this, recall);
  }

  /** What was lent is in use here again. */
  reclaim(): void {
    this.budget.reclaim(this);
  }

  /** @returns when all that is held has been granted, or the account is closed */
  covered(): Promise<void> {
    if (!this.overdrawn) return Promise.resolve();
    this.covering ??= Promise.withResolvers<void>();
    return this.covering.promise;
  }

  /** Notes that so much more is held. */
  hold(bytes: number): void {
    if (this.isClosed) return;
    this.held += bytes;
    if (!this.overdrawn) return;
    this.budget.ask(this);
    // What is granted at once was not waited for, however long the process was held up meanwhile.
    if (this.overdrawn) this.waitingSince ??= performance.now();
  }

  /** Notes that so much is held no more. */
  drop(bytes: number): void {
    if (!this.isClosed) this.giveBack(bytes);
  }

  /** Notes that so much more is held, and that closing the account does not end it.
   *  @returns ends it; to be called once */
  pin(bytes: number): () => void {
    if (this.isClosed) return () => undefined;
    this.pinned += bytes;
    this.hold(bytes);
    return () => {
      this.pinned -= bytes;
      this.giveBack(bytes);
    };
  }

  /** A store of this account.
   *  @param maxBytes the most to keep
   *  @param keep false: only count and digest */
  store(maxBytes: number, keep = true): OctetStore {
    const store = new OctetStore(maxBytes, keep, this);
    this.stores.add(store);
    return store;
  }

  /** A store that holds without having to be granted anything, and is freed with the others. */
  uncountedStore(maxBytes: number): OctetStore {
    const store = new OctetStore(maxBytes);
    this.stores.add(store);
    return store;
  }

  /** Frees what a store of this account holds. */
  free(store: OctetStore): void {
    this.stores.delete(store);
    store.free();
  }

  /** Frees what all stores hold, and gives back what was granted, but for what is pinned. */
  close(): void {
    if (this.isClosed) return;
    for (const store of this.stores) this.free(store);
    this.drop(this.held - this.pinned);
    this.isClosed = true;
    this.budget.forget(this);
  }

  /** Called when what it lacked has been granted. */
  cover(): void {
    this.granted += this.lacking;
    this.waitedBeforeMs = this.waitedMs;
    this.waitingSince = null;
    this.covering?.resolve();
    this.covering = null;
  }

  private giveBack(bytes: number): void {
    this.held -= bytes;
    const excess = Math.max(0, this.granted - Math.max(0, this.held - FREE_BYTES));
    this.granted -= excess;
    this.budget.takeBack(this, excess);
  }
}
