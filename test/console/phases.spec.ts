import { begin, breakOff, foldAll } from '../../src/console/page/fetch-state';
import { barsOf, phaseOf } from '../../src/console/page/phases';
import { connected, head, read, redirect, resolved, result, sent, timings } from './events';
import type { FetchEvent } from '../../src/console/page/data';

function barsAfter(events: readonly FetchEvent[], url = 'http://a.example/'): unknown[] {
  const { hops } = foldAll(begin(url), events);
  return barsOf(hops.at(-1)!).map(({ phase, fromMs, toMs }) => [phase, fromMs, toMs]);
}

const secured: FetchEvent = { event: 'secured', atMs: 30, hop: 0, tls: {} as never };

describe('the bars of an exchange that runs', () => {
  it.each<[string, FetchEvent[], unknown[]]>([
    ['is looked up', [], [['dns', 0, null]]],
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
      expect(barsAfter([], url)).toEqual([['connect', 0, null]]);
    },
  );

  it.each(['http://1.example/', 'http://127.0.0.1.example/'])('look %s up', (url) => {
    expect(barsAfter([], url)).toEqual([['dns', 0, null]]);
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
  it('are its exact timings, one after the other, without what did not happen', () => {
    const took = timings({ connect: 9.8, send: 0.2, wait: 38, receive: 6.3 });
    const bars = barsAfter([connected(11), read(60, 1), result(60, { timings: took })]);
    expect(bars).toEqual([
      ['connect', 0, 9.8],
      ['send', 9.8, 10],
      ['wait', 10, 48],
      ['receive', 48, expect.closeTo(54.3)],
    ]);
  });
});
