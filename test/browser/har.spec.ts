import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import type { HarDto } from '../../src/fetch/dto/har.dto';
import { harOf } from '../api/contract';
import { call } from '../support/app';
import { describeInChromium, useChromium } from './support/chromium';
import { useDemo } from './support/demo';

const DIST = path.dirname(require.resolve('perf-cascade'));
const VIEWER = readFileSync(path.join(DIST, 'perf-cascade.min.js'), 'utf8');
const STYLE = readFileSync(path.join(DIST, 'perf-cascade.css'), 'utf8');

/** What PerfCascade draws of an entry. */
interface Row {
  readonly label: string;
  readonly width: number;
  /** how wide each phase is; those of less than half a millisecond are not drawn */
  readonly phases: Readonly<Record<string, number>>;
}

const READ_ROWS = `[...document.querySelectorAll('.row-item')].map((row) => {
  const widthOf = (element) => element.getBoundingClientRect().width;
  const phaseOf = ({ classList }) => [...classList].find((name) => name.startsWith('block-')).slice(6);
  return {
    label: row.querySelector('.full-label text title').getAttribute('text'),
    width: widthOf(row.querySelector('.time-block')),
    phases: Object.fromEntries([...row.querySelectorAll('.segment')].map((it) => [phaseOf(it), widthOf(it)])),
  };
})`;

const UNVERIFIED = { tls: { verify: false } };

describeInChromium('PerfCascade, a viewer of HTTP Archives,', () => {
  const demo = useDemo();
  const open = useChromium();

  async function fetched(url: string, request: object = {}): Promise<HarDto> {
    const headers = { accept: 'application/har+json' };
    const body = { url, ...request };
    return harOf(await call(`${demo().service.url}/fetch`, { method: 'POST', headers, body }));
  }

  /** Opens an archive in a page of the service's origin that has no policy of its own. */
  async function view(har: HarDto): Promise<Page> {
    const { page } = await open(demo().service.url, 'about:blank');
    await page.addStyleTag({ content: STYLE });
    await page.addScriptTag({ content: VIEWER });
    await page.evaluate(`document.body.append(perfCascade.fromHar(${JSON.stringify(har)}))`);
    return page;
  }

  function rowsOf(page: Page): Promise<Row[]> {
    return page.evaluate<Row[]>(READ_ROWS);
  }

  it('draws a row for each exchange', async () => {
    const urls = ['/redirect', '/redirect/2', '/bursts'].map((page) => demo().origins.url(page));
    const rows = await rowsOf(await view(await fetched(urls[0]!)));
    expect(rows.map(({ label }) => label)).toEqual(urls);
    for (const { width } of rows) expect(width).toBeGreaterThan(0);
    // Bursts are 150 ms apart.
    expect(rows[2]!.phases['receive']).toBeGreaterThan(rows[2]!.width / 2);
  });

  it('draws TLS beside the connection that it is a part of', async () => {
    const page = await view(await fetched(demo().origins.secureUrl('/long'), UNVERIFIED));
    const [row] = await rowsOf(page);
    expect(row!.phases['ssl']).toBeGreaterThan(0);
    await page.click('.row-item');
    const details = page.locator('.info-overlay-holder');
    await details.getByRole('button', { name: 'Timings' }).click();
    // What is left of it is a time, and none that is negative.
    expect(await details.locator('.tab').allTextContents()).toContainEqual(
      expect.stringMatching(/without TLS: \d/),
    );
  });

  it('shows the details of an exchange that was cut short, and its content', async () => {
    const page = await view(await fetched(demo().origins.url('/stall'), { timeouts: { idleMs: 300 } }));
    await page.click('.row-item');
    const details = page.locator('.info-overlay-holder');
    await details.getByRole('button', { name: /^Content/ }).click();
    expect(await details.locator('.content code').textContent()).toContain('half of the page');
    await details.getByRole('button', { name: 'Raw Data' }).click();
    expect(await details.locator('.raw-data code').textContent()).toContain('"_endedBy": "idle-timeout"');
  });
});
