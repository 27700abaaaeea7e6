import { type Answer, TestService, call, useService } from '../support/app';
import { problemOf } from './contract';

const service = useService();

/** directive → its sources */
function policyOf({ headers }: Answer): Record<string, string> {
  const directives = String(headers['content-security-policy']).split('; ');
  return Object.fromEntries(
    directives.map((directive) => directive.split(/ (.*)/).slice(0, 2) as [string, string]),
  );
}

/** URLs of what a page loads, as it has them: relative, for a proxy may put the page anywhere. */
function assetsOf({ text }: Answer): string[] {
  return [...text.matchAll(/<(?:script|link)[^>]*\s(?:src|href)="([^"]+)"/g)]
    .map(([, url]) => url!)
    .filter((url) => !url.startsWith('data:'));
}

describe('the console page', () => {
  it('runs and loads nothing but its own, and stands in no frame', async () => {
    const page = await service().get('/');
    expect(page.status).toBe(200);
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(page.headers['x-frame-options']).toBe('DENY');
    expect(policyOf(page)).toEqual({
      'default-src': "'none'",
      'script-src': "'self'",
      'style-src': "'self'",
      'img-src': "'self' data:",
      'font-src': "'self'",
      'connect-src': "'self'",
      'frame-src': "'self'",
      'base-uri': "'none'",
      'form-action': "'none'",
      'frame-ancestors': "'none'",
    });
    expect(page.text).not.toMatch(/\sstyle=|\son\w+=|<style|<script(?![^>]* src=)/i);
  });

  it('is asked for anew each time, and sent where it has changed', async () => {
    const page = await service().get('/');
    expect(page.headers['cache-control']).toBe('no-cache');
    const again = await service().get('/', { 'if-none-match': String(page.headers.etag) });
    expect([again.status, again.text]).toEqual([304, '']);
  });

  it('loads a script and a style, by names that change with them, relative to wherever it is', async () => {
    const urls = assetsOf(await service().get('/'));
    expect(urls.map((url) => url.replace(/-[A-Z0-9]{8}\./, '.')).sort()).toEqual([
      'console/main.css',
      'console/main.js',
    ]);
    for (const url of urls) {
      const asset = await service().get(`/${url}`);
      expect(asset.status).toBe(200);
      expect(asset.headers['cache-control']).toBe('public, max-age=31536000, immutable');
      expect(asset.headers['content-type']).toMatch(/^(?:application\/javascript|text\/css); charset=utf-8$/);
      expect(asset.headers).toMatchObject({
        'cross-origin-resource-policy': 'same-origin',
        'x-content-type-options': 'nosniff',
      });
      expect(asset.text).not.toContain('sourceMappingURL');
    }
  });

  it('holds the licences of what others have written of it', async () => {
    const urls = assetsOf(await service().get('/'));
    const texts = await Promise.all(urls.map(async (url) => (await service().get(`/${url}`)).text));
    for (const name of ['preact', '@preact/signals', '@preact/signals-core', 'uplot'])
      expect(texts.join('')).toMatch(new RegExp(`/\\*! ${name}\\n[^*]*MIT License[^*]*Copyright`));
  });
});

describe('what is received and rendered', () => {
  it('stands in a frame of the page alone, with an origin of its own that reaches nothing', async () => {
    const frame = await service().get('/console/frame.html');
    expect(frame.status).toBe(200);
    expect(frame.headers).toMatchObject({ 'x-frame-options': 'SAMEORIGIN', 'cache-control': 'no-cache' });
    expect(policyOf(frame)).toEqual({
      'default-src': "'none'",
      sandbox: 'allow-scripts',
      'script-src': "'self'",
      'style-src': "'unsafe-inline'",
      'img-src': 'data:',
      'font-src': 'data:',
      'base-uri': "'none'",
      'form-action': "'none'",
      'frame-ancestors': "'self'",
    });
  });

  it('is put there by a script that an origin of its own may load', async () => {
    const [url, ...others] = assetsOf(await service().get('/console/frame.html'));
    expect(others).toEqual([]);
    expect(url).toMatch(/^frame-[A-Z0-9]{8}\.js$/);
    const script = await service().get(`/console/${url!}`);
    expect(script.status).toBe(200);
    expect(script.headers['cross-origin-resource-policy']).toBe('cross-origin');
  });
});

describe('around the page', () => {
  it.each(['/console', '/console/', '/console/nothing.js', '/console/..%2findex.html', '/index.html'])(
    'nothing is at %s',
    async (path) => {
      const answer = await service().get(path);
      problemOf(answer, 'not-found');
      expect(answer.headers['cache-control']).toBe('no-store');
    },
  );

  it.each(['/', '/console/frame.html'])('%s is read, and nothing else', async (path) => {
    const answer = await call(service().url + path, { method: 'POST', body: {} });
    problemOf(answer, 'method-not-allowed');
    expect(answer.headers.allow).toBe('GET, HEAD');
    const head = await call(service().url + path, { method: 'HEAD' });
    expect([head.status, head.text]).toEqual([200, '']);
  });
});

describe('where keys are needed', () => {
  let locked: TestService;
  beforeAll(async () => {
    locked = await TestService.start({ WIREFETCH_API_KEYS: 'a-key' });
  });
  afterAll(() => locked.close());

  it('the page and its assets need none', async () => {
    const page = await locked.get('/');
    for (const path of ['', 'console/frame.html', ...assetsOf(page)])
      expect([path, (await locked.get(`/${path}`)).status]).toEqual([path, 200]);
  });
});
