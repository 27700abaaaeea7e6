import { contentKind, fileName, isText } from '../../src/console/page/panes/content-kind';

function octets(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

describe('content', () => {
  it.each<[mediaType: string | null, begins: string, kind: object]>([
    ['text/html', '', { kind: 'html' }],
    ['application/xhtml+xml', '', { kind: 'html' }],
    ['image/png', '', { kind: 'image', mediaType: 'image/png' }],
    ['image/jpg', '', { kind: 'image', mediaType: 'image/jpeg' }],
    ['image/svg+xml', '', { kind: 'drawing', mediaType: 'image/svg+xml' }],
    ['image/tiff', '', { kind: 'none' }],
    ['text/plain', '\x89PNG\r\n\x1a\n', { kind: 'none' }],
    [null, '\x89PNG\r\n\x1a\n', { kind: 'image', mediaType: 'image/png' }],
    [null, '\xff\xd8\xff\xe0', { kind: 'image', mediaType: 'image/jpeg' }],
    [null, 'GIF89a', { kind: 'image', mediaType: 'image/gif' }],
    [null, 'RIFF\0\n\0\0WEBPVP8 ', { kind: 'image', mediaType: 'image/webp' }],
    [null, '<!doctype html>', { kind: 'none' }],
  ])('of %s that begins with %j is drawn as %j', (mediaType, begins, kind) => {
    expect(contentKind(mediaType, octets(begins))).toEqual(kind);
  });

  it('is text first where it has a charset, and is no image of pixels', () => {
    expect(isText('text/plain', 'UTF-8')).toBe(true);
    expect(isText(null, 'UTF-8')).toBe(true);
    expect(isText('image/svg+xml', 'UTF-8')).toBe(true);
    expect(isText('image/png', 'UTF-8')).toBe(false);
    expect(isText('application/zip', null)).toBe(false);
  });

  it.each<[mediaType: string | null, isDecoded: boolean, name: string]>([
    ['text/html', true, 'content.html'],
    ['text/html', false, 'content.bin'],
    ['application/problem+json', true, 'content.json'],
    ['application/x-unknown', true, 'content.bin'],
    [null, true, 'content.bin'],
  ])('of %s, decoded: %s, is saved as %s', (mediaType, isDecoded, name) => {
    expect(fileName(mediaType, isDecoded)).toBe(name);
  });
});
