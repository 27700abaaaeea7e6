import { labelToName } from '@exodus/bytes/encoding.js';
import { decideCharset, decodeText } from '../../src/semantics/charset';
import { extractMediaType, parseMediaType } from '../../src/semantics/media-type';
import { resultOf } from '../api/contract';
import { useService } from '../support/app';
import { answering, useOrigins } from '../support/origin';
import { describeVectors, fromBase64 } from '../support/vectors';

const LABELS_OF_EUC_KR = [
  'euc-kr',
  'ks_c_5601-1987',
  'windows-949',
  'korean',
  'cseuckr',
  'EUC-KR',
  'KSC5601',
];

interface EucKrIndex {
  /** two octets in hexadecimal, code point */
  readonly pairs: readonly (readonly [octets: string, codePoint: number])[];
  readonly count: number;
}

describeVectors<EucKrIndex>('every pair of EUC-KR', 'charset/euckr_index.json', ({ pairs, count }) => {
  const expected = pairs.map(([, codePoint]) => String.fromCodePoint(codePoint));

  it('is in the file', () => {
    expect(pairs).toHaveLength(count);
    expect(count).toBe(17_048);
  });

  it.each(LABELS_OF_EUC_KR)('is its character, under the label %s', (label) => {
    const { charset } = decideCharset(Buffer.alloc(0), { essence: 'text/html', charset: label });
    const read = pairs.map(([octets]) => decodeText(Buffer.from(octets, 'hex'), charset!));
    const wrong = pairs.filter((_, i) => read[i]!.text !== expected[i] || read[i]!.replaced);
    expect(wrong).toEqual([]);
  });

  describe('over the wire', () => {
    const start = useOrigins();
    const service = useService();
    const content = Buffer.from(pairs.map(([octets]) => octets).join(''), 'hex');

    it.each([
      ['by its Content-Type', 'text/html; charset=EUC-KR', '', 'header'],
      ['by its meta element', 'text/html', '<meta charset=korean>', 'meta'],
      ['by its meta element, of no type', '', '<!doctype html><meta charset=korean>', 'meta'],
    ])('is its character, %s', async (_, type, meta, charsetSource) => {
      const head = `HTTP/1.1 200 OK\r\nContent-Type: ${type}\r\nContent-Length: ${meta.length + content.length}\r\n\r\n`;
      const origin = await start(answering(head + meta, content));
      const { body, warnings } = resultOf(await service().fetch({ url: origin.url() }));
      expect(body).toMatchObject({ charset: 'EUC-KR', charsetSource, base64: null });
      expect(body.text).toBe(meta + expected.join(''));
      expect(warnings).toEqual([]);
    });
  });
});

interface Labels {
  readonly labels: readonly (readonly [label: string, name: string])[];
  readonly count: number;
}

describeVectors<Labels>(
  'the labels of the Encoding Standard',
  'charset/whatwg_labels.json',
  ({ labels, count }) => {
    it('are all in the file', () => {
      expect(labels).toHaveLength(count);
      expect(count).toBe(228);
    });

    it.each(labels)('%s names %s, in any case and within blanks', (label, name) => {
      for (const written of [label, label.toUpperCase(), `\t ${label}\f `]) {
        const decision = decideCharset(Buffer.alloc(0), { essence: 'text/plain', charset: written });
        expect(decision).toEqual({ charset: name, charsetSource: 'header', warnings: [] });
      }
    });

    it('name what can be read, but for those that browsers refuse', () => {
      for (const name of new Set(labels.map(([, name]) => name)))
        expect([name, decodeText(Buffer.from('1234', 'latin1'), name)]).toEqual([
          name,
          { text: name === 'replacement' ? null : expect.any(String), replaced: false },
        ]);
    });
  },
);

/** A string is the heading of what follows. */
type MimeTypeRow =
  | string
  | {
      readonly input: string;
      /** serialized; null: no MIME type */
      readonly output: string | null;
      /** name of the encoding that a browser gets from it; absent where none was asked */
      readonly encoding?: string | null;
    };

/** @returns what a serialized MIME type says, which needs no trimming and has each parameter once */
function readSerialized(output: string): { essence: string; charset: string | null } {
  const quoted = /;charset="((?:[^"\\]|\\.)*)"/.exec(output)?.[1]?.replace(/\\(.)/g, '$1');
  const charset = quoted ?? /;charset=([^;"]+)/.exec(output)?.[1] ?? null;
  return { essence: output.split(';')[0]!, charset };
}

describeVectors<readonly MimeTypeRow[]>(
  'MIME types of the web platform tests',
  'charset/wpt_mime_types.json',
  (file) => {
    const rows = file.filter((row) => typeof row !== 'string');

    it.each(rows)('$input is read as $output', ({ input, output }) => {
      const expected = output === null ? null : readSerialized(output);
      expect(parseMediaType(input)).toEqual(expected);
      expect(extractMediaType([input])).toEqual(expected);
    });

    const asked = rows.filter(({ encoding }) => encoding !== undefined);

    it.each(asked)('$input names the encoding $encoding', ({ input, encoding }) => {
      const { charset, charsetSource } = decideCharset(Buffer.alloc(0), extractMediaType([input]));
      expect(charsetSource === 'header' ? charset : null).toBe(encoding);
    });
  },
);

interface Documents {
  readonly vectors: readonly {
    readonly id: string;
    readonly input_base64: string;
    readonly expected_encoding: string;
    readonly needs_tokenizer: boolean;
  }[];
  readonly count: number;
}

describeVectors<Documents>(
  'HTML documents of html5lib without a charset in Content-Type, but for those that need a tokenizer',
  'charset/html5lib_encoding_dev.json',
  ({ vectors }) => {
    const prescanned = vectors.filter((vector) => !vector.needs_tokenizer);

    it.each(prescanned)('$id is in $expected_encoding', ({ input_base64, expected_encoding }) => {
      const { charset } = decideCharset(fromBase64(input_base64), { essence: 'text/html', charset: null });
      expect(charset).toBe(labelToName(expected_encoding));
    });
  },
);
