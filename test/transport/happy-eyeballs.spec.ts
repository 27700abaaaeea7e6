import {
  ATTEMPT_DELAY_MS,
  type Dialling,
  LOST_RACE,
  interleaved,
  race,
} from '../../src/transport/happy-eyeballs';
import type { ResolvedAddress } from '../../src/transport/hosts-file';

function address(text: string): ResolvedAddress {
  return { address: text, family: text.includes(':') ? 6 : 4 };
}

it.each([
  [[], []],
  [['a'], ['a']],
  [
    ['6:1', '6:2', '4-1', '4-2'],
    ['6:1', '4-1', '6:2', '4-2'],
  ],
  [
    ['4-1', '4-2', '4-3', '6:1'],
    ['4-1', '6:1', '4-2', '4-3'],
  ],
  [
    ['6:1', '4-1', '4-2', '4-3'],
    ['6:1', '4-1', '4-2', '4-3'],
  ],
])('the addresses %j are tried in the order %j', (given, order) => {
  expect(interleaved(given.map(address)).map((one) => one.address)).toEqual(order);
});

/** An attempt that ends when a test says so. */
class Attempt implements Dialling<string> {
  readonly connected: Promise<string>;
  abandonedWith: string | null = null;
  connect!: () => void;
  fail!: (error: Error) => void;

  constructor(readonly name: string) {
    this.connected = new Promise((resolve, reject) => {
      this.connect = () => resolve(name);
      this.fail = reject;
    });
  }

  abandon(why: string): void {
    this.abandonedWith = why;
  }
}

describe('a race', () => {
  let attempts: Attempt[];

  beforeEach(() => {
    jest.useFakeTimers();
    attempts = [];
  });

  afterEach(() => {
    expect(jest.getTimerCount()).toBe(0);
    jest.useRealTimers();
  });

  function begin(...names: string[]): Dialling<string> {
    return race(names, (name) => {
      const attempt = new Attempt(name);
      attempts.push(attempt);
      return attempt;
    });
  }

  function dialled(): string[] {
    return attempts.map(({ name }) => name);
  }

  it('begins with the first alone, and the next 250 ms later, while the first goes on', async () => {
    const { connected } = begin('a', 'b', 'c');
    expect(dialled()).toEqual(['a']);
    jest.advanceTimersByTime(ATTEMPT_DELAY_MS - 1);
    expect(dialled()).toEqual(['a']);
    jest.advanceTimersByTime(1);
    expect(dialled()).toEqual(['a', 'b']);
    jest.advanceTimersByTime(ATTEMPT_DELAY_MS);
    expect(dialled()).toEqual(['a', 'b', 'c']);
    attempts[0]!.connect();
    await expect(connected).resolves.toBe('a');
    expect(attempts.map(({ abandonedWith }) => abandonedWith)).toEqual([null, LOST_RACE, LOST_RACE]);
  });

  it('begins the next at once when one fails, and 250 ms count from then', async () => {
    const { connected } = begin('a', 'b', 'c');
    jest.advanceTimersByTime(200);
    attempts[0]!.fail(new Error('refused'));
    await Promise.resolve();
    await Promise.resolve();
    expect(dialled()).toEqual(['a', 'b']);
    jest.advanceTimersByTime(ATTEMPT_DELAY_MS - 1);
    expect(dialled()).toEqual(['a', 'b']);
    jest.advanceTimersByTime(1);
    expect(dialled()).toEqual(['a', 'b', 'c']);
    attempts[1]!.connect();
    await expect(connected).resolves.toBe('b');
    expect(attempts.map(({ abandonedWith }) => abandonedWith)).toEqual([null, null, LOST_RACE]);
  });

  it('fails with the last failure, and not before all have failed', async () => {
    const { connected } = begin('a', 'b');
    jest.advanceTimersByTime(ATTEMPT_DELAY_MS);
    attempts[1]!.fail(new Error('b refused'));
    attempts[0]!.fail(new Error('a refused'));
    await expect(connected).rejects.toThrow('a refused');
    expect(dialled()).toEqual(['a', 'b']);
  });

  it('has one winner when two connect at once', async () => {
    const { connected } = begin('a', 'b');
    jest.advanceTimersByTime(ATTEMPT_DELAY_MS);
    attempts[1]!.connect();
    attempts[0]!.connect();
    await expect(connected).resolves.toBe('b');
    expect(attempts.map(({ abandonedWith }) => abandonedWith)).toEqual([LOST_RACE, null]);
  });

  it('that is abandoned abandons what is under way and begins nothing more', async () => {
    const { connected, abandon } = begin('a', 'b', 'c');
    const settled = jest.fn();
    connected.then(settled, settled);
    jest.advanceTimersByTime(ATTEMPT_DELAY_MS);
    abandon('connect-timeout');
    attempts[0]!.fail(new Error('closed'));
    await Promise.resolve();
    await Promise.resolve();
    jest.advanceTimersByTime(10 * ATTEMPT_DELAY_MS);
    expect(attempts.map(({ abandonedWith }) => abandonedWith)).toEqual([
      'connect-timeout',
      'connect-timeout',
    ]);
    expect(settled).not.toHaveBeenCalled();
  });
});
