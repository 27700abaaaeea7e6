import { hash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { BodyDto, FetchResultDto } from '../../src/fetch/dto/exchange.dto';
import { useService } from '../support/app';
import { answering, useOrigins } from '../support/origin';
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
    ['text/html; charset=utf-8', utf8('<p>소켓'), '<p>소켓', 'utf-8', 'header'],
    ['text/html', utf8('<p>소켓'), '<p>소켓', 'UTF-8', 'default'],
    ['TEXT/Plain ; Charset="UTF8"', utf8('é'), 'é', 'UTF8', 'header'],
    ['text/plain', utf8(`${BOM}é`), 'é', 'UTF-8', 'bom'],
    ['text/plain; charset=ISO-8859-1', utf8(`${BOM}é`), 'é', 'UTF-8', 'bom'],
    ['text/plain; charset=ISO-8859-1', latin1('\xe9'), 'é', 'ISO-8859-1', 'header'],
    ['text/plain; charset=latin1', latin1('a\0b'), 'a\0b', 'latin1', 'header'],
    ['application/json', utf8('{"é":1}'), '{"é":1}', 'UTF-8', 'json'],
    ['application/problem+json', utf8('{}'), '{}', 'UTF-8', 'json'],
    ['application/json; charset=utf-8', utf8('{}'), '{}', 'utf-8', 'header'],
    ['image/svg+xml', utf8('<svg/>'), '<svg/>', 'UTF-8', 'default'],
    ['application/xml', utf8('<a/>'), '<a/>', 'UTF-8', 'default'],
    ['application/javascript', utf8('1'), '1', 'UTF-8', 'default'],
    ['application/x-www-form-urlencoded', utf8('a=1'), 'a=1', 'UTF-8', 'default'],
    ['text/html', utf8(''), '', 'UTF-8', 'default'],
    [null, utf8('no type'), 'no type', 'UTF-8', 'default'],
    [null, utf8(`${BOM}no type`), 'no type', 'UTF-8', 'bom'],
    [null, utf8(''), '', 'UTF-8', 'default'],
    ['nonsense', utf8('no type'), 'no type', 'UTF-8', 'default'],
  ])('is content of type %s', async (type, content, text, charset, charsetSource) => {
    expect(await bodyOf(type, content)).toMatchObject({
      text,
      base64: null,
      charset,
      charsetSource,
      decoded: true,
    });
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
    ['is no text, of no type', null, PNG, null, null],
    ['has a NUL, of no type', null, utf8('a\0b'), null, null],
    ['is not in UTF-8, as it should be', 'text/html; charset=utf-8', EUC_KR, 'utf-8', 'header'],
    ['is not in UTF-8, as it is supposed to be', 'text/html', EUC_KR, 'UTF-8', 'default'],
    ['is not in UTF-8, as JSON must be', 'application/json', latin1('"\xe9"'), 'UTF-8', 'json'],
    ['is in a charset that is not read here', 'text/html; charset=EUC-KR', EUC_KR, 'EUC-KR', 'header'],
  ])('is content that %s', async (_, type, content, charset, charsetSource) => {
    expect(await bodyOf(type, content)).toMatchObject({
      text: null,
      base64: content.toString('base64'),
      mediaType: type?.split(';')[0] ?? null,
      charset,
      charsetSource,
    });
  });
});

describe('content that was coded', () => {
  it.each(['gzip', 'GZIP', 'x-unknown', 'gzip, br'])(
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
        },
        warnings: [{ code: 'content-coding-unknown', offset: null }],
      });
    },
  );

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

  it('has one character per octet for a charset that is not read here, with a warning', async () => {
    const result = await fetchContent('text/plain; charset=EUC-KR', EUC_KR, 'text');
    expect(result.body).toMatchObject({
      text: '\xbc\xd2\xc4\xcf',
      charset: 'EUC-KR',
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
      charset: 'utf-8',
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
