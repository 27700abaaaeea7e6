import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { BrowserContextOptions } from 'playwright-core';
import type { FetchResultDto } from '../../src/fetch/dto/exchange.dto';
import { findingsIn } from './support/accessibility';
import { describeInChromium, useChromium } from './support/chromium';
import { ConsolePage, linkTo } from './support/console-page';
import { useDemo } from './support/demo';
import type { FaultWatch } from './support/faults';

const run = promisify(execFile);

describeInChromium('the console', () => {
  const demo = useDemo();
  const chromium = useChromium();

  async function open(
    path = '/',
    options?: BrowserContextOptions,
  ): Promise<{ readonly console: ConsolePage; readonly faults: FaultWatch }> {
    const { page, faults } = await chromium(demo().service.url, path, options);
    const console = new ConsolePage(page);
    await console.url.waitFor();
    return { console, faults };
  }

  describe('fetches the pages of the demo, and draws them', () => {
    interface Shown {
      readonly exchanges?: number;
      readonly octets?: number;
      readonly endedBy: string;
      readonly complete?: boolean;
      /** of the last exchange */
      readonly phases?: readonly string[];
    }
    const PHASES = ['connect', 'send', 'wait', 'receive'];

    it.each<[page: string, shown: Shown]>([
      ['/drip', { octets: 141, endedBy: 'close' }],
      ['/bursts', { octets: 7832, endedBy: 'last-chunk' }],
      ['/redirect', { exchanges: 3, octets: 7832, endedBy: 'last-chunk' }],
      ['/cookies', { endedBy: 'content-length' }],
      ['/gzip', { endedBy: 'content-length' }],
      ['/reset', { endedBy: 'reset', complete: false }],
    ])('%s', async (path, { exchanges = 1, octets, endedBy, complete = true, phases = PHASES }) => {
      const { console } = await open();
      await console.fetch(demo().origins.url(path));
      await console.ended();
      expect(await console.part('ended-by').getAttribute('data-ended-by')).toBe(endedBy);
      expect(await console.part('complete').getAttribute('data-complete')).toBe(String(complete));
      const bars = await console.waterfall();
      expect(bars).toHaveLength(exchanges);
      expect(bars.at(-1)!.map(({ phase }) => phase)).toEqual(phases);
      for (const [i, { fromMs, toMs }] of bars.flat().entries()) {
        expect(toMs).toBeGreaterThanOrEqual(fromMs);
        if (i > 0) expect(fromMs).toBeGreaterThanOrEqual(bars.flat()[i - 1]!.fromMs);
      }
      const reads = await console.reads();
      expect(reads.allReads).toBeGreaterThan(0);
      if (octets !== undefined) expect(reads.octets).toBe(octets);
      expect(await console.pixelsOf('--phase-receive')).toBeGreaterThan(0);
    });

    it('over TLS, once it is told not to verify', async () => {
      const url = demo().origins.secureUrl('/long');
      const { console } = await open(linkTo({ url, tls: { verify: false } }));
      await console.send.click();
      await console.ended();
      const [bars] = await console.waterfall();
      expect(bars!.map(({ phase }) => phase)).toEqual(['connect', 'tls', 'send', 'wait', 'receive']);
      expect(await console.part('fact-warnings').innerText()).not.toBe('0');
    });

    it.each<[code: string, request: () => object]>([
      ['first-byte-timeout', () => ({ url: demo().origins.url('/silence'), timeouts: { firstByteMs: 300 } })],
      ['malformed-response', () => ({ url: demo().origins.url('/garbage') })],
      ['tls-certificate-self-signed', () => ({ url: demo().origins.secureUrl('/') })],
    ])('as the problem %s', async (code, request) => {
      const { console } = await open(linkTo(request()));
      await console.send.click();
      await console.ended('problem');
      expect(await console.part('problem').getAttribute('data-code')).toBe(code);
      expect((await console.waterfall()).flat().map(({ phase }) => phase)).toContain('connect');
    });
  });

  it('draws a page that drips as it drips', async () => {
    const { console } = await open();
    await console.watchDrawing();
    await console.fetch(demo().origins.url('/drip'));
    await console.ended();
    const drawn = await console.drawn();
    expect(drawn.filter((reads) => reads > 0).length).toBeGreaterThanOrEqual(2);
    expect(drawn).toEqual(drawn.toSorted((one, other) => one - other));
    expect(drawn.at(-1)).toBeLessThanOrEqual((await console.reads()).reads);
  });

  it('shows a silence while it lasts, and lets it be cancelled', async () => {
    const { console } = await open(
      linkTo({ url: demo().origins.url('/stall'), timeouts: { idleMs: 60_000, totalMs: 60_000 } }),
    );
    await console.send.click();
    await console.part('tab-body').click();
    const silence = console.part('silence');
    await silence.waitFor();
    const before = Number(await silence.getAttribute('data-ms'));
    await console.until(`document.querySelector('[data-testid=silence]')?.dataset.ms > ${before + 300}`);
    expect(await console.part('result').getAttribute('data-course')).toBe('running');
    expect(await console.part('fact-http-version').innerText()).toBe('HTTP/1.1');
    expect(await console.part('fact-head-bytes').innerText()).not.toBe('–');
    await console.part('tab-body').click();
    expect(await console.part('live-text').innerText()).toBe('half of the page');
    expect((await console.reads()).gaps).toBe(1);
    expect(await console.pixelsOf('--phase-receive')).toBeGreaterThan(0);
    const [bars] = await console.waterfall();
    expect(bars!.at(-1)).toMatchObject({ phase: 'receive', toMs: null });
    await console.part('cancel').click();
    await console.ended('cancelled');
    // What had come stays, and the fetch is remembered.
    expect(await console.part('ended-by').innerText()).toMatch(/^You cancelled it after/);
    await console.part('panel-body').getByText('half of the page').waitFor();
    await console.part('tab-head').click();
    expect(await console.part('panel-head').innerText()).toContain('Content-Length: 100');
    expect(await console.part('panel-head').innerText()).toContain('GET /stall HTTP/1.1');
    expect(await console.part('recent').allInnerTexts()).toEqual([expect.stringContaining('200 cancelled')]);
  });

  it('draws waterfall and reads on one clock', async () => {
    const { console } = await open();
    await console.fetch(demo().origins.url('/early-hints'));
    await console.ended();
    const [bars] = await console.waterfall();
    const receive = bars!.find(({ phase }) => phase === 'receive')!;
    const firstAtMs = Number(await console.plot.getAttribute('data-first-at-ms'));
    // What is between two phases is in neither of them.
    expect(Math.abs(firstAtMs - receive.fromMs)).toBeLessThan(40);
    expect((await console.reads()).reads).toBe(2);
  });

  it('says of a silence how long it was, in words and in figures', async () => {
    const { console } = await open(
      linkTo({ url: demo().origins.url('/stall'), timeouts: { idleMs: 1_100 } }),
    );
    await console.send.click();
    await console.ended();
    expect(await console.part('ended-by').innerText()).toContain('nothing came for 1.1 s');
    expect(await console.page.locator('[data-figure=silenceMs]').innerText()).toMatch(/^1\.1\d s$/);
  });

  it('tells of the exchange that is looked at', async () => {
    const { console } = await open();
    await console.fetch(demo().origins.url('/redirect'));
    await console.ended();
    const [status, ended] = [console.part('status'), console.part('ended-by')];
    expect(await status.innerText()).toBe('200 OK');
    await console.part('choose-hop').first().click();
    expect(await status.innerText()).toBe('302 Found');
    expect(await ended.getAttribute('data-ended-by')).toBe('content-length');
    expect(await console.part('summary-of').innerText()).toBe('exchange 1 of 3');
  });

  it('stays responsive through 10 MB in ten thousand reads', async () => {
    const { console } = await open(linkTo({ url: demo().origins.longUrl, read: { bufferBytes: 1024 } }));
    await console.watchTasks();
    await console.page.evaluate(`(() => {
      window.mostLive = 0;
      const look = () => {
        const { textContent = '' } = document.querySelector('[data-testid=live-text]') ?? {};
        window.mostLive = Math.max(window.mostLive, textContent.length);
        requestAnimationFrame(look);
      };
      look();
    })()`);
    // The body is shown while it comes.
    await console.fetch(demo().origins.url('/cookies'));
    await console.ended();
    await console.part('tab-body').click();
    await console.url.fill(demo().origins.longUrl);
    await console.send.click();
    await console.ended();
    expect(await console.page.evaluate('window.mostLive')).toBe(65_536);
    const { allReads, octets } = await console.reads();
    expect(octets).toBeGreaterThan(10_240_000);
    expect(allReads).toBeGreaterThan(9_900);
    expect(await console.pixelsOf('--phase-receive')).toBeGreaterThan(0);
    expect(await console.feltTasks()).toEqual([]);
    for (const tab of ['head', 'cookies', 'body', 'tls', 'tutorial', 'json']) {
      await console.part(`tab-${tab}`).click();
      await console.drawsOn();
      expect([tab, ...(await console.feltTasks())]).toEqual([tab]);
    }
  }, 120_000);

  it('draws the reads that come after the first 10,000, too', async () => {
    const { console } = await open(linkTo({ url: demo().origins.longUrl, read: { bufferBytes: 512 } }));
    await console.watchTasks();
    await console.send.click();
    await console.ended();
    const { reads, allReads } = await console.reads();
    expect(reads).toBe(10_000);
    expect(allReads).toBeGreaterThan(19_000);
    expect(await console.part('later-reads').innerText()).toContain('after the first 10,000 reads');
    const last = await console.lastColumnOf('--phase-receive');
    expect(last).toBeGreaterThan(0.9);
    await console.page.locator('.read-list summary').click();
    const more = /[\d,]+/.exec(await console.page.locator('.read-list p').innerText())![0];
    expect(Number(more.replace(',', ''))).toBe(allReads - 200);
    expect(await console.feltTasks()).toEqual([]);
  }, 120_000);

  it('needs no mouse', async () => {
    const { console } = await open();
    const { keyboard } = console.page;
    const focused = (): Promise<string> => console.focused();
    for (let i = 0; i < 20 && (await focused()) !== 'field-url'; i++) await keyboard.press('Tab');
    expect(await focused()).toBe('field-url');
    await keyboard.type(demo().origins.url('/cookies'));
    await keyboard.press('Enter');
    await console.ended();
    for (let i = 0; i < 60 && !(await focused()).startsWith('tab-'); i++) await keyboard.press('Tab');
    const tabs = await console.page.locator('[role=tab]').all();
    expect(tabs.length).toBeGreaterThan(1);
    const seen: string[] = [];
    for (const _ of tabs) {
      seen.push(await focused());
      const selected = console.page.locator('[role=tab][aria-selected=true]');
      expect(await selected.getAttribute('data-testid')).toBe(seen.at(-1));
      await keyboard.press('ArrowRight');
    }
    expect(new Set(seen).size).toBe(tabs.length);
    expect(await focused()).toBe(seen[0]);
  });

  it('keeps the focus where the keyboard has put it', async () => {
    const { console } = await open(
      linkTo({ url: demo().origins.url('/stall'), timeouts: { idleMs: 60_000, totalMs: 60_000 } }),
    );
    const { keyboard } = console.page;
    const running = console.page.locator('[data-testid=result][data-course=running]');
    await console.send.focus();
    await keyboard.press('Enter');
    await running.waitFor();
    expect(await console.focused()).toBe('cancel');
    await keyboard.press('Enter');
    await console.ended('cancelled');
    expect(await console.focused()).toBe('send');
    await console.url.focus();
    await keyboard.press('Enter');
    await running.waitFor();
    await keyboard.press('Escape');
    await console.ended('cancelled');
    expect(await console.focused()).toBe('field-url');
    // Enter in a field means what the field says now, whatever runs.
    await keyboard.press('Enter');
    await running.waitFor();
    await console.url.fill(demo().origins.url('/cookies'));
    await keyboard.press('Enter');
    await console.ended();
    expect(await console.focused()).toBe('field-url');
    expect(await console.part('recent').count()).toBe(2);
  });

  it('leads to what is wrong, says so in the box, and does not remember it', async () => {
    const { console, faults } = await open(linkTo({ url: 'http://me:secret@a.example/' }));
    faults.expect(/status of 400/);
    await console.send.click();
    await console.ended('problem');
    await console.until(`document.activeElement?.dataset.testid === 'field-url'`);
    expect(await console.part('problem-errors').innerText()).toContain('url:');
    expect(await console.part('ended-by').count()).toBe(0);
    expect(await console.plot.count()).toBe(0);
    expect(await console.part('recent').count()).toBe(0);
    expect(await console.page.evaluate('JSON.stringify(localStorage)')).not.toContain('secret');
  });

  it('puts http:// before what has no scheme, and says so', async () => {
    const { console } = await open();
    const url = demo().origins.url('/cookies');
    await console.fetch(url.slice('http://'.length));
    await console.ended();
    expect(await console.url.inputValue()).toBe(url);
    expect(await console.part('completed').isVisible()).toBe(true);
    await console.url.press('End');
    await console.url.press('a');
    expect(await console.part('completed').count()).toBe(0);
  });

  it('names what a link sets beyond the URL', async () => {
    const { console } = await open(linkTo({ url: 'http://a.example/', read: { maxReads: 3 } }));
    const options = console.part('options');
    expect(await options.locator('summary').first().innerText()).toBe('Options (1 set) read.maxReads');
    await options.locator('summary').first().click();
    expect(await console.part('field-read.maxReads').inputValue()).toBe('3');
  });

  it('says that a link cannot be read', async () => {
    const { console } = await open('/#r=broken!!');
    expect(await console.part('broken-link').isVisible()).toBe(true);
    await console.url.fill('http://a.example/');
    expect(await console.part('broken-link').count()).toBe(0);
  });

  it('has its address follow the form', async () => {
    const { console } = await open();
    await console.url.fill('http://a.example/b');
    await console.until(`location.hash !== ''`);
    expect(new URL(linkTo({ url: 'http://a.example/b' }), 'http://x').hash).toBe(
      new URL(console.page.url()).hash,
    );
    await console.url.fill('');
    await console.until(`location.hash === ''`);
  });

  it('says what to type for characters that no header can have', async () => {
    const { console } = await open(
      linkTo({ url: 'http://a.example/', headers: [{ name: 'X-Name', value: '한글' }] }),
    );
    await console.part('options').locator('summary').first().click();
    expect(await console.part('header-beyond').innerText()).toContain("UTF-8''%ED%95%9C%EA%B8%80");
  });

  it('shows the request that was sent, of a fetch that failed', async () => {
    const { console } = await open(
      linkTo({ url: demo().origins.url('/silence'), timeouts: { firstByteMs: 200 } }),
    );
    await console.send.click();
    await console.ended('problem');
    expect(await console.part('panel-head').innerText()).toContain('GET /silence HTTP/1.1');
    expect(await console.plot.count()).toBe(0);
  });

  it('says in Korean what failed, and that the details are the service’s', async () => {
    const { console } = await open('/', { locale: 'ko-KR' });
    await console.fetch(demo().origins.url('/garbage'));
    await console.ended('problem');
    const text = await console.part('problem').innerText();
    expect(text).toContain('대상이 보낸 것이 HTTP/1.1이 아님');
    expect(text).toContain('서비스의 원문:');
  });

  it('speaks Korean to who asks for it, and the next time, too', async () => {
    const { console } = await open();
    expect(await console.send.innerText()).toBe('Fetch');
    await console.part('language').selectOption('ko');
    await console.fetch(demo().origins.url('/bursts'));
    await console.ended();
    await console.page.reload();
    expect(await console.send.innerText()).toBe('가져오기');
    expect(await console.page.locator('html').getAttribute('lang')).toBe('ko');
  });

  it('speaks Korean to a browser that does', async () => {
    const { console } = await open('/', { locale: 'ko-KR' });
    expect(await console.send.innerText()).toBe('가져오기');
  });

  it('is drawn anew in dark colours', async () => {
    const { console } = await open();
    await console.fetch(demo().origins.url('/bursts'));
    await console.ended();
    const background = (): Promise<string> =>
      console.page.evaluate<string>(`getComputedStyle(document.body).backgroundColor`);
    const ofLight = await background();
    await console.part('theme').selectOption('dark');
    expect(lightness(await background())).toBeLessThan(0.3);
    expect(lightness(ofLight)).toBeGreaterThan(0.7);
    expect(await console.pixelsOf('--phase-receive')).toBeGreaterThan(0);
    await console.page.reload();
    expect(lightness(await background())).toBeLessThan(0.3);
  });

  it('puts the request into its address, for others to open', async () => {
    const { console } = await open(
      linkTo({ url: demo().origins.url('/long'), method: 'HEAD', read: { bufferBytes: 512 } }),
    );
    await console.send.click();
    await console.ended();
    const shared = new URL(console.page.url()).hash;
    const { console: other } = await open(`/${shared}`);
    expect(await other.url.inputValue()).toBe(demo().origins.url('/long'));
    expect(await other.part('field-method').inputValue()).toBe('HEAD');
    // A link is followed, not obeyed: nothing is sent until somebody wants it.
    expect(await other.part('empty').isVisible()).toBe(true);
    await other.send.click();
    await other.ended();
    expect(new URL(other.page.url()).hash).toBe(shared);
  });

  it('gives a curl command that does the same', async () => {
    const url = demo().origins.url("/gzip?it's=%22quoted%22");
    const { console } = await open(
      linkTo({ url, read: { bufferBytes: 256 }, headers: [{ name: 'X-Note', value: "it's \\ $HOME" }] }),
      { permissions: ['clipboard-read', 'clipboard-write'] },
    );
    await console.send.click();
    await console.ended();
    await console.part('copy-curl').click();
    await console.page.locator('[data-testid=copy-curl] .copied').waitFor();
    const command = await console.page.evaluate<string>('navigator.clipboard.readText()');
    const { stdout } = await run('sh', ['-c', command]);
    const result = JSON.parse(stdout) as FetchResultDto;
    expect(result.request.headers).toContainEqual({ name: 'X-Note', value: "it's \\ $HOME" });
    const { bufferBytes, bytes } = result.chunks;
    expect({ url: result.url, bufferBytes, bytes }).toEqual({
      url: new URL(url).href,
      bufferBytes: 256,
      bytes: (await console.reads()).octets,
    });
  });

  it('gives a curl command that asks the target itself', async () => {
    const { console } = await open(linkTo({ url: demo().origins.url('/redirect'), method: 'HEAD' }), {
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    await console.part('copy-target-curl').click();
    await console.page.locator('[data-testid=copy-target-curl] .copied').waitFor();
    const { stdout } = await run('sh', [
      '-c',
      await console.page.evaluate<string>('navigator.clipboard.readText()'),
    ]);
    expect(stdout.match(/^HTTP.*$/gm)!.map((line) => line.trim())).toEqual([
      'HTTP/1.1 302 Found',
      'HTTP/1.1 302 Found',
      'HTTP/1.1 200 OK',
    ]);
  });

  it('saves an archive, and says why there is none', async () => {
    const { console, faults } = await open(linkTo({ url: demo().origins.url('/redirect') }));
    faults.expect(/status of 502/);
    const downloading = console.page.waitForEvent('download');
    await console.part('save-har').click();
    const download = await downloading;
    expect(download.suggestedFilename()).toBe('wirefetch.har');
    const har = JSON.parse(await readFile(await download.path(), 'utf8')) as { log: { entries: object[] } };
    expect(har.log.entries).toHaveLength(3);
    await console.url.fill(demo().origins.url('/garbage'));
    await console.part('save-har').click();
    await console.part('har-state').getByText('What the target sent is not HTTP/1.1').waitFor();
  });

  it('counts what makes accepted cookies easy to hijack, and says when they end', async () => {
    const { console } = await open();
    await console.fetch(demo().origins.url('/cookies'));
    await console.ended();
    await console.part('tab-cookies').click();
    const text = await console.part('panel-cookies').innerText();
    expect(text).toContain('7 cookies: 3 refused, 4 of the accepted easy to hijack');
    expect(text).toContain('for 1 year');
  });

  it('says what it has taken out of a page that it renders', async () => {
    const { console } = await open();
    await console.fetch(demo().origins.url('/euc-kr/meta'));
    await console.ended();
    await console.part('tab-body').click();
    await console.part('tab-rendered').click();
    await console.part('panel-rendered').getByText('<a href> ×1').waitFor();
    const frame = console.page.frameLocator('iframe');
    expect(await frame.locator('h1').innerText()).toBe('소켓 통신');
    expect(await frame.locator('p').first().innerText()).toMatch(/^이 페이지는 EUC-KR로 쓰였습니다\./);
  });

  it.each(['/redirect', '/cookies'])('needs no scrolling sideways for %s on a telephone', async (path) => {
    const { console } = await open('/', { viewport: { width: 360, height: 800 } });
    await console.fetch(demo().origins.url(path));
    await console.ended();
    await console.part('tab-cookies').click();
    for (const table of ['[data-testid=timings]', '[data-testid=panel-cookies] table'])
      expect(
        await console.page.evaluate(`(() => {
          const { right } = document.querySelector('${table}').getBoundingClientRect();
          return right <= document.documentElement.clientWidth;
        })()`),
      ).toBe(true);
  });

  it('remembers the fetches that were made', async () => {
    const { console } = await open();
    await console.fetch(demo().origins.url('/bursts'));
    await console.ended();
    await console.fetch(demo().origins.url('/garbage'));
    await console.ended('problem');
    await console.page.goto('/');
    const recents = console.part('recent');
    expect(await recents.allInnerTexts()).toEqual([
      expect.stringContaining('malformed-response'),
      expect.stringContaining('200'),
    ]);
    await recents.last().click();
    expect(await console.url.inputValue()).toBe(demo().origins.url('/bursts'));
    await console.send.click();
    await console.ended();
    // What one fetch came to is not left below the request of another.
    await recents.last().click();
    expect(await console.part('result').count()).toBe(0);
    await console.part('recents-clear').click();
    await console.page.reload();
    expect(await recents.count()).toBe(0);
  });

  it('forgets in every tab, and remembers what another tab does', async () => {
    const { console } = await open();
    const other = new ConsolePage(await console.page.context().newPage());
    await other.page.goto('/');
    await console.fetch(demo().origins.url('/bursts?one'));
    await console.ended();
    await other.part('recent').waitFor();
    await other.fetch(demo().origins.url('/bursts?two'));
    await other.ended();
    await console.page.getByTestId('recent').nth(1).waitFor();
    await console.part('recents-clear').click();
    await other.part('recents').waitFor({ state: 'detached' });
    await other.fetch(demo().origins.url('/bursts?three'));
    await other.ended();
    await console.part('recent').waitFor();
    expect(await console.part('recent').allInnerTexts()).toEqual([expect.stringContaining('three')]);
  });

  it('is not stopped by a link of any number of lines', async () => {
    const headers = Array.from({ length: 40_000 }, () => ({ name: '', value: '' }));
    const { console } = await open(linkTo({ url: demo().origins.url('/bursts'), headers }));
    await console.watchTasks();
    await console.url.press('End');
    await console.url.pressSequentially('?a');
    expect(await console.feltTasks()).toEqual([]);
  });

  describe('can be used by everyone', () => {
    it.each([
      ['light', 'en-GB'],
      ['light', 'ko-KR'],
      ['dark', 'en-GB'],
      ['dark', 'ko-KR'],
    ] as const)(
      'in %s, in %s',
      async (colorScheme, locale) => {
        const { console } = await open(
          linkTo({ url: demo().origins.url('/stall'), timeouts: { idleMs: 60_000, totalMs: 60_000 } }),
          { colorScheme, locale },
        );
        const { page } = console;
        expect(await findingsIn(page)).toEqual([]);
        await console.send.click();
        await console.part('silence').waitFor();
        expect(await findingsIn(page)).toEqual([]);
        await console.part('cancel').click();
        await console.ended('cancelled');
        await console.fetch(demo().origins.url('/redirect'));
        await console.ended();
        for (const tab of await page.locator('[role=tab]').all()) {
          await tab.click();
          expect(await findingsIn(page)).toEqual([]);
        }
        await console.part('options').locator('summary').first().click();
        expect(await findingsIn(page)).toEqual([]);
        await console.fetch(demo().origins.url('/garbage'));
        await console.ended('problem');
        expect(await findingsIn(page)).toEqual([]);
      },
      120_000,
    );
  });
});

describeInChromium('the console of a service with keys', () => {
  const KEY = 'one-two-three';
  const demo = useDemo({ WIREFETCH_API_KEYS: KEY });
  const chromium = useChromium();

  it('asks for one when it needs one, and goes on with it', async () => {
    const { page, faults } = await chromium(demo().service.url, '/');
    faults.expect(/status of 401/);
    const console = new ConsolePage(page);
    await console.fetch(demo().origins.url('/bursts'));
    await console.ended('problem');
    const key = console.part('api-key');
    expect(await key.getAttribute('aria-invalid')).toBe('true');
    expect(await page.evaluate(`document.activeElement?.dataset.testid`)).toBe('api-key');
    expect(await findingsIn(page)).toEqual([]);
    await key.fill('another');
    expect(await console.part('key-wanted').innerText()).toContain('wants a key');
    await key.press('Enter');
    await page.getByText('does not know the key that was sent').waitFor();
    expect(await console.part('key-wanted').innerText()).toContain('does not know this key');
    await key.fill(KEY);
    await key.press('Enter');
    await console.ended();
    expect(page.url()).not.toContain(KEY);
    expect(await page.evaluate('JSON.stringify(localStorage)')).not.toContain(KEY);
  });
});

describeInChromium('the console of a service that was started without the demo', () => {
  const demo = useDemo({ WIREFETCH_ALLOW_CIDRS: '' });
  const chromium = useChromium();

  it('says of the demo’s pages what starts it, and draws nothing of what was not sent', async () => {
    const { page, faults } = await chromium(
      demo().service.url,
      linkTo({ url: 'http://127.0.0.1:8081/drip' }),
    );
    faults.expect(/status of 403/);
    const console = new ConsolePage(page);
    await console.send.click();
    await console.ended('problem');
    expect(await console.part('demo-hint').innerText()).toContain('npm run demo');
    expect(await console.part('summary').innerText()).toBe('Refused, nothing sent');
    expect(await console.part('waterfall').count()).toBe(0);
    expect(await console.plot.count()).toBe(0);
    expect(await findingsIn(page)).toEqual([]);
  });
});

/** @param colour as getComputedStyle gives it: rgb(…)
 *  @returns 0, black, to 1, white */
function lightness(colour: string): number {
  const [red = 0, green = 0, blue = 0] = (colour.match(/[\d.]+/g) ?? []).map(Number);
  return (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255;
}
