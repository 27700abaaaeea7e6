import { hash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { BodyDto, FetchResultDto } from '../../src/fetch/dto/exchange.dto';
import { useService } from '../support/app';
import { answering, answeringThenFin, response, routes, useOrigins } from '../support/origin';
import { resultOf } from '../api/contract';

const start = useOrigins();
const service = useService();

type Include = 'auto' | 'text' | 'base64' | 'none';

/** How content of that type comes out. */
async function fetchContent(
  type: string | null,
  content: Buffer,
  body: Include = 'auto',
  fields = '',
): Promise<FetchResultDto> {
  const contentType = type === null ? '' : `Content-Type: ${type}\r\n`;
  const head = `HTTP/1.1 200 OK\r\n${contentType}${fields}Content-Length: ${content.length}\r\n\r\n`;
  const origin = await start(answering(Buffer.concat([Buffer.from(head), content])));
  const result = resultOf(await service().fetch({ url: origin.url(), include: { body } }));
  expect(result.body).toMatchObject({
    bytes: content.length,
    wireBytes: content.length,
    sha256: hash('sha256', content),
    truncated: false,
  });
  return result;
}

async function bodyOf(...content: Parameters<typeof fetchContent>): Promise<BodyDto> {
  return (await fetchContent(...content)).body;
}

const BOM = '\ufeff';
const utf8 = (text: string): Buffer => Buffer.from(text, 'utf8');
const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');
/** "소켓" */
const EUC_KR = Buffer.from([0xbc, 0xd2, 0xc4, 0xcf]);
const EUC_KR_PAGE = Buffer.concat([Buffer.from('<meta charset=euc-kr>'), EUC_KR]);
const XML = '<?xml version="1.0" encoding="latin1"?>';
const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0]);

describe('with include.body auto, text', () => {
  type Row = [
    type: string | null,
    content: Buffer,
    text: string,
    charset: string,
    source: BodyDto['charsetSource'],
  ];

  it.each<Row>([
    ['text/html; charset=utf-8', utf8('<p>소켓'), '<p>소켓', 'UTF-8', 'header'],
    ['text/html; charset=EUC-KR', EUC_KR, '소켓', 'EUC-KR', 'header'],
    ['text/html; charset=ks_c_5601-1987', EUC_KR, '소켓', 'EUC-KR', 'header'],
    ['text/html', EUC_KR_PAGE, '<meta charset=euc-kr>소켓', 'EUC-KR', 'meta'],
    ['text/html', latin1('<p>\xe9\x80'), '<p>é€', 'windows-1252', 'default'],
    ['TEXT/Plain ; Charset="UTF8"', utf8('é'), 'é', 'UTF-8', 'header'],
    ['text/plain', utf8(`${BOM}é`), 'é', 'UTF-8', 'bom'],
    ['text/plain; charset=ISO-8859-1', utf8(`${BOM}é`), 'é', 'UTF-8', 'bom'],
    ['text/plain', Buffer.from(`${BOM}é`, 'utf16le'), 'é', 'UTF-16LE', 'bom'],
    ['text/plain; charset=ISO-8859-1', latin1('\xe9'), 'é', 'windows-1252', 'header'],
    ['text/plain; charset=latin1', latin1('a\0b'), 'a\0b', 'windows-1252', 'header'],
    ['application/json', utf8('{"é":1}'), '{"é":1}', 'UTF-8', 'json'],
    ['application/problem+json', utf8('{}'), '{}', 'UTF-8', 'json'],
    ['application/json; charset=utf-8', utf8('{}'), '{}', 'UTF-8', 'header'],
    ['image/svg+xml', utf8('<svg/>'), '<svg/>', 'UTF-8', 'default'],
    ['application/xml', latin1(`${XML}<é/>`), `${XML}<é/>`, 'windows-1252', 'meta'],
    ['application/javascript', utf8('1'), '1', 'UTF-8', 'default'],
    ['application/x-www-form-urlencoded', utf8('a=1'), 'a=1', 'UTF-8', 'default'],
    ['text/html', utf8(''), '', 'windows-1252', 'default'],
    [null, utf8('no type'), 'no type', 'UTF-8', 'default'],
    [null, utf8(`${BOM}no type`), 'no type', 'UTF-8', 'bom'],
    [null, Buffer.from(`${BOM}no type`, 'utf16le'), 'no type', 'UTF-16LE', 'bom'],
    [null, utf8('<p>소켓'), '<p>소켓', 'UTF-8', 'default'],
    [null, Buffer.concat([utf8('<html>'), EUC_KR_PAGE]), '<html><meta charset=euc-kr>소켓', 'EUC-KR', 'meta'],
    [null, utf8(''), '', 'UTF-8', 'default'],
    ['nonsense', utf8('no type'), 'no type', 'UTF-8', 'default'],
    // the last media type counts, with the charset of the one before
    ['text/plain; charset=euc-kr, text/plain', EUC_KR, '소켓', 'EUC-KR', 'header'],
    ['text/plain\r\nContent-Type: text/plain; charset=euc-kr', EUC_KR, '소켓', 'EUC-KR', 'header'],
  ])('is content of type %j', async (type, content, text, charset, charsetSource) => {
    const result = await fetchContent(type, content);
    expect(result.body).toMatchObject({ text, base64: null, charset, charsetSource, decoded: true });
    expect(result.warnings).toEqual([]);
  });
});

describe('with include.body auto, base64', () => {
  type Row = [
    what: string,
    type: string | null,
    content: Buffer,
    charset: string | null,
    source: BodyDto['charsetSource'],
  ];

  it.each<Row>([
    ['is of no textual type', 'image/png', PNG, null, null],
    ['is text of no textual type', 'application/octet-stream', utf8('text'), null, null],
    ['names a charset, of no textual type', 'application/x-own; charset=utf-8', utf8('text'), null, null],
    ['names an unknown charset, of no textual type', 'image/png; charset=no-such', PNG, null, null],
    ['is no text, of no type', null, PNG, null, null],
    ['has a NUL, of no type', null, utf8('a\0b'), null, null],
    ['is not in UTF-8, of no type', null, latin1('<p>\xe9'), null, null],
    ['is not in UTF-8, as it should be', 'text/html; charset=utf-8', EUC_KR, 'UTF-8', 'header'],
    ['is not in UTF-8, as it is supposed to be', 'text/plain', EUC_KR, 'UTF-8', 'default'],
    ['is not in UTF-8, as JSON must be', 'application/json', latin1('"\xe9"'), 'UTF-8', 'json'],
    ['is not in UTF-8, as its mark says', 'text/plain', latin1('\xef\xbb\xbf\xe9'), 'UTF-8', 'bom'],
    ['is not in EUC-KR, as it should be', 'text/plain; charset=euc-kr', latin1('\xff'), 'EUC-KR', 'header'],
    ['ends within a character', 'text/plain; charset=euc-kr', EUC_KR.subarray(0, 3), 'EUC-KR', 'header'],
    ['is in no charset that is read', 'text/html; charset=iso-2022-kr', EUC_KR, 'replacement', 'header'],
  ])('is content that %s', async (_, type, content, charset, charsetSource) => {
    const result = await fetchContent(type, content);
    expect(result.body).toMatchObject({
      text: null,
      base64: content.toString('base64'),
      mediaType: type?.split(';')[0] ?? null,
      charset,
      charsetSource,
    });
    expect(result.warnings).toEqual([]);
  });
});

describe('a warning says', () => {
  it.each(['auto', 'text', 'base64'] as const)(
    'that Content-Type names no known charset, with include.body %s',
    async (as) => {
      const { body, warnings } = await fetchContent('text/plain; charset=no-such', utf8('é'), as);
      expect(body).toMatchObject({ charset: 'UTF-8', charsetSource: 'default' });
      expect(warnings).toEqual([
        { code: 'charset-unknown', message: expect.stringContaining('"no-such"') as string, offset: null },
      ]);
    },
  );

  it.each(['auto', 'text', 'base64'] as const)(
    'that UTF-8 is not declared as such, with include.body %s',
    async (as) => {
      const { body, warnings } = await fetchContent('text/html', utf8('é'), as);
      expect(body).toMatchObject({ charset: 'windows-1252', charsetSource: 'default' });
      expect(body.text ?? 'Ã©').toBe('Ã©');
      expect(warnings).toMatchObject([{ code: 'charset-undeclared-utf8', offset: null }]);
    },
  );

  it('so of a hop too', async () => {
    const origin = await start(
      routes({
        '/': response('302 Found\r\nLocation: /to\r\nContent-Type: text/html', utf8('é').toString('latin1')),
        '/to': response('200 OK'),
      }),
    );
    const { hops, warnings } = resultOf(await service().fetch({ url: origin.url() }));
    expect(hops).toMatchObject([
      { body: { charset: 'windows-1252' }, warnings: [{ code: 'charset-undeclared-utf8' }] },
    ]);
    expect(warnings).toEqual([]);
  });

  it.each<[maxBodyBytes: number, sent: string]>([
    [3, 'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 4\r\n\r\n'],
    [100, 'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 100\r\n\r\n'],
  ])('so of content cut within a character: %j octets of %j', async (maxBodyBytes, head) => {
    const content = utf8('éé').subarray(0, maxBodyBytes === 3 ? 4 : 3);
    const origin = await start(answeringThenFin(Buffer.concat([latin1(head), content])));
    const result = resultOf(await service().fetch({ url: origin.url(), read: { maxBodyBytes } }));
    expect(result).toMatchObject({
      complete: false,
      body: { text: 'Ã©Ã', charset: 'windows-1252' },
      warnings: [{ code: 'charset-undeclared-utf8' }],
    });
  });
});

it('content cut within a character by maxBodyBytes is base64, because text would not have all of it', async () => {
  const origin = await start(answering(response('200 OK', utf8('éé').toString('latin1'))));
  const result = resultOf(await service().fetch({ url: origin.url(), read: { maxBodyBytes: 3 } }));
  expect(result.body).toMatchObject({
    text: null,
    base64: utf8('éé').subarray(0, 3).toString('base64'),
    charset: 'UTF-8',
    charsetSource: 'default',
    truncated: true,
  });
});

describe('content that was coded', () => {
  it.each(['x-unknown', 'X-Unknown', 'gzip, x-unknown'])(
    'with %s is given as it came, with a warning',
    async (coding) => {
      const content = gzipSync('coded');
      const result = await fetchContent('text/plain', content, 'auto', `Content-Encoding: ${coding}\r\n`);
      expect(result).toMatchObject({
        complete: true,
        body: {
          text: null,
          base64: content.toString('base64'),
          decoded: false,
          contentEncoding: coding.toLowerCase().split(', '),
          charset: null,
          charsetSource: null,
        },
        warnings: [{ code: 'content-coding-unknown', offset: null }],
      });
    },
  );

  it('and cannot be undone is shown one character per octet where text is wanted, with a warning', async () => {
    const content = latin1('c\xf6ded');
    const result = await fetchContent('text/plain', content, 'text', 'Content-Encoding: x-unknown\r\n');
    expect(result.body).toMatchObject({ text: 'c\xf6ded', base64: null, charset: null, charsetSource: null });
    expect(result.warnings.map(({ code }) => code)).toEqual(['content-coding-unknown', 'charset-unknown']);
  });

  it('and is undone is text like any other', async () => {
    const content = gzipSync(EUC_KR);
    const fields = 'Content-Type: text/html; charset=EUC-KR\r\nContent-Encoding: gzip';
    const head = `HTTP/1.1 200 OK\r\n${fields}\r\nContent-Length: ${content.length}\r\n\r\n`;
    const origin = await start(answering(Buffer.concat([Buffer.from(head), content])));
    const result = resultOf(await service().fetch({ url: origin.url() }));
    expect(result).toMatchObject({
      complete: true,
      body: {
        text: '소켓',
        base64: null,
        bytes: EUC_KR.length,
        wireBytes: content.length,
        decoded: true,
        contentEncoding: ['gzip'],
        charset: 'EUC-KR',
        charsetSource: 'header',
      },
      warnings: [],
    });
  });

  it('leaves nothing to undo where there is no content', async () => {
    const head = 'HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 20\r\n\r\n';
    const origin = await start(answering(head));
    const result = resultOf(await service().fetch({ url: origin.url(), method: 'HEAD' }));
    expect(result).toMatchObject({ body: { contentEncoding: ['gzip'], decoded: true }, warnings: [] });
  });

  it('with identity is not', async () => {
    const result = await fetchContent('text/plain', utf8('plain'), 'auto', 'Content-Encoding: identity\r\n');
    expect(result).toMatchObject({
      body: { text: 'plain', decoded: true, contentEncoding: ['identity'] },
      warnings: [],
    });
  });
});

describe('with include.body text', () => {
  it('is text whatever its type says', async () => {
    expect(await bodyOf('image/png', utf8('text'), 'text')).toMatchObject({
      text: 'text',
      base64: null,
      charset: 'UTF-8',
      charsetSource: 'default',
    });
  });

  it('has U+FFFD for what is no UTF-8', async () => {
    expect((await bodyOf('text/plain', latin1('a\xffb'), 'text')).text).toBe('a\ufffdb');
  });

  it('has one character per octet for a charset of which there are no characters, with a warning', async () => {
    const result = await fetchContent('text/plain; charset=iso-2022-kr', EUC_KR, 'text');
    expect(result.body).toMatchObject({
      text: '\xbc\xd2\xc4\xcf',
      charset: 'replacement',
      charsetSource: 'header',
    });
    expect(result.warnings).toMatchObject([{ code: 'charset-unknown' }]);
  });
});

describe('with include.body base64', () => {
  it('is base64 though it is text, and its charset is told', async () => {
    expect(await bodyOf('text/plain', utf8('é'), 'base64')).toMatchObject({
      text: null,
      base64: 'w6k=',
      charset: 'UTF-8',
      charsetSource: 'default',
    });
  });

  it('has the byte order mark', async () => {
    expect((await bodyOf('text/plain', utf8(`${BOM}a`), 'base64')).base64).toBe('77u/YQ==');
  });
});

describe('with include.body none', () => {
  it('has its size and digest alone', async () => {
    expect(await bodyOf('text/html; charset=utf-8', utf8('소켓'), 'none')).toMatchObject({
      text: null,
      base64: null,
      bytes: 6,
      mediaType: 'text/html',
      charset: 'UTF-8',
      charsetSource: 'header',
    });
  });

  it('has the charset that its Content-Type names, though it be unknown', async () => {
    const { body, warnings } = await fetchContent('text/html; charset=no-such', utf8('é'), 'none');
    expect(body).toMatchObject({ charset: 'no-such', charsetSource: 'header' });
    expect(warnings).toMatchObject([{ code: 'charset-unknown' }]);
  });

  it('has no charset where the content would have to tell it', async () => {
    expect(await bodyOf('text/html', EUC_KR_PAGE, 'none')).toMatchObject({
      charset: null,
      charsetSource: null,
    });
  });

  it('is not said to be text when nothing was looked at', async () => {
    expect(await bodyOf(null, PNG, 'none')).toMatchObject({ charset: null, charsetSource: null });
  });

  it('has the digest of what is within maxBodyBytes', async () => {
    const origin = await start(answering('HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\ncontent'));
    const request = { url: origin.url(), include: { body: 'none' }, read: { maxBodyBytes: 4 } };
    expect(resultOf(await service().fetch(request)).body).toMatchObject({
      text: null,
      base64: null,
      bytes: 4,
      wireBytes: 7,
      sha256: hash('sha256', 'cont'),
      truncated: true,
    });
  });
});
