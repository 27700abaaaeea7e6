import { getEventListeners } from 'node:events';
import { turns } from '../../src/event-loop/turns';
import { Deadlines, type Interruption } from '../../src/transport/deadlines';
import { nextTurn } from '../support/sockets';

const NEVER = new AbortController().signal;

describe('deadlines', () => {
  // The event loop turns as ever; the clock and its timers do as they are told.
  beforeEach(() => jest.useFakeTimers({ doNotFake: ['setImmediate', 'clearImmediate'] }));
  afterEach(() => jest.useRealTimers());

  /** Lets time pass, then the event loop look for input, and what is due have its turn. */
  async function elapse(ms: number): Promise<void> {
    jest.advanceTimersByTime(ms);
    await nextTurn();
    await nextTurn();
  }

  /** Deadlines of a fetch that may take so long, and what they have told so far. */
  function deadlinesOf(
    totalMs: number,
    signal = NEVER,
  ): { readonly deadlines: Deadlines; readonly told: readonly Interruption[] } {
    const deadlines = new Deadlines(performance.now() + totalMs, signal);
    const told: Interruption[] = [];
    deadlines.listen((why) => told.push(why));
    return { deadlines, told };
  }

  it('tell that the phase has run out, not before it has, and once', async () => {
    const { deadlines, told } = deadlinesOf(10_000);
    deadlines.start(100);
    await elapse(99);
    expect([deadlines.interruption, told]).toEqual([null, []]);
    await elapse(1);
    expect([deadlines.interruption, told]).toEqual(['phase', ['phase']]);
    await elapse(20_000);
    expect(told).toEqual(['phase']);
  });

  it('tell that the whole fetch has run out, with a phase or without', async () => {
    for (const phaseMs of [null, 1_000]) {
      const { deadlines, told } = deadlinesOf(100);
      deadlines.start(phaseMs);
      await elapse(99);
      expect(told).toEqual([]);
      await elapse(1);
      expect([deadlines.interruption, told]).toEqual(['total', ['total']]);
    }
  });

  it('that run out together tell a few in each turn', async () => {
    const told: number[] = [];
    let turn = 0;
    for (let fetch = 0; fetch < 9; fetch++)
      new Deadlines(performance.now() + 100, NEVER).listen(() => {
        told.push(turn);
        // So long takes what follows.
        jest.advanceTimersByTime(1);
      });
    jest.advanceTimersByTime(100);
    for (; turn < 7; turn++) await nextTurn();
    expect(told).toEqual([1, 1, 2, 2, 3, 3, 4, 4, 5]);
  });

  it('that may not tell yet keep nothing else waiting', async () => {
    let isBehind = true;
    const told: Interruption[] = [];
    for (let fetch = 0; fetch < 100; fetch++) {
      const deadlines = new Deadlines(performance.now() + 100, NEVER);
      deadlines.mind(() => isBehind);
      deadlines.listen((why) => told.push(why));
    }
    await elapse(100);
    let isDone = false;
    turns.next(() => (isDone = true));
    await nextTurn();
    expect([isDone, told]).toEqual([true, []]);
    isBehind = false;
    for (let turn = 0; turn < 10; turn++) await nextTurn();
    expect(told).toHaveLength(100);
  });

  it('do not tell while input may be there that was not looked for', async () => {
    const { deadlines, told } = deadlinesOf(10_000);
    let isBehind = true;
    deadlines.mind(() => isBehind);
    deadlines.start(100);
    await elapse(100);
    await nextTurn();
    expect(told).toEqual([]);
    isBehind = false;
    await nextTurn();
    await nextTurn();
    expect(told).toEqual(['phase']);
  });

  it('look for input before they tell', async () => {
    const { deadlines, told } = deadlinesOf(10_000);
    deadlines.start(100);
    jest.advanceTimersByTime(1_000);
    expect(told).toEqual([]);
    deadlines.touch(performance.now());
    await nextTurn();
    expect(told).toEqual([]);
  });

  it('tell so before any phase has begun', async () => {
    const { told } = deadlinesOf(100);
    await elapse(100);
    expect(told).toEqual(['total']);
  });

  it('tell at once of a fetch that is over before it begins', async () => {
    const { told } = deadlinesOf(-5);
    await elapse(1);
    expect(told).toEqual(['total']);
  });

  it.each<[phaseMs: number, totalMs: number, Interruption]>([
    [99, 100, 'phase'],
    [100, 100, 'phase'],
    [125, 100, 'phase'],
    [126, 100, 'total'],
  ])('a phase of %i ms within a fetch of %i ms: the %s runs out', async (phaseMs, totalMs, why) => {
    const { deadlines, told } = deadlinesOf(totalMs);
    deadlines.start(phaseMs);
    await elapse(Math.min(phaseMs, totalMs));
    expect(told).toEqual([why]);
  });

  it('count a phase from its start, and the one before it no more', async () => {
    const { deadlines, told } = deadlinesOf(10_000);
    deadlines.start(100);
    await elapse(90);
    deadlines.start(200);
    await elapse(199);
    expect(told).toEqual([]);
    await elapse(1);
    expect(told).toEqual(['phase']);
  });

  it('let a phase without a limit last', async () => {
    const { deadlines, told } = deadlinesOf(10_000);
    deadlines.start(100);
    deadlines.start(null);
    await elapse(9_999);
    expect(told).toEqual([]);
  });

  describe('that are touched', () => {
    it('count silence from the last touch', async () => {
      const { deadlines, told } = deadlinesOf(10_000);
      deadlines.start(100);
      for (let touches = 0; touches < 20; touches++) {
        await elapse(90);
        deadlines.touch(performance.now());
      }
      await elapse(99);
      expect(told).toEqual([]);
      await elapse(1);
      expect(told).toEqual(['phase']);
    });

    it('move no timer', async () => {
      const { deadlines } = deadlinesOf(10_000);
      deadlines.start(100);
      const set = jest.spyOn(globalThis, 'setTimeout');
      const cleared = jest.spyOn(globalThis, 'clearTimeout');
      for (let touches = 0; touches < 1_000; touches++) deadlines.touch(performance.now());
      expect([set.mock.calls.length, cleared.mock.calls.length]).toEqual([0, 0]);
      expect(jest.getTimerCount()).toBe(2);
    });

    it('look again after each limit, and have two timers at most', async () => {
      const { deadlines } = deadlinesOf(10_000);
      deadlines.start(100);
      const set = jest.spyOn(globalThis, 'setTimeout');
      for (let at = 0; at < 1_000; at++) {
        await elapse(1);
        deadlines.touch(performance.now());
        expect(jest.getTimerCount()).toBe(2);
      }
      // once for each limit that passed, for the phase and for the whole
      expect(set.mock.calls.length).toBeLessThanOrEqual(22);
    });

    it('do not prolong the whole fetch', async () => {
      const { deadlines, told } = deadlinesOf(1_000);
      deadlines.start(100);
      for (let at = 0; at < 1_000; at += 50) {
        expect(told).toEqual([]);
        deadlines.touch(performance.now());
        await elapse(50);
      }
      // The phase would have run out 50 ms later.
      expect(told).toEqual(['total']);
    });
  });

  it.each<[phaseMs: number | null, totalMs: number, Interruption]>([
    [100, 10_000, 'phase'],
    [null, 100, 'total'],
  ])('believe no timer that fires early: phase %j, total %i', async (phaseMs, totalMs, why) => {
    const { deadlines, told } = deadlinesOf(totalMs);
    deadlines.start(phaseMs);
    const clock = jest.spyOn(performance, 'now').mockReturnValue(performance.now() + 99.25);
    await elapse(100);
    expect(told).toEqual([]);
    clock.mockRestore();
    await elapse(1);
    expect(told).toEqual([why]);
  });

  describe('and who listens', () => {
    it('after they have run out is told at once', async () => {
      const { deadlines } = deadlinesOf(100);
      await elapse(100);
      const told: Interruption[] = [];
      deadlines.listen((why) => told.push(why));
      expect(told).toEqual(['total']);
    });

    it('takes the place of who listened before', async () => {
      const { deadlines, told } = deadlinesOf(100);
      const later: Interruption[] = [];
      deadlines.listen((why) => later.push(why));
      await elapse(100);
      expect([told, later]).toEqual([[], ['total']]);
    });

    it('may ask what has run out', async () => {
      const { deadlines } = deadlinesOf(100);
      let asked: Interruption | null = null;
      deadlines.listen(() => (asked = deadlines.interruption));
      await elapse(100);
      expect(asked).toBe('total');
    });
  });

  describe('of a fetch that is cancelled', () => {
    it('before it begins tell so at once, and have no timer', async () => {
      const { deadlines, told } = deadlinesOf(100, AbortSignal.abort());
      expect([deadlines.interruption, told]).toEqual(['cancelled', ['cancelled']]);
      deadlines.start(50);
      expect(jest.getTimerCount()).toBe(0);
      await elapse(1_000);
      expect(told).toEqual(['cancelled']);
    });

    it('while it runs tell so at once, and once', async () => {
      const controller = new AbortController();
      const { deadlines, told } = deadlinesOf(100, controller.signal);
      deadlines.start(50);
      controller.abort();
      expect([deadlines.interruption, told]).toEqual(['cancelled', ['cancelled']]);
      expect(jest.getTimerCount()).toBe(0);
      await elapse(1_000);
      expect(told).toEqual(['cancelled']);
    });

    it('after they have run out stay with what they told', async () => {
      const controller = new AbortController();
      const { deadlines, told } = deadlinesOf(100, controller.signal);
      await elapse(100);
      controller.abort();
      expect([deadlines.interruption, told]).toEqual(['total', ['total']]);
    });
  });

  describe('that are closed', () => {
    it('have neither timer nor listener left, and tell nothing', async () => {
      const controller = new AbortController();
      const { deadlines, told } = deadlinesOf(100, controller.signal);
      deadlines.start(50);
      deadlines.close();
      expect(jest.getTimerCount()).toBe(0);
      expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
      controller.abort();
      await elapse(1_000);
      expect([deadlines.interruption, told]).toEqual([null, []]);
    });

    it('begin no phase', async () => {
      const { deadlines, told } = deadlinesOf(100);
      deadlines.close();
      deadlines.start(50);
      deadlines.close();
      expect(jest.getTimerCount()).toBe(0);
      await elapse(1_000);
      expect(told).toEqual([]);
    });

    it('between a timer and the look for input that follows it tell nothing', async () => {
      const { deadlines, told } = deadlinesOf(10_000);
      deadlines.start(50);
      jest.advanceTimersByTime(50);
      deadlines.close();
      expect(jest.getTimerCount()).toBe(0);
      await elapse(20_000);
      expect([deadlines.interruption, told]).toEqual([null, []]);
    });

    it('by running out leave nothing either', async () => {
      const controller = new AbortController();
      const { deadlines } = deadlinesOf(100, controller.signal);
      deadlines.start(5_000);
      await elapse(100);
      expect(deadlines.interruption).toBe('total');
      expect(jest.getTimerCount()).toBe(0);
      expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
    });
  });
});

it('deadlines that are closed leave no timer to the process', () => {
  const timers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
  const before = timers();
  const deadlines = Array.from({ length: 1_000 }, () => new Deadlines(performance.now() + 60_000, NEVER));
  for (const one of deadlines) one.start(30_000);
  // The test runner has a few timers of its own, which come and go.
  expect(timers() - before).toBeGreaterThan(1_900);
  for (const one of deadlines) one.close();
  expect(timers() - before).toBeLessThan(100);
});
