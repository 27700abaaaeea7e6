import fc from 'fast-check';
import { FETCH_BYTES, FREE_BYTES, type OctetAccount, OctetBudget } from '../../src/exchange/octet-budget';
import { nextTurn } from '../support/sockets';

const MAX_BYTES = 1_000;

/** An account that holds so much beyond what is free. */
function holding(budget: OctetBudget, bytes: number): OctetAccount {
  const account = budget.open();
  account.hold(FREE_BYTES + bytes);
  return account;
}

describe('an account', () => {
  it('holds its free share without asking', async () => {
    const budget = new OctetBudget(0);
    const account = budget.open();
    account.hold(FREE_BYTES);
    expect([account.overdrawn, budget.grantedBytes, budget.waitingFetches]).toEqual([false, 0, 0]);
    await account.covered();
  });

  it('is granted what it holds beyond that, and gives it back when it drops or closes', () => {
    const budget = new OctetBudget(MAX_BYTES);
    const account = holding(budget, 600);
    expect([account.overdrawn, budget.grantedBytes]).toEqual([false, 600]);
    account.drop(100);
    expect(budget.grantedBytes).toBe(500);
    account.close();
    account.close();
    expect(budget.grantedBytes).toBe(0);
  });

  it('that is closed holds nothing more', () => {
    const budget = new OctetBudget(MAX_BYTES);
    const account = holding(budget, 10);
    account.close();
    account.hold(FREE_BYTES + 500);
    account.drop(5);
    expect([budget.grantedBytes, account.overdrawn]).toEqual([0, false]);
  });

  it('that is closed holds what is pinned until it is unpinned', () => {
    const budget = new OctetBudget(Infinity);
    const account = holding(budget, 10);
    const unpin = account.pin(FREE_BYTES + 500);
    expect(budget.grantedBytes).toBe(FREE_BYTES + 510);
    account.close();
    expect(budget.grantedBytes).toBe(500);
    unpin();
    account.pin(500)();
    expect(budget.grantedBytes).toBe(0);
  });

  it('waits while nothing is left, and goes on when others give back', async () => {
    const budget = new OctetBudget(MAX_BYTES);
    const first = holding(budget, 900);
    const favoured = holding(budget, 500);
    expect(favoured.overdrawn).toBe(false);
    const waiting = holding(budget, 300);
    expect([waiting.overdrawn, budget.waitingFetches]).toEqual([true, 1]);
    const covered = waiting.covered();
    first.close();
    expect([waiting.overdrawn, budget.waitingFetches, budget.grantedBytes]).toEqual([false, 0, 800]);
    await covered;
  });

  it('that waits is waited for no more when it is closed, or drops what it lacks', async () => {
    const budget = new OctetBudget(MAX_BYTES);
    holding(budget, 900);
    holding(budget, 500);
    const closed = holding(budget, 300);
    const dropping = holding(budget, 300);
    const waits = Promise.all([closed.covered(), dropping.covered()]);
    closed.close();
    dropping.drop(300);
    expect([dropping.overdrawn, budget.waitingFetches]).toEqual([false, 0]);
    await waits;
  });

  it('frees its stores when it is closed', () => {
    const budget = new OctetBudget(Infinity);
    const account = budget.open();
    const store = account.store(1_000_000);
    store.append(Buffer.alloc(300_000, 'x'));
    expect(budget.grantedBytes).toBeGreaterThanOrEqual(300_000 - FREE_BYTES);
    account.close();
    expect([store.octets.length, store.bytes, budget.grantedBytes]).toEqual([0, 300_000, 0]);
  });
});

describe('a store that is not counted', () => {
  it('takes nothing of the budget, and is freed with the others', () => {
    const budget = new OctetBudget(0);
    const account = budget.open();
    const store = account.uncountedStore(1_000_000);
    store.append(Buffer.alloc(300_000, 'x'));
    expect([account.overdrawn, budget.grantedBytes, store.octets.length]).toEqual([false, 0, 300_000]);
    account.close();
    expect([store.octets.length, store.bytes]).toEqual([0, 300_000]);
  });
});

describe('the next read', () => {
  const BUFFER = 65_536;

  it('may return what was asked for while there is enough for all who are at it', () => {
    const budget = new OctetBudget(3 * BUFFER);
    const [first, second, third] = [budget.open(), budget.open(), budget.open()];
    expect(third.nextReadBytes(BUFFER)).toBe(BUFFER);
    const fourth = budget.open();
    expect([third.nextReadBytes(BUFFER), fourth.nextReadBytes(BUFFER)]).toEqual([8_192, 8_192]);
    first.close();
    expect(fourth.nextReadBytes(BUFFER)).toBe(BUFFER);
    second.hold(FREE_BYTES + 1);
    expect(fourth.nextReadBytes(BUFFER)).toBe(8_192);
  });

  it('is small while somebody waits for memory, and never larger than was asked for', () => {
    const budget = new OctetBudget(100 * BUFFER);
    const [first, second] = [holding(budget, 100 * BUFFER), holding(budget, 1)];
    holding(budget, 1);
    expect(budget.waitingFetches).toBe(1);
    first.drop(50 * BUFFER);
    expect([budget.waitingFetches, second.nextReadBytes(BUFFER)]).toEqual([0, BUFFER]);
    const crowded = new OctetBudget(0).open();
    expect([1, 8_192, 8_193].map((bytes) => crowded.nextReadBytes(bytes))).toEqual([1, 8_192, 8_192]);
  });
});

describe('many fetches', () => {
  it('leave less to grant, for what each holds without asking, and no less than a quarter', () => {
    const budget = new OctetBudget(100 * FETCH_BYTES);
    const idle = Array.from({ length: 63 }, () => budget.open());
    const reading = budget.open();
    expect(budget.isPlenty(50 * FETCH_BYTES)).toBe(true);
    idle.push(budget.open());
    expect([50, 49.5].map((share) => budget.isPlenty(share * FETCH_BYTES))).toEqual([false, true]);
    while (idle.length < 1_000) idle.push(budget.open());
    expect([13, 12.5].map((share) => budget.isPlenty(share * FETCH_BYTES))).toEqual([false, true]);
    for (const account of idle) account.close();
    expect(budget.isPlenty(50 * FETCH_BYTES)).toBe(true);
    reading.close();
  });

  it('that end let others have what they wait for', async () => {
    const budget = new OctetBudget(100 * FETCH_BYTES);
    const idle = Array.from({ length: 126 }, () => budget.open());
    const [favoured, waiting] = [holding(budget, 40 * FETCH_BYTES), holding(budget, 10 * FETCH_BYTES)];
    expect([favoured.overdrawn, waiting.overdrawn]).toEqual([false, true]);
    const covered = waiting.covered();
    for (const account of idle) account.close();
    await covered;
    expect(budget.waitingFetches).toBe(0);
  });

  it('that end leave nobody favoured for what there is by then', () => {
    const budget = new OctetBudget(100 * FETCH_BYTES);
    const idle = Array.from({ length: 80 }, () => budget.open());
    const favoured = holding(budget, 90 * FETCH_BYTES);
    // 74 are left: ten of them too many, and there is as much as the favoured one holds.
    for (const account of idle.slice(0, 7)) account.close();
    const next = holding(budget, 20 * FETCH_BYTES);
    expect([favoured.overdrawn, next.overdrawn, budget.waitingFetches]).toEqual([false, false, 0]);
  });
});

describe('requests with content', () => {
  it('leave less to grant while they are there, and no less than a quarter', () => {
    const budget = new OctetBudget(MAX_BYTES);
    const first = budget.open(600);
    expect(budget.grantableBytes).toBe(400);
    const second = budget.open(300);
    expect(budget.grantableBytes).toBe(250);
    first.close();
    first.close();
    expect(budget.grantableBytes).toBe(700);
    second.close();
    expect(budget.grantableBytes).toBe(MAX_BYTES);
  });

  it('that end let others have what they wait for', () => {
    const budget = new OctetBudget(MAX_BYTES);
    const sending = budget.open(600);
    const [favoured, waiting] = [holding(budget, 500), holding(budget, 100)];
    expect([favoured.overdrawn, waiting.overdrawn]).toEqual([false, true]);
    sending.close();
    expect([waiting.overdrawn, budget.grantedBytes]).toEqual([false, 600]);
  });
});

describe('what there is not', () => {
  it('is granted to one account at a time, the eldest first', () => {
    const budget = new OctetBudget(MAX_BYTES);
    const [eldest, second, third] = [budget.open(), budget.open(), budget.open()];
    const before = holding(budget, MAX_BYTES);
    third.hold(FREE_BYTES + 200);
    expect(third.overdrawn).toBe(false);
    second.hold(FREE_BYTES + 100);
    eldest.hold(FREE_BYTES + 100);
    expect([eldest.overdrawn, second.overdrawn]).toEqual([true, true]);
    before.drop(250);
    expect([eldest.overdrawn, second.overdrawn]).toEqual([false, true]);
    eldest.close();
    expect(second.overdrawn).toBe(false);
  });

  it('is granted again and again to the one that has it, also before its elders', () => {
    const budget = new OctetBudget(100);
    const elder = budget.open();
    const younger = budget.open();
    elder.hold(FREE_BYTES + 50);
    younger.hold(FREE_BYTES + 50);
    younger.hold(10);
    elder.hold(10);
    younger.hold(10);
    expect([elder.overdrawn, younger.overdrawn]).toEqual([true, false]);
    younger.close();
    expect(elder.overdrawn).toBe(false);
  });
});

describe('an answer on its way', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  /** An account whose answer is on its way, and what is left of it when it is called back. */
  function lending(budget: OctetBudget, bytes: number): { account: OctetAccount; recalls: () => number } {
    const account = holding(budget, bytes);
    let recalls = 0;
    account.lend(() => {
      recalls++;
      account.close();
    });
    return { account, recalls: () => recalls };
  }

  it('is called back when others wait for what it holds, the eldest first and no more than needed', () => {
    const budget = new OctetBudget(MAX_BYTES);
    const elder = lending(budget, 600);
    jest.advanceTimersByTime(5_000);
    const younger = lending(budget, 600);
    const waiting = holding(budget, 300);
    expect(waiting.overdrawn).toBe(true);
    jest.advanceTimersByTime(4_999);
    expect([elder.recalls(), younger.recalls()]).toEqual([0, 0]);
    jest.advanceTimersByTime(1);
    expect([elder.recalls(), younger.recalls()]).toEqual([1, 0]);
    expect(waiting.overdrawn).toBe(false);
    jest.advanceTimersByTime(60_000);
    expect(younger.recalls()).toBe(0);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('that has long been on its way has a second more', () => {
    const budget = new OctetBudget(MAX_BYTES);
    const slow = lending(budget, 1_200);
    jest.advanceTimersByTime(60_000);
    expect(holding(budget, 100).overdrawn).toBe(true);
    jest.advanceTimersByTime(999);
    expect(slow.recalls()).toBe(0);
    jest.advanceTimersByTime(1);
    expect(slow.recalls()).toBe(1);
  });

  it('that arrives in time is not called back, and nothing is left of it', () => {
    const budget = new OctetBudget(MAX_BYTES);
    const { account, recalls } = lending(budget, 1_200);
    const waiting = holding(budget, 100);
    expect(jest.getTimerCount()).toBe(1);
    account.close();
    expect([waiting.overdrawn, jest.getTimerCount()]).toEqual([false, 0]);
    jest.advanceTimersByTime(60_000);
    expect(recalls()).toBe(0);
  });

  it('tells of no wait where it grants at once, though the process is held up meanwhile', () => {
    let now = 0;
    const clock = jest.spyOn(performance, 'now').mockImplementation(() => (now += 2));
    const account = holding(new OctetBudget(MAX_BYTES), 100);
    expect(account.waitedMs).toBe(0);
    clock.mockRestore();
  });

  it('makes the wait known to those who waited', () => {
    const budget = new OctetBudget(MAX_BYTES);
    lending(budget, 1_200);
    const waiting = holding(budget, 100);
    jest.advanceTimersByTime(3_000);
    expect(waiting.waitedMs).toBe(3_000);
    jest.advanceTimersByTime(60_000);
    expect(waiting.waitedMs).toBe(10_000);
  });
});

it('however fetches grow, none waits for ever, and no more is granted than there is and one of them needs', async () => {
  const fetches = fc.array(fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 8 }), {
    minLength: 1,
    maxLength: 12,
  });
  await fc.assert(
    fc.asyncProperty(fetches, fc.infiniteStream(fc.nat()), async (growths, choices) => {
      const budget = new OctetBudget(MAX_BYTES);
      const largest = Math.max(...growths.map((steps) => steps.reduce((sum, step) => sum + step, 0)));
      const running = new Map(
        growths.map((steps) => {
          const account = budget.open();
          account.hold(FREE_BYTES);
          return [account, [...steps]] as [OctetAccount, number[]];
        }),
      );
      while (running.size > 0) {
        const able = [...running.keys()].filter((account) => !account.overdrawn);
        expect(able).not.toEqual([]);
        const account = able[choices.next().value! % able.length]!;
        const step = running.get(account)!.shift();
        if (step !== undefined) account.hold(step);
        else {
          account.close();
          running.delete(account);
        }
        expect(budget.grantedBytes).toBeLessThanOrEqual(MAX_BYTES + largest);
      }
      await nextTurn();
      expect([budget.grantedBytes, budget.waitingFetches]).toEqual([0, 0]);
    }),
  );
});
