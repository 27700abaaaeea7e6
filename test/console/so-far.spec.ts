import { bodySoFar, responseSoFar } from '../../src/console/page/panes/so-far';
import { annotateHead } from '../../src/console/page/panes/head-lines';
import { begin, foldAll } from '../../src/console/page/fetch-state';
import { OctetPieces } from '../../src/console/page/octet-pieces';
import { chunk, head } from './events';

function hopWith(contentType: string | null) {
  const told = head(5);
  const headers = contentType === null ? [] : [{ name: 'content-Type', value: contentType }];
  return foldAll(begin('http://a.example/'), [{ ...told, headers } as typeof told, chunk(6, 70)]).hops[0]!;
}

describe('what has come of a response', () => {
  it('has its warnings where they belong', () => {
    const hop = foldAll(begin('http://a.example/'), [
      head(5),
      { event: 'warning', atMs: 5, hop: 0, code: 'bare-lf', message: 'LF alone', offset: 15 },
    ]).hops[0]!;
    const { placed } = annotateHead(
      responseSoFar(hop.head!, hop),
      new TextEncoder().encode('HTTP/1.1 200 OK\n\n'),
    );
    expect(placed).toMatchObject([{ line: 0, at: 15, warning: { code: 'bare-lf' } }]);
  });

  it.each([
    ['text/plain', 'text/plain', 'UTF-8', 'default'],
    ['text/html; charset="EUC-KR"', 'text/html', 'EUC-KR', 'header'],
    ['Application/Problem+JSON', 'application/problem+json', 'UTF-8', 'default'],
    ['image/png', 'image/png', null, null],
    [null, null, 'UTF-8', 'default'],
  ])('of type %s is read as %s in %s', (contentType, mediaType, charset, charsetSource) => {
    const hop = hopWith(contentType);
    expect(bodySoFar(hop.head!, hop)).toMatchObject({
      bytes: 70,
      mediaType,
      charset,
      charsetSource,
      truncated: true,
    });
  });

  it('can be had from its beginning, and whole', () => {
    const pieces = new OctetPieces();
    pieces.add(new Uint8Array([1, 2]));
    pieces.add(new Uint8Array([3, 4, 5]));
    pieces.add(new Uint8Array([6]));
    expect([...pieces.first(0)]).toEqual([]);
    expect([...pieces.first(3)]).toEqual([1, 2, 3]);
    expect([...pieces.first(9)]).toEqual([1, 2, 3, 4, 5, 6]);
    expect([...pieces.joined()]).toEqual([1, 2, 3, 4, 5, 6]);
    expect([...pieces.first(4)]).toEqual([1, 2, 3, 4]);
  });
});
