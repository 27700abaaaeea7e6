import fc from 'fast-check';
import { Admission, QueueFull, type Ticket } from '../../src/limits/admission';
import { nextTurn } from '../support/sockets';

const STAYING = new AbortController().signal;

function admissionOf(maxConcurrency: number, maxPerHost: number, maxQueue = 10): Admission {
  return new Admission({ maxConcurrency, maxPerHost, maxQueue });
}

/** Lets tickets in one after the other, and notes in which order they get there. */
class Entrance {
  readonly entered: string[] = [];

  constructor(private readonly admission: Admission) {}

  /** A ticket on its way to a host. */
  send(name: string, host: string, signal = STAYING): Ticket {
    const ticket = this.admission.ticket();
    this.go(name, ticket, host, signal);
    return ticket;
  }

  go(name: string, ticket: Ticket, host: string, signal = STAYING): void {
    void ticket.enter(host, signal).then(() => this.entered.push(name));
  }

  async now(): Promise<string> {
    await nextTurn();
    return this.entered.join(' ');
  }
}

describe('fetches', () => {
  it('begin at once while there is room', async () => {
    const admission = admissionOf(3, 3);
    const entrance = new Entrance(admission);
    for (const name of ['a', 'b', 'c']) entrance.send(name, 'one:80');
    expect(await entrance.now()).toBe('a b c');
    expect([admission.running, admission.waiting]).toEqual([3, 0]);
  });

  it('wait for one another, and begin in the order they came', async () => {
    const admission = admissionOf(2, 2);
    const entrance = new Entrance(admission);
    const first = entrance.send('a', 'one:80');
    const second = entrance.send('b', 'two:80');
    entrance.send('c', 'three:80');
    entrance.send('d', 'one:80');
    expect(await entrance.now()).toBe('a b');
    expect([admission.running, admission.waiting]).toEqual([2, 2]);
    second.leave();
    expect(await entrance.now()).toBe('a b c');
    first.leave();
    expect(await entrance.now()).toBe('a b c d');
    expect([admission.running, admission.waiting]).toEqual([2, 0]);
  });

  it('are not held up by those whose host is taken', async () => {
    const entrance = new Entrance(admissionOf(3, 1));
    const first = entrance.send('a', 'slow:80');
    entrance.send('b', 'slow:80');
    entrance.send('c', 'slow:80');
    entrance.send('d', 'quick:80');
    expect(await entrance.now()).toBe('a d');
    first.leave();
    expect(await entrance.now()).toBe('a d b');
  });

  it('have a host to themselves by name and port', async () => {
    const entrance = new Entrance(admissionOf(9, 1));
    for (const host of ['one:80', 'one:81', 'two:80']) entrance.send(host, host);
    expect(await entrance.now()).toBe('one:80 one:81 two:80');
  });

  it('are refused at once when the queue is full', async () => {
    const admission = admissionOf(1, 1, 2);
    const entrance = new Entrance(admission);
    for (const name of ['a', 'b', 'c']) entrance.send(name, 'one:80');
    await expect(admission.ticket().enter('two:80', STAYING)).rejects.toBeInstanceOf(QueueFull);
    expect([admission.running, admission.waiting]).toEqual([1, 2]);
  });

  it('leave the queue when they are given up, and make room for others', async () => {
    const admission = admissionOf(1, 1, 1);
    const entrance = new Entrance(admission);
    const first = entrance.send('a', 'one:80');
    const caller = new AbortController();
    const gone = entrance.send('gone', 'one:80', caller.signal);
    caller.abort();
    expect([await entrance.now(), admission.waiting]).toEqual(['a gone', 0]);
    entrance.send('b', 'one:80');
    gone.leave();
    expect(admission.running).toBe(1);
    first.leave();
    expect([await entrance.now(), admission.running]).toEqual(['a gone b', 1]);
  });

  it('that were given up before they came take nothing', async () => {
    const admission = admissionOf(1, 1);
    const holder = admission.ticket();
    await holder.enter('one:80', STAYING);
    const ticket = admission.ticket();
    await ticket.enter('one:80', AbortSignal.abort());
    ticket.leave();
    expect([admission.running, admission.waiting]).toEqual([1, 0]);
  });

  it('give back what they hold once, however often they leave', async () => {
    const admission = admissionOf(2, 2);
    const ticket = admission.ticket();
    await ticket.enter('one:80', STAYING);
    await admission.ticket().enter('one:80', STAYING);
    ticket.leave();
    ticket.leave();
    expect(admission.running).toBe(1);
  });
});

describe('later hops', () => {
  it('at the same host need nothing more', async () => {
    const admission = admissionOf(2, 1);
    const entrance = new Entrance(admission);
    const ticket = entrance.send('a', 'one:80');
    entrance.send('b', 'one:80');
    await nextTurn();
    for (let hop = 0; hop < 3; hop++) await ticket.enter('one:80', STAYING);
    expect([await entrance.now(), admission.running]).toEqual(['a', 1]);
  });

  it('give back the host before, and wait for the next, before all that have not begun', async () => {
    const admission = admissionOf(3, 1);
    const entrance = new Entrance(admission);
    const holder = entrance.send('holder', 'two:80');
    const moving = entrance.send('a', 'one:80');
    entrance.send('later', 'two:80');
    await nextTurn();
    entrance.go('a2', moving, 'two:80');
    expect(await entrance.now()).toBe('holder a');
    expect([admission.running, admission.waiting]).toEqual([1, 2]);
    holder.leave();
    expect(await entrance.now()).toBe('holder a a2');
    moving.leave();
    expect(await entrance.now()).toBe('holder a a2 later');
  });

  it('hold nothing while they wait: others begin', async () => {
    const admission = admissionOf(2, 1);
    const entrance = new Entrance(admission);
    entrance.send('holder', 'slow:80');
    const moving = entrance.send('a', 'one:80');
    await nextTurn();
    entrance.go('a2', moving, 'slow:80');
    entrance.send('b', 'one:80');
    expect(await entrance.now()).toBe('holder a b');
    expect([admission.running, admission.waiting]).toEqual([2, 1]);
  });

  it('keep all others from beginning while more of them wait than may', async () => {
    const admission = admissionOf(2, 1, 1);
    const entrance = new Entrance(admission);
    const holder = entrance.send('holder', 'slow:80');
    const gone = new AbortController();
    for (const name of ['a', 'b']) {
      const moving = entrance.send(name, `${name}:80`);
      await nextTurn();
      entrance.go(`${name}2`, moving, 'slow:80', gone.signal);
    }
    entrance.send('c', 'c:80');
    expect(await entrance.now()).toBe('holder a b');
    expect([admission.running, admission.waiting]).toEqual([1, 3]);
    gone.abort();
    expect(await entrance.now()).toBe('holder a b a2 b2 c');
    holder.leave();
    expect([admission.running, admission.waiting]).toEqual([1, 0]);
  });

  it('are never refused for a full queue', async () => {
    const admission = admissionOf(2, 1, 0);
    const entrance = new Entrance(admission);
    const holder = entrance.send('holder', 'two:80');
    const moving = entrance.send('a', 'one:80');
    await nextTurn();
    entrance.go('a2', moving, 'two:80');
    expect(await entrance.now()).toBe('holder a');
    holder.leave();
    expect(await entrance.now()).toBe('holder a a2');
  });

  it('that exchange their hosts do not wait for each other', async () => {
    const entrance = new Entrance(admissionOf(2, 1));
    const one = entrance.send('a', 'one:80');
    const two = entrance.send('b', 'two:80');
    await nextTurn();
    entrance.go('a2', one, 'two:80');
    entrance.go('b2', two, 'one:80');
    expect(await entrance.now()).toBe('a b b2 a2');
  });

  it('that are given up hold nothing, and their fetch ends like any other', async () => {
    const admission = admissionOf(2, 1);
    const entrance = new Entrance(admission);
    entrance.send('holder', 'two:80');
    const moving = entrance.send('a', 'one:80');
    await nextTurn();
    const caller = new AbortController();
    entrance.go('a2', moving, 'two:80', caller.signal);
    caller.abort();
    await nextTurn();
    moving.leave();
    expect(admission.running).toBe(1);
    entrance.send('b', 'one:80');
    expect(await entrance.now()).toBe('holder a a2 b');
  });
});

it('whatever fetches do, no limit is passed, no one is forgotten, and in the end nothing is held', async () => {
  const action = fc.record({
    what: fc.constantFrom('send' as const, 'move' as const, 'leave' as const, 'give up' as const),
    which: fc.nat({ max: 20 }),
    host: fc.constantFrom('one:80', 'two:80', 'three:80'),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1, max: 3 }),
      fc.array(action, { maxLength: 60 }),
      async (maxConcurrency, maxPerHost, actions) => {
        const admission = new Admission({ maxConcurrency, maxPerHost, maxQueue: 5 });
        const fetches: Fetching[] = [];
        for (const { what, which, host } of actions) {
          const chosen = fetches[which % Math.max(1, fetches.length)];
          if (what === 'send') fetches.push(new Fetching(admission, host));
          else if (what === 'give up') chosen?.caller.abort();
          else if (chosen?.at !== null && what === 'move') chosen?.go(host);
          else if (chosen?.at !== null) chosen?.leave();
          await nextTurn();
          const holding = fetches.filter(({ at }) => at !== null).map(({ at }) => at!);
          for (const name of ['one:80', 'two:80', 'three:80'])
            expect(holding.filter((at) => at === name).length).toBeLessThanOrEqual(maxPerHost);
          expect(admission.running).toBeLessThanOrEqual(maxConcurrency);
          expect(admission.waiting).toBeLessThanOrEqual(2 * 5 + maxConcurrency);
        }
        // All that still wait get there when those before them leave.
        for (let round = 0; round < fetches.length; round++) {
          for (const fetch of fetches) if (fetch.at !== null) fetch.leave();
          await nextTurn();
        }
        expect(fetches.filter(({ waits }) => waits)).toEqual([]);
        expect([admission.running, admission.waiting]).toEqual([0, 0]);
      },
    ),
    { numRuns: 200 },
  );
});

/** One fetch of the property above. */
class Fetching {
  readonly caller = new AbortController();
  /** the host it is at; null: it is on its way, or over */
  at: string | null = null;
  waits = false;
  private readonly ticket: Ticket;

  constructor(admission: Admission, host: string) {
    this.ticket = admission.ticket();
    this.go(host);
  }

  go(host: string): void {
    if (this.waits) return;
    this.at = null;
    this.waits = true;
    void this.enter(host);
  }

  private async enter(host: string): Promise<void> {
    const entered = await this.ticket.enter(host, this.caller.signal).then(
      () => true,
      () => false,
    );
    this.waits = false;
    if (this.caller.signal.aborted) this.leave();
    else if (entered) this.at = host;
  }

  leave(): void {
    this.at = null;
    this.ticket.leave();
  }
}
