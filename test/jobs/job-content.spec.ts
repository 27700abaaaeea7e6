import fc from 'fast-check';
import { type JobContent, parseRequest, readJobContent } from '../../src/jobs/job-content';
import { Problem } from '../../src/problems/problem';

const MAX_CHARACTERS = 100_000;

/** @returns what the work makes, and in how many steps */
function finish<T>(work: Iterator<void, T>): { readonly value: T; readonly steps: number } {
  for (let steps = 1; ; steps++) {
    const { done, value } = work.next();
    if (done === true) return { value, steps };
  }
}

function contentOf(text: string | readonly string[]): JobContent {
  return finish(readJobContent(typeof text === 'string' ? [text] : text, MAX_CHARACTERS)).value;
}

/** @returns as JSON.parse would */
function valueOf(text: string | readonly string[]): unknown {
  const { members, requests } = contentOf(text);
  const values = requests?.map((request) => {
    const parsed = parseRequest(request);
    if ('message' in parsed) throw new Error(parsed.message);
    return parsed.value;
  });
  return values === undefined ? members : { ...members, requests: values };
}

/** @returns "path: message" of the mistake */
function mistakeIn(text: string | readonly string[]): string {
  try {
    contentOf(text);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const { code, more } = error;
    expect([code, more.phase, more.errors!.length]).toEqual(['invalid-request', 'validate', 1]);
    return more.errors!.map(({ path, message }) => `${path}: ${message}`).join();
  }
  return '';
}

function cut(text: string, size: number): string[] {
  return text.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? [];
}

const ANY_JOB = fc
  .dictionary(fc.string(), fc.jsonValue({ maxDepth: 4 }), { maxKeys: 4 })
  .chain((members) =>
    fc.record({
      members: fc.constant(members),
      requests: fc.option(fc.oneof(fc.array(fc.jsonValue({ maxDepth: 4 })), fc.jsonValue())),
      space: fc.constantFrom(undefined, 1, '\t\r\n'),
      size: fc.integer({ min: 1, max: 40 }),
    }),
  )
  .map(({ members, requests, space, size }) => {
    const job = requests === null ? members : { ...members, requests };
    return { json: JSON.stringify(job, null, space), size };
  })
  // Those that are refused have tests of their own.
  .filter(({ json }) => !/"(?:__proto__|constructor)"/.test(json));

it('what is read is what JSON.parse makes of it, wherever the text is cut', () => {
  fc.assert(
    fc.property(ANY_JOB, ({ json, size }) => {
      expect(valueOf(cut(json, size))).toEqual(JSON.parse(json));
    }),
    { numRuns: 2_000 },
  );
});

it('what JSON.parse refuses is refused, whatever is changed in a text', () => {
  const change = fc.record({
    at: fc.nat(),
    removed: fc.integer({ min: 0, max: 2 }),
    put: fc.constantFrom('', '{', '}', '[', ']', ',', ':', '"', '\\', '1', 'null', ' ', '\0', '\u00a0', 'é'),
  });
  fc.assert(
    fc.property(ANY_JOB, change, ({ json, size }, { at, removed, put }) => {
      const place = at % json.length;
      const changed = json.slice(0, place) + put + json.slice(place + removed);
      let expected: unknown;
      try {
        expected = JSON.parse(changed);
      } catch {
        expected = undefined;
      }
      const read = (): unknown => valueOf(cut(changed, size));
      if (typeof expected !== 'object' || expected === null || Array.isArray(expected))
        expect(read).toThrow();
      // A change may make two names one.
      else if (mistakeIn(changed).endsWith('must not be given twice')) expect(read).toThrow(Problem);
      else expect(read()).toEqual(expected);
    }),
    { numRuns: 5_000 },
  );
});

it.each<[text: string, mistake: string]>([
  ['', ': is empty, and must be a JSON object'],
  [' \n', ': is empty, and must be a JSON object'],
  ['[]', ': must be a JSON object'],
  ['"requests"', ': must be a JSON object'],
  ['url=http://a/', ': must be a JSON object'],
  ['{', ': is not JSON, from character 2 on'],
  ['{"a":1', ': is not JSON, from character 7 on'],
  ['{"a":1]', ': is not JSON, from character 8 on'],
  ['{"a":1}}', ': is not JSON, from character 8 on'],
  ['{"a":1} x', ': is not JSON, from character 9 on'],
  ['{"a" 1}', ': is not JSON, from character 2 on'],
  ['{a:1}', ': is not JSON, from character 2 on'],
  ['{1:1}', ': is not JSON, from character 2 on'],
  ['{"a":1,}', ': is not JSON, from character 8 on'],
  ['{"priority":}', 'priority: is not JSON, from character 13 on'],
  ['{"priority":01}', 'priority: is not JSON, from character 13 on'],
  ['{"requests":[{}', 'requests.0: is not JSON, from character 16 on'],
  ['{"requests":[{},{}}', 'requests.1: is not JSON, from character 20 on'],
  ['{"requests":["abc', 'requests.0: is not JSON, from character 18 on'],
  ['{"requests":[{}:{}]}', 'requests.0: is not JSON, from character 17 on'],
])('%j is refused: %s', (text, mistake) => {
  expect(mistakeIn(text)).toBe(mistake);
  expect(mistakeIn([...text])).toBe(mistake);
});

it.each<[text: string, name: string]>([
  ['{"a":1,"a":1}', 'a'],
  [String.raw`{"priority":1,"\u0070riority":2}`, 'priority'],
  ['{"requests":[],"requests":[]}', 'requests'],
  ['{"requests":[],"requests":null}', 'requests'],
  ['{"requests":null,"requests":[]}', 'requests'],
])('a name that comes twice is refused: %s', (text, name) => {
  expect(mistakeIn(text)).toBe(`${name}: must not be given twice`);
});

describe('names that change a prototype are refused as by Fastify', () => {
  it.each(['{"__proto__":1}', String.raw`{"\u005f_proto__":{}}`, '{"a":{"b":[{"__proto__":null}]}}'])(
    '%s',
    (json) => {
      expect(mistakeIn(json)).toMatch(/^: must not hold a member __proto__/);
      expect(parseRequest(json)).toEqual({ message: expect.stringMatching(/__proto__/) });
    },
  );

  it('{"constructor":{"prototype":1}}', () => {
    const json = '{"constructor":{"prototype":1}}';
    expect(mistakeIn(json)).toMatch(/^: must not hold a member __proto__/);
    expect(parseRequest(`[${json}]`)).toHaveProperty('message');
  });

  it.each(['{"constructor":1}', '{"constructor":null}', '{"constructor":{"name":1}}', '{"prototype":{}}'])(
    'but not %s',
    (json) => {
      expect(valueOf(json)).toEqual(JSON.parse(json));
      expect(parseRequest(json)).toEqual({ value: JSON.parse(json) });
    },
  );
});

it('a byte order mark is passed over, once', () => {
  expect(contentOf(['', '\uFEFF{"a":1}']).members).toEqual({ a: 1 });
  expect(mistakeIn(['\uFEFF', '\uFEFF{"a":1}'])).toBe(': must be a JSON object');
});

describe('too much is refused', () => {
  const many = (count: number): string => `[${Array.from({ length: count - 1 }, () => 1).join(',')}]`;

  it.each<[what: string, fits: string, mistake: string, text: string]>([
    [
      'values in a request',
      `{"requests":[${many(10_000)},${many(10_000)}]}`,
      'requests.1: holds more than 10000 values',
      `{"requests":[1,${many(10_001)}]}`,
    ],
    [
      'values beside the requests',
      `{"a":${many(5_000)},"b":${many(5_000)}}`,
      'b: holds more than 10000 values',
      `{"a":${many(5_000)},"b":${many(5_001)}}`,
    ],
    [
      'characters in a request',
      `{"requests":["${'x'.repeat(MAX_CHARACTERS - 2)}"]}`,
      'requests.0: must be at most 100000 characters of JSON',
      `{"requests":["${'x'.repeat(MAX_CHARACTERS - 1)}"]}`,
    ],
    [
      'characters in a member',
      `{"a":"${'x'.repeat(MAX_CHARACTERS - 2)}"}`,
      'a: must be at most 100000 characters of JSON',
      `{"a":"${'x'.repeat(MAX_CHARACTERS - 1)}"}`,
    ],
    [
      'requests',
      `{"requests":${many(10_001)}}`,
      'requests: must be a list of at most 10000 requests',
      `{"requests":${many(10_002)}}`,
    ],
  ])('%s', (_, fits, mistake, text) => {
    expect(mistakeIn(fits)).toBe('');
    expect(mistakeIn(text)).toBe(mistake);
    expect(mistakeIn(cut(text, 7))).toBe(mistake);
  });

  it('without reading on', () => {
    let pieces = 0;
    function* endless(): Generator<string> {
      for (yield '{"requests":['; ; pieces++) yield '{},';
    }
    expect(() => finish(readJobContent(endless(), MAX_CHARACTERS))).toThrow(Problem);
    // The comma behind the last one that there may be tells that there is another.
    expect(pieces).toBe(9_999);
  });
});

describe('no step goes over more than 65,536 characters', () => {
  it.each<[what: string, text: string]>([
    ['blanks', ' '.repeat(1_000_000)],
    ['a string', `{"requests":["${'x'.repeat(1_000_000)}"]}`],
    [
      'small requests',
      `{"requests":[${'{"url":"http://example.com/0123456789/0123456789/0123456789/0123456789/0123456789/012345"},'.repeat(9_999)}1]}`,
    ],
  ])('of %s', (_, text) => {
    const work = readJobContent([text], 2_000_000);
    let steps = 1;
    try {
      while (work.next().done !== true) steps++;
    } catch (error) {
      expect(error).toBeInstanceOf(Problem);
    }
    expect(steps).toBeGreaterThan(text.length / 65_536);
  });

  it('and a piece is asked for when the one before has been gone over', () => {
    const asked: number[] = [];
    function* pieces(): Generator<string> {
      for (const [index, piece] of cut(`{"requests":[${'{},'.repeat(9)}{}]}`, 10).entries()) {
        asked.push(index);
        yield piece;
      }
    }
    const work = readJobContent(pieces(), MAX_CHARACTERS);
    for (let step = 0; work.next().done !== true; step++) expect(asked.at(-1)).toBe(step);
    expect(asked.length).toBe(5);
  });
});
