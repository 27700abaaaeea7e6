import type { FetchEvent } from '../../src/console/page/data';
import { MOST_KEPT, begin, breakOff, fold, foldAll, refuse } from '../../src/console/page/fetch-state';
import {
  chunk,
  chunks,
  connected,
  exchange,
  head,
  problem,
  read,
  redirect,
  resolved,
  result,
  sent,
  timings,
  transferChunk,
} from './events';

const URL = 'http://a.example/';
const REDIRECTED = [
  resolved(4),
  connected(10),
  sent(11),
  read(50, 17),
  head(51, 0, 302),
  chunk(51, 5),
  redirect(60, 'http://b.example/', timings({ dns: 4, connect: 6, send: 1, wait: 39, receive: 10 })),
];

describe('the state of a fetch', () => {
  it('knows an exchange before anything has happened', () => {
    expect(begin(URL)).toMatchObject({ course: 'running', hops: [{ url: URL, beganAtMs: 0, status: null }] });
  });

  it('has each mark where it first came', () => {
    const { hops, atMs } = foldAll(begin(URL), [
      resolved(4),
      connected(10),
      sent(11),
      read(50, 20),
      head(51),
      read(70, 30),
    ]);
    expect(hops).toHaveLength(1);
    expect(hops[0]).toMatchObject({
      marks: { resolved: 4, connected: 10, secured: null, sent: 11, first: 50, ended: null },
      remote: '192.0.2.7:80',
      status: 200,
      reads: [
        { atMs: 50, bytes: 20 },
        { atMs: 70, bytes: 30 },
      ],
    });
    expect(atMs).toBe(70);
  });

  it('writes an IPv6 peer as URLs do', () => {
    expect(fold(begin(URL), connected(1, 0, '2001:db8::1')).hops[0]!.remote).toBe('[2001:db8::1]:80');
  });

  it('goes on with the next exchange after a redirect', () => {
    const { hops } = foldAll(begin(URL), [...REDIRECTED, connected(65, 1), read(80, 9, 1)]);
    expect(hops.map(({ url, beganAtMs, status }) => [url, beganAtMs, status])).toEqual([
      [URL, 0, 302],
      ['http://b.example/', 60, null],
    ]);
    expect(hops[0]!.marks.ended).toBe(60);
    expect(hops[1]).toMatchObject({ marks: { connected: 65, first: 80 }, reads: [{ atMs: 80, bytes: 9 }] });
  });

  it('is the same whether events are folded one by one or all at once', () => {
    const events: FetchEvent[] = [
      ...REDIRECTED,
      transferChunk(61, 7, 1),
      chunk(61, 7, 1),
      read(62, 7, 1),
      transferChunk(63, 8, 1),
      read(64, 8, 1),
      head(64, 1),
      chunk(65, 8, 1),
      result(70, {}, 1),
    ];
    expect(foldAll(begin(URL), events)).toEqual(events.reduce(fold, begin(URL)));
  });

  it('leaves the state before as it was', () => {
    const before = foldAll(begin(URL), [read(1, 1)]);
    const copy = structuredClone(before);
    foldAll(before, [read(2, 2), transferChunk(2, 2), chunk(2, 2), head(3)]);
    expect(before).toEqual(copy);
  });

  it('counts content and transfer chunks', () => {
    const { hops } = foldAll(begin(URL), [transferChunk(1, 70), chunk(1, 30), chunk(2, 40)]);
    expect(hops[0]).toMatchObject({ contentBytes: 70, transferChunks: [{ atMs: 1, bytes: 70 }] });
  });

  it('folds ten thousand reads in a frame', () => {
    const reads = Array.from({ length: 10_000 }, (_, i) => [transferChunk(i, 1), read(i, 1), chunk(i, 1)]);
    const began = performance.now();
    let state = begin(URL);
    for (let i = 0; i < reads.length; i += 500) state = foldAll(state, reads.slice(i, i + 500).flat());
    expect(state.hops[0]!.reads).toHaveLength(10_000);
    // One by one it would take a hundred times as long.
    expect(performance.now() - began).toBeLessThan(2_000);
  });
});

it('of more reads than are kept, all are counted', () => {
  const reads = Array.from({ length: MOST_KEPT + 2 }, (_, i) => read(i, 3));
  const [hop] = foldAll(begin(URL), reads).hops;
  expect(hop!.reads).toHaveLength(MOST_KEPT);
  expect(hop!.sums).toMatchObject({
    count: MOST_KEPT + 2,
    bytes: 3 * (MOST_KEPT + 2),
    lastAtMs: MOST_KEPT + 1,
  });
});

describe('a result', () => {
  const final = {
    finalUrl: 'http://b.example/',
    status: 404,
    timings: timings({ connect: 5, send: 1, wait: 2, receive: 3 }),
    chunks: chunks({ items: [{ atMs: 8.5, bytes: 9 }] }),
  };
  const hop = exchange({ url: URL, status: 302, timings: timings({ connect: 59 }) });

  it('puts exact numbers in the place of what was told', () => {
    const { course, hops } = foldAll(begin(URL), [
      ...REDIRECTED,
      read(70, 9, 1),
      result(75, { ...final, hops: [hop] }, 1),
    ]);
    expect(course).toBe('result');
    expect(hops[0]).toMatchObject({ status: 302, timings: { connect: 59 }, beganAtMs: 0 });
    // The times of an exchange count from its own beginning.
    expect(hops[1]).toMatchObject({ status: 404, beganAtMs: 60, reads: [{ atMs: 68.5, bytes: 9 }] });
    expect(hops[1]!.chunks).toEqual(final.chunks);
  });

  it('says when the reads came, and nothing of when they were told', () => {
    const [hop] = foldAll(begin(URL), [
      read(20, 4),
      read(90, 5),
      result(95, {
        timings: timings({ connect: 2, wait: 8, receive: 30 }),
        chunks: chunks({
          count: 2,
          items: [
            { atMs: 10, bytes: 4 },
            { atMs: 40, bytes: 5 },
          ],
        }),
      }),
    ]).hops;
    expect(hop).toMatchObject({
      reads: [{ atMs: 10 }, { atMs: 40 }],
      sums: { count: 2, bytes: 9, firstAtMs: 10, lastAtMs: 40, maxGapMs: 30 },
      marks: { ended: 40 },
    });
  });

  it('that tells some reads alone leaves the sums of all', () => {
    const [hop] = foldAll(begin(URL), [
      read(20, 4),
      read(90, 5),
      result(95, { chunks: chunks({ count: 2, items: [{ atMs: 10, bytes: 4 }] }) }),
    ]).hops;
    expect(hop!.sums).toMatchObject({ count: 2, bytes: 9, lastAtMs: 90 });
  });

  it('is enough by itself', () => {
    const { hops } = fold(begin(URL), result(75, { ...final, hops: [hop] }));
    expect(hops.map(({ url, beganAtMs }) => [url, beganAtMs])).toEqual([
      [URL, 0],
      ['http://b.example/', 59],
    ]);
  });
});

describe('a problem', () => {
  it('keeps what was received', () => {
    const failed = problem({ timings: timings({ connect: 10, wait: 90 }), chunks: chunks({ items: null }) });
    const { course, hops } = foldAll(begin(URL), [
      connected(10),
      read(20, 5),
      { event: 'problem', atMs: 100, hop: 0, problem: failed },
    ]);
    expect(course).toBe('problem');
    expect(hops[0]).toMatchObject({ timings: { wait: 90 }, marks: { ended: 100 }, reads: [{ bytes: 5 }] });
  });

  it('whose redirect was refused has no exchange beyond it', () => {
    const hop = exchange({ url: URL, status: 302, timings: timings({ connect: 5 }) });
    const { hops } = fold(begin(URL), {
      event: 'problem',
      atMs: 9,
      hop: 0,
      problem: problem({ code: 'address-denied', hops: [hop] }),
    });
    expect(hops).toHaveLength(1);
    expect(hops[0]).toMatchObject({ status: 302, timings: { connect: 5 } });
  });

  it('at sight leaves an exchange that has done nothing', () => {
    const state = refuse(begin(URL), problem({ code: 'invalid-request', phase: 'validate' }));
    expect(state).toMatchObject({ course: 'problem', hops: [{ url: URL, reads: [], timings: null }] });
  });

  it('has the request that was sent, and the reads with their times', () => {
    const { request } = exchange({});
    const failed = problem({
      request,
      timings: timings({ connect: 10, wait: 60 }),
      chunks: chunks({ count: 1, items: [{ atMs: 15, bytes: 5 }] }),
    });
    const { hops } = foldAll(begin(URL), [
      connected(10),
      read(20, 5),
      { event: 'problem', atMs: 100, hop: 0, problem: failed },
    ]);
    expect(hops[0]).toMatchObject({
      request,
      reads: [{ atMs: 15, bytes: 5 }],
      sums: { lastAtMs: 15 },
      marks: { ended: 70 },
    });
  });
});

describe('a fetch that is broken off', () => {
  it('has the head, the request and the warnings that had come', () => {
    const warning: FetchEvent = {
      event: 'warning',
      atMs: 21,
      hop: 0,
      code: 'bare-lf',
      message: 'a line ends in LF alone',
      offset: 15,
    };
    const state = breakOff(
      foldAll(begin(URL), [connected(10), sent(11), head(20), warning]),
      'cancelled',
      30,
    );
    expect(state.hops[0]).toMatchObject({
      head: { status: 200, httpVersion: '1.1', headBytes: 17, atMs: 20 },
      request: exchange({}).request,
      warnings: [{ code: 'bare-lf' }],
    });
  });

  it.each(['cancelled', 'cut'] as const)('is %s, and keeps what there was', (course) => {
    const state = breakOff(foldAll(begin(URL), [connected(10), read(20, 5)]), course, 30);
    expect(state).toMatchObject({
      course,
      atMs: 30,
      hops: [{ marks: { ended: 30 }, reads: [{ bytes: 5 }] }],
    });
  });

  it('when it is over stays as it is', () => {
    const over = fold(begin(URL), result(5, {}));
    expect(breakOff(over, 'cancelled', 9)).toBe(over);
  });
});
