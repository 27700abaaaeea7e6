import fc from 'fast-check';
import type { FetchResultDto } from '../../src/fetch/dto/exchange.dto';
import { FETCH_RESULT_EXAMPLE } from '../../src/fetch/fetch-result.example';
import { answerOf, jsonInSlices } from '../../src/fetch/answer-json';

const BASE = FETCH_RESULT_EXAMPLE;

/** A result with that content, which may be said to be anything. */
function resultWith(
  text: string | null,
  base64: string | null,
  more: Partial<FetchResultDto>,
): FetchResultDto {
  return { ...BASE, ...more, body: { ...BASE.body, text, base64 } };
}

/** Cut anywhere but within a character. */
function pieces(content: string, length: number): string[] {
  const characters = [...content];
  return Array.from({ length: Math.ceil(characters.length / length) }, (_, n) =>
    characters.slice(n * length, (n + 1) * length).join(''),
  );
}

const character = fc.oneof(
  fc.constantFrom(
    '\0',
    '\x1f',
    '"',
    '\\',
    '/',
    '\x7f',
    '\u2028',
    '\u2029',
    '\ufeff',
    '\ufffd',
    '\uffff',
    '💩',
  ),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
);
const content = fc.array(character, { maxLength: 50 }).map((characters) => characters.join(''));
/** what a target may send to be taken for the place of the content */
const hostile = fc.constantFrom(
  ',"body":{"text":"',
  ',"body":{"text":null,"base64":"',
  '\\',
  '\\",\\"body\\":{\\"text\\":\\"',
);

it('slices are together what JSON.stringify makes of the whole result, and each is small', () => {
  fc.assert(
    fc.property(
      content,
      fc.constantFrom('text', 'base64'),
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 100 }),
      hostile,
      (whole, field, pieceLength, sliceCharacters, text) => {
        const headers = [{ name: text, value: text }];
        const more = { url: text, statusText: text, headers, hops: [{ ...BASE, statusText: text }] };
        const value = field === 'text' ? whole : Buffer.from(whole).toString('base64');
        const resultOf = (given: string): FetchResultDto =>
          field === 'text' ? resultWith(given, null, more) : resultWith(null, given, more);
        const slices = [
          ...jsonInSlices(
            answerOf({ result: resultOf(''), content: { field, pieces: pieces(value, pieceLength) } }),
            sliceCharacters,
          ),
        ];
        expect(slices.join('')).toBe(JSON.stringify(resultOf(value)));
        for (const slice of slices.slice(1, -1))
          expect(slice.length).toBeLessThan(sliceCharacters + pieceLength * 2 * '\\u0000'.length);
      },
    ),
    { numRuns: 2_000 },
  );
});

it('a result that lacks nothing is one slice', () => {
  expect([...jsonInSlices(answerOf({ result: BASE, content: null }))]).toEqual([JSON.stringify(BASE)]);
});

it('content is not looked at before it is needed', () => {
  let asked = 0;
  function* content(): Generator<string, void> {
    for (;;) {
      asked++;
      yield 'x'.repeat(20_000);
    }
  }
  const slices = jsonInSlices(answerOf({ result: BASE, content: { field: 'text', pieces: content() } }));
  slices.next();
  slices.next();
  expect(asked).toBeLessThanOrEqual(4);
});
