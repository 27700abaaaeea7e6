import { explain, explainAll } from '../../src/problems/explain';
import { PROBLEMS, type ProblemCode } from '../../src/problems/problem-table';
import { TestService, type Answer, call, jsonOf, useService } from '../support/app';
import { type Element, all, parsePage, textOf } from '../support/markup';
import { mistakesIn, problemOf } from './contract';

const service = useService();
const CODES = Object.keys(PROBLEMS) as ProblemCode[];
const PAGE = { accept: 'text/html' };
const LISTS = ['/problems', '/problems/'];

/** @returns the page of an answer, which has to be one */
function pageOf(answer: Answer): Element {
  expect([answer.status, answer.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
  const page = parsePage(answer.text);
  const [root] = all(page, 'html');
  expect(root!.attributes).toEqual({ lang: 'en' });
  expect(all(page, 'title').map(textOf)[0]).toMatch(/\S – wirefetch$/);
  expect(all(page, 'main', 'header', 'nav', 'footer').map(({ name }) => name)).toEqual([
    'header',
    'nav',
    'main',
    'footer',
  ]);
  expectOrder(all(page, 'h1', 'h2', 'h3').map(({ name }) => Number(name.slice(1))));
  // Nothing runs, and nothing is in the page that a policy of its own could not let through.
  expect(all(page, 'script', 'style', 'iframe', 'img', 'form')).toEqual([]);
  const attributes = all(page, 'a', 'code', 'p', 'li', 'dl').flatMap((one) => Object.keys(one.attributes));
  expect(attributes.filter((name) => name === 'style' || name.startsWith('on'))).toEqual([]);
  for (const list of all(page, 'ul'))
    expect(
      list.children.filter((child) =>
        typeof child === 'string' ? child.trim() !== '' : child.name !== 'li',
      ),
    ).toEqual([]);
  return page;
}

/** One heading of the first level, and none skipped. */
function expectOrder(levels: readonly number[]): void {
  expect(levels.filter((level) => level === 1)).toEqual([1]);
  for (const [index, level] of levels.entries())
    expect(level).toBeLessThanOrEqual((levels[index - 1] ?? 0) + 1);
}

function linksOf(page: Element): string[] {
  return all(page, 'a').map(({ attributes }) => attributes['href']!);
}

describe.each(CODES)('/problems/%s', (code) => {
  it('is JSON to programs, as it is described', async () => {
    const answer = await service().get(`/problems/${code}`);
    expect([answer.status, answer.headers['content-type']]).toEqual([200, 'application/json; charset=utf-8']);
    expect(mistakesIn(jsonOf(answer), 'ProblemExplanation')).toEqual([]);
    expect(jsonOf(answer)).toEqual(explain(code));
  });

  it('is a page to people, which says the same', async () => {
    const page = pageOf(await service().get(`/problems/${code}`, PAGE));
    const { title, status, meaning, causes, remedies, seeAlso, references } = explain(code);
    expect(all(page, 'h1').map(textOf)).toEqual([title]);
    const text = textOf(page);
    const texts = [
      meaning,
      ...causes,
      ...remedies.map(({ what }) => what),
      ...references.map(({ name }) => name),
    ];
    expect(
      [code, String(status), ...texts.map((one) => one.replaceAll('`', ''))].filter(
        (one) => !text.includes(one),
      ),
    ).toEqual([]);
    const links = linksOf(page);
    expect(links).toEqual(
      expect.arrayContaining([
        ...seeAlso.map((other) => `../problems/${other}`),
        ...references.map(({ url }) => url),
      ]),
    );
  });

  it('is where the type of the problem leads to, wherever the problem is from', async () => {
    const { type } = explain(code);
    for (const from of ['/fetch', '/jobs/01KB58E5Q5SDXM3W7V8T8B1T2N/results'])
      expect(new URL(type, service().url + from).href).toBe(`${service().url}/problems/${code}`);
  });
});

describe.each(LISTS)('%s', (path) => {
  it('is JSON to programs, as it is described', async () => {
    const answer = await service().get(path);
    expect([answer.status, answer.headers['content-type']]).toEqual([200, 'application/json; charset=utf-8']);
    expect(mistakesIn(jsonOf(answer), 'ProblemList')).toEqual([]);
    expect(jsonOf(answer)).toEqual(explainAll());
  });

  it('is a page to people, with every code under its status', async () => {
    const page = pageOf(await service().get(path, PAGE));
    const [main] = all(page, 'main');
    const listed = all(main!, 'h2', 'li').map(textOf);
    const expected = explainAll().items.flatMap(({ status, statusText, problems }) => [
      `${status} ${statusText}`,
      ...problems.map(({ code, title }) => `${code} ${title}`),
    ]);
    expect(listed).toEqual(expected);
  });
});

describe('the links of a page', () => {
  it.each([...LISTS, '/problems/address-denied', '/problems/total-timeout'])(
    'lead somewhere: %s',
    async (path) => {
      const page = pageOf(await service().get(path, PAGE));
      const styles = all(page, 'link').map(({ attributes }) => attributes['href']!);
      const targets = [...linksOf(page), ...styles].map((link) => new URL(link, service().url + path));
      const own = targets.filter(({ origin }) => origin === service().url).map(({ pathname }) => pathname);
      expect(own).toEqual(expect.arrayContaining(['/', '/problems', '/docs', '/problems/page.css']));
      // The console is what it leads to, where there is one.
      for (const one of new Set(own.filter((target) => target !== '/')))
        expect([one, (await service().get(one, PAGE)).status]).toEqual([one, 200]);
    },
  );

  it.each([...LISTS, '/problems/address-denied'])(
    'stay under the path that a proxy has the service at: %s',
    async (path) => {
      const page = pageOf(await service().get(path, PAGE));
      const links = [...linksOf(page), ...all(page, 'link').map(({ attributes }) => attributes['href']!)];
      const own = links.filter((link) => !link.startsWith('https://'));
      expect(own.length).toBeGreaterThan(4);
      for (const link of own)
        expect(new URL(link, `https://proxy.test/wire/fetch${path}`).href).toContain('/wire/fetch/');
    },
  );
});

describe('what is answered is chosen by Accept:', () => {
  it.each([
    ['text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8', 'text/html'],
    ['text/html', 'text/html'],
    ['text/*', 'text/html'],
    ['application/json;q=0.5, text/html', 'text/html'],
    ['*/*', 'application/json'],
    ['application/json', 'application/json'],
    ['application/json, text/html;q=0.9', 'application/json'],
    ['image/png, */*;q=0.1', 'application/json'],
  ])('%s', async (accept, mediaType) => {
    for (const path of [...LISTS, '/problems/address-denied']) {
      const { headers } = await service().get(path, { accept });
      expect([path, headers['content-type']]).toEqual([path, `${mediaType}; charset=utf-8`]);
      expect(headers.vary).toBe('Accept');
    }
  });

  it.each(['image/png', 'application/problem+json', 'text/html;q=0, application/json;q=0'])(
    'nothing for %s',
    async (accept) => {
      for (const path of [...LISTS, '/problems/address-denied']) {
        const answer = await service().get(path, { accept });
        const problem = problemOf(answer, 'not-acceptable');
        expect(problem.detail).toContain('application/json, text/html');
        expect(answer.headers.vary).toBe('Accept');
      }
    },
  );
});

describe.each([...LISTS, '/problems/address-denied'])('%s is not sent again to whom has it', (path) => {
  const url = (): string => service().url + path;

  it.each(['application/json', 'text/html'])('as %s', async (accept) => {
    const first = await service().get(path, { accept });
    const etag = first.headers.etag!;
    expect(etag).toMatch(/^"[\w-]{43}"$/);
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const again = await service().get(path, { accept, 'if-none-match': known });
      expect([again.status, again.text]).toEqual([304, '']);
      // RFC 9110 §15.4.5: what a 200 would have had of these, and nothing of what was not sent.
      const { vary, 'cache-control': caching } = first.headers;
      expect(again.headers).toMatchObject({ etag, vary, 'cache-control': caching });
      expect([vary, caching]).toEqual(['Accept', 'no-cache']);
      expect(again.headers).not.toHaveProperty('content-type');
      expect(again.headers).not.toHaveProperty('content-length');
    }
  });

  it('unless it has something else', async () => {
    const json = await service().get(path);
    const page = await service().get(path, PAGE);
    expect(page.headers.etag).not.toBe(json.headers.etag);
    for (const known of [json.headers.etag!, '"other"', 'W/"other"', page.headers.etag!.slice(1, -1), '']) {
      const again = await service().get(path, { ...PAGE, 'if-none-match': known });
      expect([again.status, again.text]).toEqual([200, page.text]);
    }
  });

  it('nor told of anew', async () => {
    const { headers } = await service().get(path);
    const length = headers['content-length'];
    const told = await call(url(), { method: 'HEAD' });
    expect(told).toMatchObject({ status: 200, headers: { etag: headers.etag, 'content-length': length } });
    const again = await call(url(), { method: 'HEAD', headers: { 'if-none-match': headers.etag! } });
    expect(again).toMatchObject({ status: 304, headers: { etag: headers.etag, 'content-length': length } });
  });
});

it('a refusal stays one, whatever its caller has', async () => {
  const has = { 'if-none-match': '*' };
  problemOf(await service().get('/problems/no-such-code', has), 'not-found');
  problemOf(await service().get('/problems', { ...has, accept: 'image/png' }), 'not-acceptable');
});

it('a list is told apart by where its page stands', async () => {
  const [here, below] = await Promise.all(LISTS.map((path) => service().get(path, PAGE)));
  expect(here!.headers.etag).not.toBe(below!.headers.etag);
  expect(here!.text).not.toBe(below!.text);
});

describe('what is no code', () => {
  it.each([
    'no-such-code',
    'idle-timeout',
    'toString',
    '__proto__',
    'Address-Denied',
    'address-denied%2f',
    '%3Cb%3E',
  ])('is not-found, to programs as to people: %s', async (code) => {
    for (const headers of [{}, PAGE]) {
      const answer = await service().get(`/problems/${code}`, headers);
      expect(problemOf(answer, 'not-found').detail).toContain('/problems');
      expect(answer.headers.vary).toBe('Accept');
    }
  });

  it('is not-found below a code as well', async () => {
    problemOf(await service().get('/problems/address-denied/'), 'not-found');
    problemOf(await service().get('/problems/address-denied/more'), 'not-found');
  });
});

describe('an answer', () => {
  it.each([...LISTS, '/problems/address-denied', '/problems/page.css'])(
    'lets nothing run, and loads its style alone: %s',
    async (path) => {
      const { headers } = await service().get(path, PAGE);
      expect(headers).toMatchObject({
        'content-security-policy':
          "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'no-referrer',
      });
      expect(headers['cache-control']).toBe(path.endsWith('.css') ? 'public, max-age=3600' : 'no-cache');
      expect(headers.vary).toBe(path.endsWith('.css') ? undefined : 'Accept');
    },
  );

  it('has a style for light, for dark, and for narrow', async () => {
    const { headers, text } = await service().get('/problems/page.css', { accept: 'text/css,*/*;q=0.1' });
    expect(headers['content-type']).toBe('text/css; charset=utf-8');
    expect(text).toContain('prefers-color-scheme: dark');
    expect(text).toContain('max-width: 34rem');
    expect(text).not.toMatch(/url\(|@import/);
  });

  it('needs no key, and tells who has none the same', async () => {
    const locked = await TestService.start({ WIREFETCH_API_KEYS: 'key' });
    try {
      for (const path of [...LISTS, '/problems/unauthorized', '/problems/page.css'])
        expect((await locked.get(path, PAGE)).text).toBe((await service().get(path, PAGE)).text);
      const { type } = problemOf(await locked.fetch({}), 'unauthorized');
      pageOf(await locked.get(type, PAGE));
    } finally {
      await locked.close();
    }
  });
});

describe('the colours of the style', () => {
  /** name → the colour, of the light and of the dark palette */
  async function palettes(): Promise<Record<string, string>[]> {
    const { text } = await service().get('/problems/page.css');
    return [...text.matchAll(/:root \{([^}]*)\}/g)].map(([, block]) =>
      Object.fromEntries(
        [...block!.matchAll(/--(\w+): (#[0-9a-f]{6});/g)].map(([, name, colour]) => [name!, colour!]),
      ),
    );
  }

  /** WCAG 2.2, "relative luminance" */
  function luminance(colour: string): number {
    const [red, green, blue] = [1, 3, 5].map((at) => {
      const share = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
  }

  it.each(['text', 'quiet', 'link'])('let %s be read', async (name) => {
    const both = await palettes();
    expect(both).toHaveLength(2);
    for (const palette of both)
      for (const behind of ['paper', 'tint']) {
        const [dark, light] = [luminance(palette[name]!), luminance(palette[behind]!)].toSorted(
          (a, b) => a - b,
        );
        expect((light! + 0.05) / (dark! + 0.05)).toBeGreaterThanOrEqual(4.5);
      }
  });
});
