import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { BrowserContextOptions } from 'playwright-core';
import type { FetchResultDto } from '../../src/fetch/dto/exchange.dto';
import { seriousFindings } from './support/accessibility';
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
    const silence = console.part('silence');
    await silence.waitFor();
    const before = Number(await silence.getAttribute('data-ms'));
    await console.until(`document.querySelector('[data-testid=silence]')?.dataset.ms > ${before + 300}`);
    expect(await console.part('result').getAttribute('data-course')).toBe('running');
    expect((await console.reads()).gaps).toBe(1);
    expect(await console.pixelsOf('--phase-receive')).toBeGreaterThan(0);
    const [bars] = await console.waterfall();
    expect(bars!.at(-1)).toMatchObject({ phase: 'receive', toMs: null });
    await console.part('cancel').click();
    await console.ended('cancelled');
  });

  it('stays responsive through 10 MB in ten thousand reads', async () => {
    const { console } = await open(linkTo({ url: demo().origins.longUrl, read: { bufferBytes: 1024 } }));
    await console.watchTasks();
    await console.send.click();
    await console.ended();
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
    const focused = (): Promise<string> =>
      console.page.evaluate<string>(`document.activeElement?.dataset.testid ?? ''`);
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
    await console.part('recents-clear').click();
    await console.page.reload();
    expect(await recents.count()).toBe(0);
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
        expect(await seriousFindings(page)).toEqual([]);
        await console.send.click();
        await console.part('silence').waitFor();
        expect(await seriousFindings(page)).toEqual([]);
        await console.part('cancel').click();
        await console.ended('cancelled');
        await console.fetch(demo().origins.url('/redirect'));
        await console.ended();
        for (const tab of await page.locator('[role=tab]').all()) {
          await tab.click();
          expect(await seriousFindings(page)).toEqual([]);
        }
        await console.part('options').locator('summary').first().click();
        expect(await seriousFindings(page)).toEqual([]);
        await console.fetch(demo().origins.url('/garbage'));
        await console.ended('problem');
        expect(await seriousFindings(page)).toEqual([]);
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
    expect(await seriousFindings(page)).toEqual([]);
    await key.fill(KEY);
    await key.press('Enter');
    await console.ended();
    expect(page.url()).not.toContain(KEY);
    expect(await page.evaluate('JSON.stringify(localStorage)')).not.toContain(KEY);
  });
});

/** @param colour as getComputedStyle gives it: rgb(…)
 *  @returns 0, black, to 1, white */
function lightness(colour: string): number {
  const [red = 0, green = 0, blue = 0] = (colour.match(/[\d.]+/g) ?? []).map(Number);
  return (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255;
}
