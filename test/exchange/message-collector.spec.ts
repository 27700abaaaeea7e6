import { MessageCollector } from '../../src/exchange/message-collector';
import { OctetBudget } from '../../src/exchange/octet-budget';
import type { Framing, Informational, ResponseHead } from '../../src/http1/events';

/** What collects content that is coded in nothing: that of a coding is the content collector's matter. */
function collector(maxBodyBytes = 100, keepContent = true): MessageCollector {
  return new MessageCollector({
    maxBodyBytes,
    keepContent,
    decodeContent: true,
    overflowed: () => undefined,
    drained: () => undefined,
    memory: new OctetBudget(Infinity).open(),
    listener: null,
  });
}

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
    const message = collector();
    expect(message).toMatchObject({
      informational: [],
      warnings: [],
      head: null,
      trailers: [],
      endedBy: null,
    });
    expect(message.content.wireBytes).toBe(0);
    expect(message.endWarnings()).toEqual([]);
    expect(message.transferCoding()).toBeNull();
  });

  it('gathers all that the parser tells of a message', () => {
    const message = collector();
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
    message.take({ type: 'last-chunk', extension: 'z=2' });
    message.take({ type: 'trailers', fields: [{ name: 'X-Sum', value: '1' }] });
    message.take({ type: 'end', by: 'last-chunk' });

    expect(message).toMatchObject({
      informational: [hints, goOn],
      head: CHUNKED,
      warnings: [{ code: 'bare-lf', message: 'a bare LF', offset: 17 }],
      trailers: [{ name: 'X-Sum', value: '1' }],
      endedBy: 'last-chunk',
    });
    expect(message.content.octets.octets.toString()).toBe('hello!');
    expect(message.transferCoding()).toEqual({
      chunks: 2,
      sizes: [5, 1],
      extensions: ['a=1', 'z=2'],
      sizesOmitted: 0,
    });
  });

  it.each(['content-length', 'last-chunk', 'no-content', 'close', 'upgrade'] as const)(
    'knows that the message ended by %s',
    (by) => {
      const message = collector();
      message.take({ type: 'end', by });
      expect(message.endedBy).toBe(by);
    },
  );

  it('tells what is to be said of the content among its warnings', () => {
    const message = collector();
    message.take({ ...CHUNKED, headers: [{ name: 'Content-Encoding', value: 'x-own' }] });
    message.take(content('a'));
    message.take(content('b'));
    expect(message.warnings).toEqual([
      { code: 'content-coding-unknown', message: 'content coding not undone: x-own', offset: null },
    ]);
  });

  describe('tells the transfer coding', () => {
    it.each<Framing>([
      { kind: 'content-length', length: 1 },
      { kind: 'until-close' },
      { kind: 'no-content' },
      { kind: 'upgrade' },
    ])('never of a message that has none: %j', (framing) => {
      const message = collector();
      message.take(headOf(framing));
      expect(message.transferCoding()).toBeNull();
    });

    it('of a message without content', () => {
      const message = collector();
      message.take(CHUNKED);
      message.take({ type: 'end', by: 'last-chunk' });
      expect(message.transferCoding()).toEqual({ chunks: 0, sizes: [], extensions: [], sizesOmitted: 0 });
    });

    it('with the first 1,000 sizes and extensions, and counts the sizes of the rest', () => {
      const message = collector();
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
      const message = collector();
      for (let offset = 0; offset < count; offset++)
        message.warn({ code: 'bare-lf', message: 'a bare LF', offset });
      return message;
    }

    it('up to a hundred, all of them', () => {
      const warnings = warned(100).endWarnings();
      expect(warnings).toHaveLength(100);
      expect(warnings.at(-1)).toEqual({ code: 'bare-lf', message: 'a bare LF', offset: 99 });
    });

    it('of more the first hundred, and how many there were besides', () => {
      const warnings = warned(103).endWarnings();
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
