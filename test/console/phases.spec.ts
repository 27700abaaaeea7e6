import { begin, breakOff, foldAll, waited } from '../../src/console/page/fetch-state';
import { barsOf, elapsedOf, phaseOf } from '../../src/console/page/phases';
import { connected, exchange, head, read, redirect, resolved, result, sent, timings } from './events';
import type { FetchEvent } from '../../src/console/page/data';

function barsAfter(events: readonly FetchEvent[], url = 'http://a.example/'): unknown[] {
  const { hops } = foldAll(begin(url), events);
  return barsOf(hops.at(-1)!).map(({ phase, fromMs, toMs }) => [phase, fromMs, toMs]);
}

const secured: FetchEvent = { event: 'secured', atMs: 30, hop: 0, tls: {} as never };

describe('the bars of an exchange that runs', () => {
  it.each<[string, FetchEvent[], unknown[]]>([
    ['is waited for by the service', [], [['queue', 0, null]]],
    [
      'is dialled',
      [resolved(4)],
      [
        ['dns', 0, 4],
        ['connect', 4, null],
      ],
    ],
    [
      'is written to',
      [resolved(4), connected(10)],
      [
        ['dns', 0, 4],
        ['connect', 4, 10],
        ['send', 10, null],
      ],
    ],
    [
      'is waited for',
      [resolved(4), connected(10), sent(11)],
      [
        ['dns', 0, 4],
        ['connect', 4, 10],
        ['send', 10, 11],
        ['wait', 11, null],
      ],
    ],
    [
      'is read',
      [resolved(4), connected(10), sent(11), read(50, 1), head(51), read(60, 1)],
      [
        ['dns', 0, 4],
        ['connect', 4, 10],
        ['send', 10, 11],
        ['wait', 11, 50],
        ['receive', 50, null],
      ],
    ],
  ])('end open while it %s', (_, events, bars) => {
    expect(barsAfter(events)).toEqual(bars);
  });

  it('have TLS over https alone', () => {
    const events = [resolved(4), connected(10)];
    expect(barsAfter(events, 'https://a.example/').at(-1)).toEqual(['tls', 10, null]);
    expect(barsAfter([...events, secured], 'HTTPS://a.example/').slice(2)).toEqual([
      ['tls', 10, 30],
      ['send', 30, null],
    ]);
  });

  it.each(['http://127.0.0.1:8081/', 'http://192.0.2.7', 'http://[2001:db8::1]/x'])(
    'look nothing up for %s',
    (url) => {
      expect(barsAfter([connected(10)], url)[0]).toEqual(['connect', 0, 10]);
    },
  );

  it.each(['http://1.example/', 'http://127.0.0.1.example/'])('look %s up', (url) => {
    expect(barsAfter([resolved(4)], url)[0]).toEqual(['dns', 0, 4]);
  });

  it('show an answer that came before all was sent', () => {
    expect(barsAfter([connected(10), read(20, 1)], 'http://192.0.2.7/')).toEqual([
      ['connect', 0, 10],
      ['wait', 10, 20],
      ['receive', 20, null],
    ]);
  });

  it('begin where the redirect before it was over', () => {
    const bars = barsAfter([redirect(60, 'http://192.0.2.8/', timings({ connect: 5 })), connected(66, 1)]);
    expect(bars).toEqual([
      ['connect', 60, 66],
      ['send', 66, null],
    ]);
  });

  it('end where it was broken off', () => {
    const state = breakOff(foldAll(begin('http://a.example/'), [resolved(4)]), 'cancelled', 9);
    expect(barsOf(state.hops[0]!).at(-1)).toEqual({ phase: 'connect', fromMs: 4, toMs: 9 });
    expect(phaseOf(state.hops[0]!)).toBeNull();
  });
});

describe('the bars of an exchange that is over', () => {
  const took = timings({ connect: 9.8, send: 0.2, wait: 38, receive: 6.3 });

  it('are its exact timings, one after the other, without what did not happen', () => {
    expect(barsAfter([result(60, { timings: took })])).toEqual([
      ['connect', 0, 9.8],
      ['send', 9.8, 10],
      ['wait', 10, 48],
      ['receive', 48, expect.closeTo(54.3)],
    ]);
  });

  it('end when it was told that they did', () => {
    const events = [connected(11), sent(13), read(60, 1), result(70, { timings: took })];
    expect(barsAfter(events)).toEqual([
      ['connect', expect.closeTo(1.2), 11],
      ['send', expect.closeTo(12.8), 13],
      ['wait', 22, 60],
      ['receive', 60, expect.closeTo(66.3)],
    ]);
  });

  it('end before the first octet, though that all was sent is told after it', () => {
    const events = [connected(9.8), read(48, 1), sent(49), result(60, { timings: took })];
    expect(barsAfter(events).slice(1, 3)).toEqual([
      ['send', 9.8, expect.closeTo(10)],
      ['wait', 10, 48],
    ]);
  });
});

describe('waiting in the queue', () => {
  it('is told before the fetch begins, and while it is long', () => {
    const state = waited(begin('http://a.example/'), 700);
    const { hops } = foldAll(state, [resolved(4), connected(10)]);
    expect(barsOf(hops[0]!)[0]).toEqual({ phase: 'queue', fromMs: -700, toMs: 0 });
    const short = foldAll(waited(state, 20), [resolved(4)]);
    expect(barsOf(short.hops[0]!)[0]!.phase).toBe('dns');
  });

  it('is exact in the end', () => {
    const took = timings({ queue: 650, connect: 5, send: 1, wait: 2, receive: 3 });
    const { hops } = foldAll(waited(begin('http://a.example/'), 700), [
      connected(5),
      read(8, 1),
      result(12, { timings: took }),
    ]);
    expect(barsOf(hops[0]!).map(({ phase, fromMs }) => [phase, fromMs])).toEqual([
      ['queue', -650],
      ['connect', 0],
      ['send', 5],
      ['wait', 6],
      ['receive', 8],
    ]);
    expect(elapsedOf(hops)).toEqual({ exchangesMs: 11, queueMs: 650, betweenMs: 0 });
  });

  it('stands between exchanges, beside what else lies there', () => {
    const first = timings({ queue: 0, connect: 10, wait: 2 });
    const second = timings({ queue: 50, connect: 4, wait: 3 });
    const events = [
      connected(10),
      redirect(15, 'http://b.example/', first),
      connected(69, 1),
      result(75, { hops: [exchange({ timings: first })], timings: second }, 1),
    ];
    const { hops } = foldAll(begin('http://a.example/'), events);
    expect(barsOf(hops[1]!).map(({ phase, fromMs, toMs }) => [phase, fromMs, toMs])).toEqual([
      ['queue', 15, 65],
      ['connect', 65, 69],
      ['wait', 69, 72],
    ]);
    expect(elapsedOf(hops)).toEqual({ exchangesMs: 19, queueMs: 50, betweenMs: 3 });
  });

  it('is not told while an exchange runs', () => {
    expect(elapsedOf(foldAll(begin('http://a.example/'), [connected(10)]).hops)).toBeNull();
  });
});
