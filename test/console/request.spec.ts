import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { curlOf, jsonOf } from '../../src/console/page/curl';
import {
  type ConsoleRequest,
  EMPTY_DRAFT,
  draftOf,
  idleMsOf,
  requestOf,
  settingsOf,
  totalMsOf,
  withScheme,
} from '../../src/console/page/draft';
import { PRESETS } from '../../src/console/page/presets';
import { fragmentOf, isBroken, readRequest, requestInFragment } from '../../src/console/page/shared-request';
import { readFetchSpec } from '../../src/fetch/fetch-spec.reader';

const LIMITS = {
  maxTotalMs: 120_000,
  maxBodyBytes: 52_428_800,
  rawRequests: true,
  schemes: new Set(['http:', 'https:']),
};

/** says something in every field of the form */
const WHOLE: ConsoleRequest = {
  url: 'https://a.example/?q=소켓',
  method: 'POST',
  headers: [
    { name: 'X-A', value: 'it\'s \\ "so"' },
    { name: 'x-a', value: '' },
  ],
  defaultHeaders: false,
  body: { text: 'a\r\nb\0' },
  httpVersion: '1.0',
  timeouts: { idleMs: 1_200, totalMs: 9_000 },
  read: { until: 'idle', bufferBytes: 1_024, maxReads: 1 },
  redirects: { follow: false, max: 3 },
  network: { family: 6 },
  tls: { verify: false, serverName: 'b.example' },
  parser: 'strict',
  decodeContent: false,
  session: 'crawl-7',
};

describe('the form', () => {
  it('asks for nothing that is usual', () => {
    expect(requestOf({ ...EMPTY_DRAFT, url: ' http://a.example/ ' })).toEqual({ url: 'http://a.example/' });
  });

  it('says again what it was filled with', () => {
    expect(requestOf(draftOf(WHOLE))).toEqual(WHOLE);
    const base64: ConsoleRequest = { url: 'http://a.example/', body: { base64: 'AA==' } };
    expect(requestOf(draftOf(base64))).toEqual(base64);
  });

  it('says what the service understands', () => {
    expect(() => readFetchSpec(WHOLE, LIMITS)).not.toThrow();
  });

  it('sends what is no number as it is, for the service to tell where', () => {
    const draft = {
      ...EMPTY_DRAFT,
      url: 'http://a.example/',
      limits: { ...EMPTY_DRAFT.limits, maxReads: 'many', bufferBytes: ' 0x10 ' },
    };
    expect(requestOf(draft).read).toEqual({ maxReads: 'many', bufferBytes: 16 });
  });

  it('leaves lines out that are empty', () => {
    const headers = [
      { name: '', value: '' },
      { name: 'A', value: '' },
    ];
    expect(requestOf({ ...EMPTY_DRAFT, headers }).headers).toEqual([{ name: 'A', value: '' }]);
  });

  it('names what it sets beyond method and URL', () => {
    expect(settingsOf({ url: 'a', method: 'HEAD' })).toEqual([]);
    expect(settingsOf(WHOLE)).toEqual([
      'headers',
      'defaultHeaders',
      'body',
      'httpVersion',
      'timeouts.idleMs',
      'timeouts.totalMs',
      'read.until',
      'read.bufferBytes',
      'read.maxReads',
      'redirects.follow',
      'redirects.max',
      'network.family',
      'tls.verify',
      'tls.serverName',
      'parser',
      'decodeContent',
      'session',
    ]);
  });

  it.each<[ConsoleRequest, number, number]>([
    [{ url: 'a' }, 10_000, 30_000],
    [{ url: 'a', read: { until: 'idle' } }, 2_000, 30_000],
    [{ url: 'a', timeouts: { idleMs: 4_000, totalMs: 9_000 } }, 4_000, 9_000],
  ])('knows the limits that the service keeps for %j', (request, idleMs, totalMs) => {
    expect([idleMsOf(request), totalMsOf(request)]).toEqual([idleMs, totalMs]);
    const spec = readFetchSpec({ ...request, url: 'http://a.example/' }, LIMITS);
    expect(spec.timeouts).toMatchObject({ idleMs, totalMs });
  });

  it.each([
    ['example.com', 'http://example.com'],
    [' example.com/a?b ', 'http://example.com/a?b'],
    ['localhost:8080/x', 'http://localhost:8080/x'],
    ['[::1]:80', 'http://[::1]:80'],
    ['한국.example', 'http://한국.example'],
    ['http://a.example/', 'http://a.example/'],
    ['HTTPS://a.example/', 'HTTPS://a.example/'],
    ['ftp://a.example/', 'ftp://a.example/'],
    ['mailto:a@example.com', 'mailto:a@example.com'],
    ['me:secret@a.example', 'me:secret@a.example'],
    ['/path', '/path'],
    ['', ''],
  ])('has %j be %j', (typed, url) => {
    expect(withScheme(typed)).toBe(url);
  });

  it.each(PRESETS.map(({ name, request }): [string, ConsoleRequest] => [name.en, request]))(
    'can be filled with the example %s',
    (_, request) => {
      expect(requestOf(draftOf(request))).toEqual(request);
      expect(() => readFetchSpec(request, LIMITS)).not.toThrow();
    },
  );
});

describe('a link', () => {
  it('holds the whole request, in letters that every mail leaves alone', () => {
    const fragment = fragmentOf(WHOLE);
    expect(fragment).toMatch(/^#r=[\w-]+$/);
    expect(requestInFragment(fragment)).toEqual(WHOLE);
  });

  it('holds any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const request = { url: 'http://a.example/', body: { text } };
        expect(requestInFragment(fragmentOf(request))).toEqual(request);
      }),
    );
  });

  it.each(['', '#', '#r=', '#r=%00', '#r=bm90IGpzb24', '#r=bnVsbA', '#r=W10', '#r=e30', '#r=_w', '#x=e30'])(
    'that holds none is none: %s',
    (fragment) => {
      expect(requestInFragment(fragment)).toBeNull();
    },
  );

  it.each([
    ['#r=broken!!', true],
    ['#r=', true],
    ['#r=bnVsbA', true],
    ['', false],
    ['#result', false],
    [fragmentOf({ url: 'a' }), false],
  ])('%s is broken: %p', (fragment, broken) => {
    expect(isBroken(fragment)).toBe(broken);
  });

  it.each<[unknown, ConsoleRequest]>([
    [{ url: 'a', include: { body: 'none' }, raw: { base64: '' }, key: 'k' }, { url: 'a' }],
    [{ url: 'a', method: 7, parser: 'loose', httpVersion: '2', headers: { a: 'b' } }, { url: 'a' }],
    [
      { url: 'a', headers: [null, 'x', { name: 'A' }, { name: 'A', value: 'b', c: 1 }] },
      { url: 'a', headers: [{ name: 'A', value: 'b' }] },
    ],
    [{ url: 'a', body: { text: 'a', base64: '' }, read: { until: 'never', maxReads: null } }, { url: 'a' }],
    [
      { url: 'a', timeouts: { idleMs: 5, x: 1, totalMs: {} }, network: { family: 5 } },
      { url: 'a', timeouts: { idleMs: 5 } },
    ],
  ])('of somebody else is taken for what the form knows: %j', (value, request) => {
    expect(readRequest(value)).toEqual(request);
  });
});

describe('a command for curl', () => {
  const ENDPOINT = 'http://127.0.0.1:8080/wire/fetch';

  /** What a shell makes of a command. */
  function argumentsOf(command: string, env: NodeJS.ProcessEnv = {}): { args: string[]; input: string } {
    const script = `curl() { for a; do printf '%s\\0' "$a"; done; if [ "$a" = @- ]; then cat; fi; }\n${command}\n`;
    const output = execFileSync('/bin/sh', ['-s'], { input: script, env, encoding: 'utf8' }).split('\0');
    return { args: output.slice(0, -1), input: output.at(-1)! };
  }

  it('sends this very request', () => {
    const { args } = argumentsOf(curlOf(WHOLE, ENDPOINT, false));
    expect(args.slice(0, -1)).toEqual([
      '-sS',
      ENDPOINT,
      '-H',
      'Content-Type: application/json',
      '--data-binary',
    ]);
    expect(JSON.parse(args.at(-1)!)).toEqual(WHOLE);
  });

  it('takes the key from the environment', () => {
    const { args } = argumentsOf(curlOf({ url: 'a' }, ENDPOINT, true), { WIREFETCH_KEY: 'se cret' });
    expect(args).toContain('X-API-Key: se cret');
  });

  it('says to the shell what was meant, whatever that is', () => {
    const nasty = fc.string({
      unit: fc.constantFrom("'", '"', '\\', '$', '`', '!', '\n', '\0', '\u2028', 'é', '한'),
    });
    fc.assert(
      fc.property(nasty, (text) => {
        const request = { url: `http://a/${text}`, body: { text } };
        const { args } = argumentsOf(curlOf(request, `${ENDPOINT}?${text.replaceAll('\0', '')}`, false));
        expect(JSON.parse(args.at(-1)!)).toEqual(request);
        expect(args[1]).toBe(`${ENDPOINT}?${text.replaceAll('\0', '')}`);
      }),
      { numRuns: 40 },
    );
  });

  it('gives what is too long for an argument to its input', () => {
    const request = { url: 'a', body: { text: `END\n'$(date)`.repeat(20_000) } };
    const { args, input } = argumentsOf(curlOf(request, ENDPOINT, false));
    expect(args.at(-1)).toBe('@-');
    expect(JSON.parse(input)).toEqual(request);
  });

  it('shows what would not be seen', () => {
    const text = 'a\u009b\u200e\u202e\ufeff\u{e0041}b';
    const json = jsonOf({ url: 'a', body: { text } });
    expect(json).toMatch(/^[ -~]+$/);
    expect(JSON.parse(json)).toEqual({ url: 'a', body: { text } });
  });
});

it('of a link with more lines than the service takes, the first are taken', () => {
  const headers = Array.from({ length: 40_000 }, (_, i) => ({ name: `X-${i}`, value: '' }));
  expect(readRequest({ url: 'http://a.example/', headers })!.headers).toEqual(headers.slice(0, 1_000));
});
