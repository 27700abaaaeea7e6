import { octetsOf } from '../../src/console/page/base64';
import type { FetchResult } from '../../src/console/page/data';
import { type AnnotatedHead, annotateHead, writtenHead } from '../../src/console/page/panes/head-lines';
import { wirePieces } from '../../src/console/page/panes/wire-pieces';
import { jsonOf, useService } from '../support/app';
import { answeringThenFin, useOrigins } from '../support/origin';

const service = useService();
const startOrigin = useOrigins();

async function headOf(response: string): Promise<AnnotatedHead & { readonly result: FetchResult }> {
  const origin = await startOrigin(answeringThenFin(Buffer.from(response, 'latin1')));
  const answer = await service().fetch({ url: origin.url('/'), include: { rawHead: true } });
  const result = jsonOf<FetchResult>(answer);
  return { ...annotateHead(result, octetsOf(result.rawHead!)), result };
}

/** code, line and octet of each warning that has its place */
function places({ placed }: AnnotatedHead): [string, number, number][] {
  return placed.map(({ warning, line, at }) => [warning.code, line, at]);
}

describe('the head of a response', () => {
  it('is told line by line, as it came', async () => {
    const { lines } = await headOf('HTTP/1.1 200 OK\nA:\tb\r\nContent-Length: 0\r\n\r\n');
    expect(lines).toEqual([
      { offset: 0, text: 'HTTP/1.1 200 OK\n' },
      { offset: 16, text: 'A:\tb\r\n' },
      { offset: 22, text: 'Content-Length: 0\r\n' },
      { offset: 41, text: '\r\n' },
    ]);
  });

  it('has each warning at the octet that it is about', async () => {
    const head = await headOf('\r\nHTTP/1.1 200 OK\nA : b\r\nContent-Length: 0\r\n\r\n');
    expect(places(head)).toEqual([
      ['empty-line-before-status-line', 0, 0],
      ['bare-lf', 1, 15],
      ['space-before-colon', 2, 0],
    ]);
    expect(head.elsewhere).toEqual([]);
  });

  it('has them there behind informational responses too, where the length of the content is known', async () => {
    const head = await headOf(
      'HTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\nHTTP/1.1 200 OK\nContent-Length: 2\r\n\r\nok',
    );
    expect(head.base).toBe(39);
    expect(places(head)).toEqual([['bare-lf', 0, 15]]);
  });

  it('places none where it cannot be known', async () => {
    const head = await headOf(
      'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    );
    expect(head.base).toBeNull();
    expect(head.placed).toEqual([]);
    expect(head.elsewhere.map(({ code }) => code)).toEqual(['bare-lf']);
  });

  it('leaves warnings of what follows it to others', async () => {
    const head = await headOf('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1 \r\na\r\n0\r\n\r\n');
    expect(head.placed).toEqual([]);
    expect(head.elsewhere.map(({ code }) => code)).toEqual(['blank-after-chunk-size']);
  });

  it('is written from its fields where its octets were not kept', async () => {
    const { result } = await headOf('HTTP/1.1 204\r\nA: b\r\n\r\n');
    expect(writtenHead(result, result.httpVersion)).toEqual(['HTTP/1.1 204', 'A: b']);
  });
});

it('every octet of a line can be seen', () => {
  expect(wirePieces('A: \xea\xb0\x80\xff\0\x7f\t\r\n')).toEqual([
    { kind: 'text', text: 'A: ' },
    { kind: 'octets', text: '\\xEA\\xB0\\x80\\xFF', utf8: null },
    { kind: 'control', name: 'NUL' },
    { kind: 'control', name: 'DEL' },
    { kind: 'control', name: 'HTAB' },
    { kind: 'control', name: 'CR' },
    { kind: 'control', name: 'LF' },
  ]);
  expect(wirePieces('\xea\xb0\x80')).toEqual([{ kind: 'octets', text: '\\xEA\\xB0\\x80', utf8: '가' }]);
});
