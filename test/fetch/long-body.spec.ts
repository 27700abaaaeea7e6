import { randomBytes } from 'node:crypto';
import type { FetchSpec } from '../../src/exchange/fetch-spec';
import { OctetStore } from '../../src/exchange/octet-store';
import type { Answered } from '../../src/exchange/outcome';
import { toBody, toLongBody } from '../../src/fetch/body.mapper';
import { answering, response, useOrigins } from '../support/origin';
import { exchangeWith } from '../support/spec';

const start = useOrigins();

/** An outcome with other content than was received. */
async function outcomeWith(octets: Buffer, contentType: string | null, decoded = true): Promise<Answered> {
  const origin = await start(answering(response('200 OK')));
  const outcome = (await exchangeWith(origin.url())) as Answered;
  const content = new OctetStore(octets.length);
  content.append(octets);
  const headers = contentType === null ? [] : [{ name: 'Content-Type', value: contentType }];
  return { ...outcome, decoded, content, head: { ...outcome.head, headers } };
}

function finished<T>(work: Iterator<void, T>): { readonly steps: number; readonly value: T } {
  for (let steps = 1; ; steps++) {
    const { done, value } = work.next();
    if (done === true) return { steps, value };
  }
}

const BYTES = 1_000_003;
const filled = (text: string, encoding: BufferEncoding = 'utf8'): Buffer =>
  Buffer.alloc(BYTES, text, encoding);
const RANDOM = randomBytes(BYTES);
/** "소켓 " and cut within a character */
const EUC_KR = Buffer.alloc(BYTES, Buffer.from([0xbc, 0xd2, 0xc4, 0xcf, 0x20])).fill(0x20, BYTES - 3);
const WANTED = ['auto', 'text', 'base64', 'none'] as const satisfies FetchSpec['include']['body'][];

describe('long content is mapped as short content is', () => {
  type Row = [what: string, contentType: string | null, octets: Buffer, decoded?: boolean];

  it.each<Row>([
    ['NULs', 'text/plain', Buffer.alloc(BYTES)],
    ['ASCII', 'text/html; charset=utf-8', filled('"a\\b"\n')],
    ['UTF-8', 'application/json', filled('소켓💩\u2028').fill('x', BYTES - 20)],
    [
      'UTF-8 with a mark',
      'text/html',
      Buffer.concat([Buffer.from('\ufeff'), filled('é').fill('x', BYTES - 3)]),
    ],
    ['undeclared UTF-8', 'text/html', filled('é').fill('x', BYTES - 3)],
    ['UTF-8 without a type', null, filled('é').fill('x', BYTES - 3)],
    ['UTF-8 cut within a character', 'text/plain', filled('é')],
    ['EUC-KR', 'text/html; charset=EUC-KR', EUC_KR],
    ['EUC-KR with an error', 'text/html; charset=EUC-KR', Buffer.concat([EUC_KR, Buffer.from([0xff])])],
    [
      'EUC-KR that says so itself',
      'text/html',
      Buffer.concat([Buffer.from('<meta charset=euc-kr>'), EUC_KR]),
    ],
    ['UTF-16 of an odd length', 'text/plain; charset=utf-16le', filled('💩', 'utf16le')],
    ['random octets', 'image/png', RANDOM],
    ['random octets of no type', null, RANDOM],
    ['random octets as UTF-8', 'text/plain; charset=utf-8', RANDOM],
    ['random octets as windows-1252', 'text/plain; charset=latin1', RANDOM],
    ['random octets as gb18030', 'text/plain; charset=gb18030', RANDOM],
    ['random octets as UTF-16', 'text/plain; charset=utf-16be', RANDOM],
    ['random octets as ISO-2022-JP', 'text/plain; charset=iso-2022-jp', RANDOM],
    ['a charset that browsers refuse', 'text/html; charset=iso-2022-kr', RANDOM],
    ['a charset that browsers do not know', 'text/plain; charset=no-such', filled('text')],
    ['content that is still coded', 'text/plain', RANDOM, false],
  ])('%s', async (_, contentType, octets, decoded = true) => {
    const outcome = await outcomeWith(octets, contentType, decoded);
    for (const as of WANTED) {
      const { body, warnings, content } = finished(toLongBody(outcome, as)).value;
      const whole = content === null ? {} : { [content.field]: [...content.pieces].join('') };
      const expected = toBody(outcome, as);
      // Not toEqual: a difference of megabytes takes for ever to print.
      expect(JSON.stringify({ ...body, ...whole }) === JSON.stringify(expected.body)).toBe(true);
      expect(warnings).toEqual(expected.warnings);
    }
  });
});

it('is left often enough while it is looked at', async () => {
  const { steps } = finished(toLongBody(await outcomeWith(EUC_KR, 'text/html; charset=EUC-KR'), 'auto'));
  expect(steps).toBeGreaterThan(BYTES / 65_536);
});

it('is not held beside its octets: pieces are made one at a time', async () => {
  const { content } = finished(toLongBody(await outcomeWith(RANDOM, null), 'auto')).value;
  const lengths = [...content!.pieces].map(({ length }) => length);
  expect(Math.max(...lengths)).toBeLessThanOrEqual(32_768);
});

it('comes to an end when its octets are freed, because nobody waits for it any more', async () => {
  for (const contentType of ['text/plain; charset=euc-kr', 'image/png']) {
    const outcome = await outcomeWith(EUC_KR, contentType);
    const pieces = finished(toLongBody(outcome, 'auto')).value.content!.pieces[Symbol.iterator]();
    pieces.next();
    (outcome.content as OctetStore).free();
    expect([...{ [Symbol.iterator]: () => pieces }].join('')).toBe('');
  }
});
