import { MessageCollector } from '../../src/exchange/message-collector';
import type { Framing, Informational, ResponseHead } from '../../src/http1/events';

function headOf(framing: Framing): ResponseHead {
  return {
    type: 'head',
    status: 200,
    statusText: 'OK',
    httpVersion: '1.1',
    headers: [],
    headBytes: 19,
    rawHead: null,
    framing,
  };
}

function content(text: string): { type: 'content'; octets: Buffer } {
  return { type: 'content', octets: Buffer.from(text) };
}

const CHUNKED = headOf({ kind: 'chunked' });

describe('a message collector', () => {
  it('has nothing at first', () => {
    const message = new MessageCollector(100, true);
    expect(message).toMatchObject({
      informational: [],
      warnings: [],
      head: null,
      trailers: [],
      endedBy: null,
      overflowed: false,
    });
    expect(message.content.total).toBe(0);
    expect(message.allWarnings()).toEqual([]);
    expect(message.transferCoding()).toBeNull();
  });

  it('gathers all that the parser tells of a message', () => {
    const message = new MessageCollector(100, true);
    const hints: Informational = { type: 'informational', status: 103, statusText: '', headers: [] };
    const goOn: Informational = { type: 'informational', status: 100, statusText: '', headers: [] };
    message.take(hints);
    message.take(goOn);
    message.take(CHUNKED);
    message.take({ type: 'transfer-chunk', size: 5, extension: 'a=1' });
    message.take(content('hel'));
    message.take(content('lo'));
    message.take({ type: 'warning', code: 'bare-lf', message: 'a bare LF', offset: 17 });
    message.take({ type: 'transfer-chunk', size: 1, extension: null });
    message.take(content('!'));
    message.take({ type: 'trailers', fields: [{ name: 'X-Sum', value: '1' }] });
    message.take({ type: 'end', by: 'last-chunk' });

    expect(message).toMatchObject({
      informational: [hints, goOn],
      head: CHUNKED,
      warnings: [{ code: 'bare-lf', message: 'a bare LF', offset: 17 }],
      trailers: [{ name: 'X-Sum', value: '1' }],
      endedBy: 'last-chunk',
      overflowed: false,
    });
    expect(message.content.octets.toString()).toBe('hello!');
    expect(message.transferCoding()).toEqual({
      chunks: 2,
      sizes: [5, 1],
      extensions: ['a=1'],
      sizesOmitted: 0,
    });
  });

  it.each(['content-length', 'last-chunk', 'no-content', 'close', 'upgrade'] as const)(
    'knows that the message ended by %s',
    (by) => {
      const message = new MessageCollector(100, true);
      message.take({ type: 'end', by });
      expect(message.endedBy).toBe(by);
    },
  );

  it('copies content, because its view does not last', () => {
    const message = new MessageCollector(100, true);
    const { octets, type } = content('abc');
    message.take({ type, octets });
    octets.fill('x');
    expect(message.content.octets.toString()).toBe('abc');
  });

  describe('keeps content', () => {
    it('up to its limit, and knows when more came', () => {
      const message = new MessageCollector(5, true);
      message.take(content('abcde'));
      expect(message.overflowed).toBe(false);
      message.take(content('f'));
      expect(message.overflowed).toBe(true);
      expect([message.content.octets.toString(), message.content.total]).toEqual(['abcde', 6]);
    });

    it('of no octet when none may be kept', () => {
      const message = new MessageCollector(0, true);
      message.take(headOf({ kind: 'content-length', length: 0 }));
      message.take({ type: 'end', by: 'content-length' });
      expect(message.overflowed).toBe(false);
      message.take(content('a'));
      expect(message.overflowed).toBe(true);
    });

    it('as a number and a digest alone, when nobody wants it', () => {
      const message = new MessageCollector(5, false);
      message.take(content('abc'));
      expect([message.content.octets.length, message.content.bytes]).toEqual([0, 3]);
      message.limitContent(2);
      message.take(content('abc'));
      expect([message.content.octets.length, message.content.bytes]).toEqual([0, 2]);
    });

    it('up to a limit that is lowered before any came', () => {
      const message = new MessageCollector(100, true);
      message.limitContent(3);
      message.take(content('abcdef'));
      expect([message.content.octets.toString(), message.overflowed]).toEqual(['abc', true]);
    });

    it('in memory of the length that is announced', () => {
      const message = new MessageCollector(1_000_000, true);
      message.take(headOf({ kind: 'content-length', length: 100_000 }));
      message.take(content('a'));
      expect(message.content.octets.buffer.byteLength).toBe(100_000);
    });
  });

  describe('tells the transfer coding', () => {
    it.each<Framing>([
      { kind: 'content-length', length: 1 },
      { kind: 'until-close' },
      { kind: 'no-content' },
      { kind: 'upgrade' },
    ])('never of a message that has none: %j', (framing) => {
      const message = new MessageCollector(100, true);
      message.take(headOf(framing));
      expect(message.transferCoding()).toBeNull();
    });

    it('of a message without content', () => {
      const message = new MessageCollector(100, true);
      message.take(CHUNKED);
      message.take({ type: 'end', by: 'last-chunk' });
      expect(message.transferCoding()).toEqual({ chunks: 0, sizes: [], extensions: [], sizesOmitted: 0 });
    });

    it('with the first 1,000 sizes and extensions, and counts the sizes of the rest', () => {
      const message = new MessageCollector(100, true);
      message.take(CHUNKED);
      for (let size = 1; size <= 1_001; size++)
        message.take({ type: 'transfer-chunk', size, extension: `n=${size}` });
      const { chunks, sizes, extensions, sizesOmitted } = message.transferCoding()!;
      expect([chunks, sizes.length, extensions.length, sizesOmitted]).toEqual([1_001, 1_000, 1_000, 1]);
      expect([sizes.at(-1), extensions.at(-1)]).toEqual([1_000, 'n=1000']);
    });
  });

  describe('tells warnings', () => {
    function warned(count: number): MessageCollector {
      const message = new MessageCollector(100, true);
      for (let offset = 0; offset < count; offset++)
        message.warn({ code: 'bare-lf', message: 'a bare LF', offset });
      return message;
    }

    it('up to a hundred, all of them', () => {
      const warnings = warned(100).allWarnings();
      expect(warnings).toHaveLength(100);
      expect(warnings.at(-1)).toEqual({ code: 'bare-lf', message: 'a bare LF', offset: 99 });
    });

    it('of more the first hundred, and how many there were besides', () => {
      const warnings = warned(103).allWarnings();
      expect(warnings).toHaveLength(101);
      expect(warnings.at(-2)).toMatchObject({ offset: 99 });
      expect(warnings.at(-1)).toEqual({
        code: 'warnings-omitted',
        message: '3 more warnings are not told',
        offset: null,
      });
    });
  });
});
