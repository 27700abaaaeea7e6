import { begin, breakOff, fold, foldAll, refuse } from '../../src/console/page/fetch-state';
import { MOST_RECENT, type Recent, readRecent, recentOf, remember } from '../../src/console/page/recent';
import { head, problem, read, result, timings } from './events';

const started = begin('http://a.example/');

function recent(url: string, at: number): Recent {
  return { request: { url }, at, outcome: '200', look: 'good', bytes: 5, ms: 1.5 };
}

describe('recent fetches', () => {
  it('are told by their status', () => {
    const state = fold(started, result(5, { status: 200, complete: true }));
    expect(recentOf({ url: 'a' }, state, 7)).toMatchObject({ outcome: '200', look: 'good', at: 7 });
  });

  it.each([
    [204, 'good'],
    [302, 'good'],
    [404, 'warn'],
    [503, 'bad'],
  ])('with status %i look %s', (status, look) => {
    expect(recentOf({ url: 'a' }, fold(started, result(5, { status, complete: true })), 7)).toMatchObject({
      look,
    });
  });

  it('that are not complete say why', () => {
    const error = { code: 'idle-timeout', phase: 'receive', message: 'silence' } as const;
    const state = fold(started, result(5, { status: 200, complete: false, error }));
    expect(recentOf({ url: 'a' }, state, 7)).toMatchObject({ outcome: '200 idle-timeout', look: 'warn' });
  });

  it('that failed are told by their code', () => {
    expect(recentOf({ url: 'a' }, refuse(started, problem()), 7)).toMatchObject({
      outcome: 'first-byte-timeout',
      look: 'bad',
      bytes: null,
    });
  });

  it('that failed say how long it took', () => {
    const told = problem({ timings: { ...timings({ wait: 300 }), chainTotal: 300 } });
    expect(recentOf({ url: 'a' }, refuse(started, told), 7)).toMatchObject({ ms: 300 });
    const state = fold(started, { event: 'problem', atMs: 12, hop: 0, problem: problem() });
    expect(recentOf({ url: 'a' }, state, 7)).toMatchObject({ ms: 12 });
  });

  it.each(['cancelled', 'cut'] as const)('that were %s say how far they came', (course) => {
    const state = breakOff(foldAll(started, [head(20), read(21, 9)]), course, 40);
    expect(recentOf({ url: 'a' }, state, 7)).toMatchObject({
      outcome: `200 ${course}`,
      look: 'warn',
      bytes: 9,
      ms: 40,
    });
    expect(recentOf({ url: 'a' }, breakOff(started, course, 4), 7)).toMatchObject({ outcome: course });
  });

  it('leave out what was not taken: it may hold a password where none belongs', () => {
    const refused = refuse(started, problem({ code: 'invalid-request' }));
    expect(recentOf({ url: 'http://me:secret@a/' }, refused, 7)).toBeNull();
  });

  it('leave out what is long', () => {
    const long = { url: 'a', body: { text: 'x'.repeat(50_000) } };
    expect(recentOf(long, fold(started, result(5, {})), 7)).toBeNull();
  });

  it('have the last one first, each once, and are no more than twenty', () => {
    let list: Recent[] = [];
    for (let i = 0; i < 30; i++) list = remember(list, recent(`http://a/${i}`, i));
    list = remember(list, recent('http://a/25', 99));
    expect(list).toHaveLength(MOST_RECENT);
    expect(list.map(({ request }) => request.url).slice(0, 3)).toEqual([
      'http://a/25',
      'http://a/29',
      'http://a/28',
    ]);
    expect(list.filter(({ request }) => request.url === 'http://a/25')).toHaveLength(1);
    expect(readRecent(JSON.stringify(list))).toEqual(list);
  });

  it.each([null, '', '{', '{}', 'null', '[null, 1, {}]', '[{"request":{},"at":1,"outcome":"200"}]'])(
    'are none where none were kept: %j',
    (text) => {
      expect(readRecent(text)).toEqual([]);
    },
  );
});

it('what lets in whoever has it is not kept', () => {
  const headers = [
    { name: 'authorization', value: 'Bearer secret' },
    { name: 'Cookie', value: 'sid=secret' },
    { name: 'X-Note', value: 'kept' },
  ];
  const request = { url: 'http://a.example/', headers };
  const { request: kept } = recentOf(request, breakOff(begin(request.url), 'cancelled', 9), 1)!;
  expect(JSON.stringify(kept)).not.toContain('secret');
  expect(kept.headers).toEqual([
    { name: 'authorization', value: '' },
    { name: 'Cookie', value: '' },
    headers[2],
  ]);
});
