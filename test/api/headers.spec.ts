import { hash } from 'node:crypto';
import { type Answer, call, useService } from '../support/app';
import { answerTo } from '../support/conversation';
import { answering, response, useOrigins } from '../support/origin';

const start = useOrigins();
const service = useService();

const TO_BROWSERS = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'origin-agent-cluster': '?1',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-dns-prefetch-control': 'off',
  'x-download-options': 'noopen',
  'x-frame-options': 'DENY',
  'x-permitted-cross-domain-policies': 'none',
  'x-xss-protection': '0',
};

/** What tells of the service, or is another's to say. */
const UNSAID = [
  'server',
  'x-powered-by',
  'strict-transport-security',
  'access-control-allow-origin',
  'access-control-allow-methods',
  'access-control-allow-headers',
  'access-control-allow-credentials',
];

function expectFields(answer: Answer): void {
  expect(answer.headers).toMatchObject(TO_BROWSERS);
  for (const name of UNSAID) expect(answer.headers).not.toHaveProperty(name);
}

/** directive → its sources */
function policyOf({ headers }: Answer): Record<string, string[]> {
  const directives = String(headers['content-security-policy']).split('; ');
  return Object.fromEntries(
    directives.map((directive) => [directive.split(' ')[0]!, directive.split(' ').slice(1)]),
  );
}

describe('an answer of the API', () => {
  const ANSWERS: Readonly<Record<string, () => Promise<Answer>>> = {
    'a result': async () => service().fetch({ url: (await start(answering(response('200 OK')))).url() }),
    'a long result': async () => {
      const origin = await start(answering(response('200 OK', 'a'.repeat(100_000))));
      return service().fetch({ url: origin.url() });
    },
    'a fetch as it happens': async () => {
      const origin = await start(answering(response('200 OK')));
      return service().fetch({ url: origin.url() }, { accept: 'application/x-ndjson' });
    },
    'a path with a long part': () => service().get(`/sessions/${'a'.repeat(200)}`),
    'a problem of a fetch': () => service().fetch({ url: 'http://10.0.0.1/' }),
    'a mistake': () => service().fetch('{'),
    'no JSON': () => service().fetch('x', { 'content-type': 'text/plain' }),
    'a list': () => service().get('/sessions'),
    health: () => service().get('/health/live'),
    metrics: () => service().get('/metrics'),
    'the description': () => service().get('/openapi.json'),
    'nothing there': () => service().get('/nothing'),
    'a path that is no text': () => service().get('/%zz'),
    'a method': () => service().get('/fetch'),
    'nothing acceptable': () => service().get('/sessions', { accept: 'text/html' }),
    'another host': () => service().get('/sessions', { host: 'rebound.test' }),
    'no HTTP': () => answerTo(service().url, 'hello\r\n\r\n'),
    'a tunnel': () => answerTo(service().url, 'CONNECT a:80 HTTP/1.1\r\nHost: localhost\r\n\r\n'),
  };

  it.each(Object.keys(ANSWERS))('is neither kept, shown, sniffed nor run: %s', async (name) => {
    const answer = await ANSWERS[name]!();
    expectFields(answer);
    expect(answer.headers['cache-control']).toContain('no-store');
    expect(policyOf(answer)).toEqual({ 'default-src': ["'none'"], 'frame-ancestors': ["'none'"] });
    expect(answer.headers['date']).toMatch(/ GMT$/);
  });
});

describe('the pages', () => {
  it.each(['/docs', '/docs/', '/docs/index.html'])('%s runs and loads nothing but its own', async (path) => {
    const page = await service().get(path);
    expectFields(page);
    expect(page.headers['cache-control']).toBe('no-cache');
    const { 'style-src': styles, ...policy } = policyOf(page);
    expect(policy).toEqual({
      'default-src': ["'none'"],
      'script-src': ["'self'"],
      'img-src': ["'self'", 'data:'],
      'font-src': ["'self'"],
      'connect-src': ["'self'"],
      'base-uri': ["'none'"],
      'form-action': ["'none'"],
      'frame-ancestors': ["'none'"],
    });
    expect(styles).not.toContain("'unsafe-inline'");
  });

  it.each(['/docs/', '/docs/index.html'])(
    '%s leads to /docs, also where a proxy adds a path',
    async (path) => {
      const { status, headers } = await service().get(path);
      expect(status).toBe(308);
      const { href } = new URL(headers.location!, `https://proxy.test/wirefetch${path}`);
      expect(href).toBe('https://proxy.test/wirefetch/docs');
    },
  );

  it('have no style or script within them that their policy does not name', async () => {
    const page = await service().get('/docs');
    const inlined = [
      ...page.text.matchAll(/<style[^>]*>([^]*?)<\/style>/g),
      ...page.text.matchAll(/\sstyle="([^"]*)"/g),
    ].map(([, style]) => `'sha256-${hash('sha256', style!, 'base64')}'`);
    expect(inlined.length).toBeGreaterThan(0);
    expect(policyOf(page)['style-src']).toEqual(expect.arrayContaining(inlined));
    const scripts = [...page.text.matchAll(/<script([^>]*)>([^]*?)<\/script>/g)];
    expect(scripts.length).toBeGreaterThan(0);
    for (const [, attributes, script] of scripts) {
      expect(attributes).toContain(' src="./');
      expect(script!.trim()).toBe('');
    }
    expect(page.text).not.toMatch(/\son\w+=|javascript:/i);
  });

  it.each(['/docs/swagger-ui.css', '/docs/swagger-ui-bundle.js'])(
    'have assets that may be kept: %s',
    async (path) => {
      const asset = await service().get(path);
      expectFields(asset);
      expect(asset.headers['cache-control']).not.toContain('no-store');
      expect(asset.headers).toHaveProperty('etag');
    },
  );
});

describe('a page of a stranger', () => {
  it.each(['/fetch', '/sessions', '/health/live', '/docs', '/openapi.json'])(
    'is let read nothing of %s',
    async (path) => {
      const origin = { origin: 'https://stranger.test' };
      for (const answer of [
        await service().get(path, origin),
        await call(service().url + path, {
          method: 'OPTIONS',
          headers: {
            ...origin,
            'access-control-request-method': 'POST',
            'access-control-request-headers': 'content-type',
          },
        }),
      ])
        expectFields(answer);
    },
  );
});
