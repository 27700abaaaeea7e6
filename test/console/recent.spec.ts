import { begin, fold, refuse } from '../../src/console/page/fetch-state';
import { MOST_RECENT, type Recent, readRecent, recentOf, remember } from '../../src/console/page/recent';
import { problem, result } from './events';

const started = begin('http://a.example/');

function recent(url: string, at: number): Recent {
  return { request: { url }, at, outcome: '200', good: true, bytes: 5, ms: 1.5 };
}

describe('recent fetches', () => {
  it('are told by their status', () => {
    const state = fold(started, result(5, { status: 404, complete: true }));
    expect(recentOf({ url: 'a' }, state, 7)).toMatchObject({ outcome: '404', good: true, at: 7 });
  });

  it('that are not complete say why', () => {
    const error = { code: 'idle-timeout', phase: 'receive', message: 'silence' } as const;
    const state = fold(started, result(5, { status: 200, complete: false, error }));
    expect(recentOf({ url: 'a' }, state, 7)).toMatchObject({ outcome: '200 idle-timeout', good: false });
  });

  it('that failed are told by their code', () => {
    expect(recentOf({ url: 'a' }, refuse(started, problem()), 7)).toMatchObject({
      outcome: 'first-byte-timeout',
      good: false,
      bytes: null,
    });
  });

  it('leave out what was cancelled, and what is long', () => {
    expect(recentOf({ url: 'a' }, started, 7)).toBeNull();
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
