import fc from 'fast-check';
import type { ResponseHead } from '../../src/http1/events';
import { StreamedContent } from '../../src/fetch/streamed-content';
import { decodeText, decideCharset } from '../../src/semantics/charset';
import { parseMediaType } from '../../src/semantics/media-type';
import { inPieces } from '../support/split';

const TYPES = [
  'text/plain',
  'text/plain; charset=euc-kr',
  'text/plain; charset=utf-16le',
  'text/html',
  'application/xml',
  'application/json',
];
const TEXTS = fc.oneof(
  fc.string({ unit: 'binary' }).map((text) => Buffer.from(text)),
  fc.uint8Array({ maxLength: 3_000 }).map((octets) => Buffer.from(octets)),
  fc.constant(Buffer.from('\ufeff소켓')),
  fc.constant(Buffer.from('<meta charset=euc-kr>\xbc\xd2', 'latin1')),
  fc.constant(
    Buffer.concat([Buffer.alloc(1_010, ' '), Buffer.from('<meta charset=euc-kr>\xbc\xd2', 'latin1')]),
  ),
);

function headOf(contentType: string): ResponseHead {
  return {
    type: 'head',
    status: 200,
    statusText: 'OK',
    httpVersion: '1.1',
    headers: [{ name: 'Content-Type', value: contentType }],
    headBytes: 0,
    rawHead: null,
    framing: { kind: 'until-close' },
  };
}

it('gives the text of the whole, however it comes', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...TYPES),
      TEXTS,
      fc.integer({ min: 1, max: 2_000 }),
      (type, octets, size) => {
        const content = new StreamedContent('text', headOf(type), () => undefined);
        let text = '';
        for (const piece of inPieces(octets, size)) text += content.take(Buffer.from(piece), true);
        const { text: rest, decision } = content.end(false);
        const { charset, charsetSource } = decideCharset(octets, parseMediaType(type));
        expect([decision.charset, decision.charsetSource]).toEqual([charset, charsetSource]);
        expect(text + rest).toBe(decodeText(octets, charset!).text);
      },
    ),
  );
});

it('gives every piece of base64 whole, and tells once how the content is read', () => {
  const told: (string | null)[] = [];
  const content = new StreamedContent('base64', headOf('text/html'), ({ charset }) => told.push(charset));
  expect([
    content.take(Buffer.from('<meta '), true),
    content.take(Buffer.from('charset=euc-kr>'), true),
  ]).toEqual(['PG1ldGEg', 'Y2hhcnNldD1ldWMta3I+']);
  expect(content.end(false)).toMatchObject({ text: '', decision: { charset: 'EUC-KR' } });
  expect(told).toEqual(['EUC-KR']);
});

it('waits for no more octets than it needs', () => {
  const textAfter = (type: string, octets: Buffer): string =>
    new StreamedContent('text', headOf(type), () => undefined).take(octets, true);
  expect(textAfter('text/plain', Buffer.from('d'))).toBe('d');
  expect(textAfter('text/html; charset=utf-8', Buffer.from('d'))).toBe('d');
  expect(textAfter('application/xhtml+xml', Buffer.from('d'))).toBe('');
  expect(textAfter('text/html', Buffer.alloc(1_023, 'd'))).toBe('');
  expect(textAfter('text/html', Buffer.alloc(1_024, 'd'))).toHaveLength(1_024);
});
