import type { BrowserContextOptions, Locator, Page } from 'playwright-core';
import type { FetchEventDto } from '../../src/fetch/dto/fetch-event.dto';
import type { FetchResultDto } from '../../src/fetch/dto/exchange.dto';
import type { HarDto } from '../../src/fetch/dto/har.dto';
import { FETCH_EXAMPLES } from '../../src/fetch/fetch.examples';
import type { JobItemDto } from '../../src/jobs/dto/job.dto';
import { PROBLEMS, type ProblemCode } from '../../src/problems/problem-table';
import { type Finding, findingsIn } from './support/accessibility';
import { type WatchedPage, describeInChromium, useChromium } from './support/chromium';
import { useDemo } from './support/demo';

/** An operation, with what one does to it. */
class Operation {
  readonly block: Locator;

  constructor(
    page: Page,
    private readonly tag: string,
    private readonly name: string,
  ) {
    this.block = page.locator(`#operations-${tag}-${name}`);
  }

  /** where the page shows it */
  get fragment(): string {
    return `#/${this.tag}/${this.name}`;
  }

  get summary(): Locator {
    return this.block.locator('.opblock-summary-control');
  }

  get lock(): Locator {
    return this.block.getByRole('button', { name: /^authorization button/ });
  }

  get body(): Locator {
    return this.block.getByLabel('Request body', { exact: true });
  }

  /** how many requests can be chosen from */
  get requests(): Locator {
    return this.block.getByLabel(/^Examples:/);
  }

  /** what is said of a status */
  described(status: number): Locator {
    return this.block.locator(`table.responses-table:not(.live-responses-table) tr[data-code="${status}"]`);
  }

  /** @returns the status and the content that came */
  async execute(): Promise<{ readonly status: number; readonly content: string }> {
    const clear = this.block.getByRole('button', { name: 'Clear' });
    if (await clear.isVisible()) await clear.click();
    await this.block.getByRole('button', { name: 'Execute' }).click();
    const answer = this.block.locator('.live-responses-table tr.response');
    const content = answer.locator('.microlight').first();
    await content.waitFor();
    return {
      status: Number(await answer.locator('.response-col_status').innerText()),
      content: await content.innerText(),
    };
  }
}

/** What is Swagger UI's own, and cannot be mended from outside. */
const KNOWN: Readonly<Record<string, string>> = {
  'scrollable-region-focusable':
    'the listings can be scrolled sideways and take no tabindex; Chromium (130) and Firefox focus such a region by themselves',
};

function unknown(findings: readonly Finding[]): Finding[] {
  // What keeps nobody out is left to those whose page it is.
  return findings.filter(
    ({ rule, impact }) => KNOWN[rule] === undefined && (impact === 'serious' || impact === 'critical'),
  );
}

describeInChromium('Swagger UI', () => {
  const demo = useDemo();
  const chromium = useChromium();

  async function open(
    fragment = '',
    options?: BrowserContextOptions,
  ): Promise<WatchedPage & { readonly fetch: Operation }> {
    const watched = await chromium(demo().service.url, `/docs${fragment}`, options);
    await watched.page.locator('.opblock').first().waitFor();
    return { ...watched, fetch: new Operation(watched.page, 'fetch', 'fetch') };
  }

  it('lists what there is in the order in which one comes to need it, with a word on each', async () => {
    const { page } = await open();
    const headings = await page.locator('.opblock-tag').all();
    const tags = await Promise.all(headings.map((heading) => heading.getAttribute('data-tag')));
    expect(tags).toEqual(['fetch', 'jobs', 'sessions', 'problems', 'health', 'metrics']);
    for (const description of await page.locator('.opblock-tag small').allInnerTexts())
      expect(description).toMatch(/\S/);
    expect(await page.locator('.opblock-tag small').count()).toBe(tags.length);
  });

  it('leads to an operation by its address', async () => {
    const { page, fetch } = await open('#/fetch/fetch');
    await fetch.body.waitFor();
    expect(await fetch.summary.getAttribute('aria-expanded')).toBe('true');
    const jobs = new Operation(page, 'jobs', 'createJob');
    await jobs.summary.click();
    await jobs.body.waitFor();
    expect(new URL(page.url()).hash).toBe(jobs.fragment);
  });

  it.each(['/docs/', '/docs/index.html'])(
    'is found at %s, too, and calls the service from there',
    async (path) => {
      const { page } = await chromium(demo().service.url, `${path}#/health/live`);
      const live = new Operation(page, 'health', 'live');
      expect((await live.execute()).status).toBe(200);
    },
  );

  it('fetches what a chosen example asks for, and shows the answer', async () => {
    const { fetch } = await open('#/fetch/fetch');
    for (const { summary, value } of Object.values(FETCH_EXAMPLES)) {
      await fetch.requests.selectOption({ label: summary });
      expect(JSON.parse(await fetch.body.inputValue())).toEqual(value);
    }
    await fetch.requests.selectOption({ label: FETCH_EXAMPLES.bursts.summary });
    const example = await fetch.body.inputValue();
    await fetch.body.fill(example.replace('http://127.0.0.1:8081/bursts', demo().origins.url('/bursts')));
    const { status, content } = await fetch.execute();
    expect(status).toBe(200);
    const { chunks, endedBy } = JSON.parse(content) as FetchResultDto;
    expect(chunks).toMatchObject({ layer: 'tcp', bufferBytes: 1024, bytes: 7832 });
    expect(chunks.sizes).toHaveLength(chunks.count);
    expect(endedBy).toBe('last-chunk');
  });

  it('shows a problem as one', async () => {
    const { fetch, faults } = await open('#/fetch/fetch');
    faults.expect(/status of 502/);
    await fetch.body.fill(JSON.stringify({ url: demo().origins.url('/garbage') }));
    const { status, content } = await fetch.execute();
    expect([status, JSON.parse(content)]).toEqual([
      502,
      expect.objectContaining({ code: 'malformed-response', status: 502 }),
    ]);
  });

  it('has results to choose from: plain, redirected, incomplete', async () => {
    const { fetch } = await open('#/fetch/fetch');
    const ok = fetch.described(200);
    const examples = ok.getByLabel(/^Example:/);
    const shown: string[] = [];
    for (const label of await examples.locator('option').allInnerTexts()) {
      await examples.selectOption({ label });
      const result = JSON.parse(
        await ok.locator('.example.microlight').first().innerText(),
      ) as FetchResultDto;
      shown.push(`${result.hops.length} hops, ${result.complete ? 'complete' : 'incomplete'}`);
    }
    expect(shown).toEqual(['0 hops, complete', '2 hops, complete', '0 hops, incomplete']);
  });

  it('has every problem to choose from by its code', async () => {
    const { fetch } = await open('#/fetch/fetch');
    const codes = Object.entries(PROBLEMS).filter(([, { status }]) => status === 502 || status === 504);
    for (const status of [502, 504]) {
      const described = fetch.described(status);
      const examples = described.getByLabel(/^Example:/);
      expect(await examples.locator('option').allInnerTexts()).toEqual(
        codes.filter(([, kind]) => kind.status === status).map(([code]) => code),
      );
      const last = codes.findLast(([, kind]) => kind.status === status)![0] as ProblemCode;
      await examples.selectOption(last);
      expect(JSON.parse(await described.locator('.example.microlight').first().innerText())).toMatchObject({
        code: last,
        status,
      });
    }
  });

  it('asks for NDJSON where that is chosen, and shows its lines', async () => {
    const { page, fetch } = await open('#/fetch/fetch');
    const ok = fetch.described(200);
    await ok.getByLabel('Media type').selectOption('application/x-ndjson');
    expect(eventsOf(await ok.locator('.example.microlight').first().innerText())).toEqual(
      expect.arrayContaining(['head', 'transfer-chunk', 'chunk', 'result']),
    );
    await fetch.body.fill(
      JSON.stringify({ url: demo().origins.url('/redirect'), include: { body: 'text', reads: 'full' } }),
    );
    const request = page.waitForRequest(/\/fetch$/);
    const { status, content } = await fetch.execute();
    expect((await request).headers()['accept']).toBe('application/x-ndjson');
    expect(status).toBe(200);
    const events = eventsOf(content);
    expect(events.filter((event) => event === 'redirect')).toHaveLength(2);
    expect(events.at(-1)).toBe('result');
  });

  it("shows what came of a job's items as lines, too, and events as they are sent", async () => {
    const { page } = await open('#/jobs/readResults');
    const results = new Operation(page, 'jobs', 'readResults').described(200);
    await results.getByLabel('Media type').selectOption('application/x-ndjson');
    const lines = (await results.locator('.example.microlight').innerText()).trim().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as JobItemDto).index)).toEqual([0, 1]);
    const follow = new Operation(page, 'jobs', 'followJob');
    await follow.summary.click();
    const events = await follow.described(200).locator('.example.microlight').innerText();
    expect(events.match(/^event: .*$/gm)).toEqual([
      'event: item',
      'event: item',
      'event: progress',
      'event: end',
    ]);
  });

  it('asks for an HTTP Archive where that is chosen, and shows it', async () => {
    const { page, fetch } = await open('#/fetch/fetch');
    await fetch.described(200).getByLabel('Media type').selectOption('application/har+json');
    await fetch.body.fill(JSON.stringify({ url: demo().origins.url('/redirect') }));
    const request = page.waitForRequest(/\/fetch$/);
    const { status, content } = await fetch.execute();
    expect((await request).headers()['accept']).toBe('application/har+json');
    expect(status).toBe(200);
    const { log } = JSON.parse(content) as HarDto;
    expect(log.entries.map(({ response }) => response.status)).toEqual([302, 302, 200]);
  });

  it.each(['light', 'dark'] as const)('can be used by everyone, in %s', async (colorScheme) => {
    const { page, fetch } = await open('', { colorScheme });
    expect(unknown(await findingsIn(page))).toEqual([]);
    await fetch.summary.click();
    await fetch.body.fill(JSON.stringify({ url: demo().origins.url('/bursts') }));
    await fetch.execute();
    expect(unknown(await findingsIn(page))).toEqual([]);
    await page.getByRole('button', { name: 'Authorize' }).first().click();
    await page.getByRole('heading', { name: 'Available authorizations' }).waitFor();
    expect(unknown(await findingsIn(page))).toEqual([]);
  });
});

describeInChromium('Swagger UI of a service with keys', () => {
  const KEY = 'one-two-three';
  const demo = useDemo({ WIREFETCH_API_KEYS: KEY });
  const chromium = useChromium();

  it('shows a lock where a key is needed, and only there', async () => {
    const { page } = await chromium(demo().service.url, '/docs');
    await page.locator('.opblock').first().waitFor();
    const locked = async (tag: string): Promise<boolean[]> => {
      const blocks = await page.locator(`.opblock[id^="operations-${tag}-"]`).all();
      expect(blocks.length).toBeGreaterThan(0);
      return Promise.all(
        blocks.map(async (block) => (await block.getByLabel(/^authorization button/).count()) === 1),
      );
    };
    for (const tag of ['fetch', 'jobs', 'sessions', 'metrics'])
      expect(await locked(tag)).not.toContain(false);
    for (const tag of ['problems', 'health']) expect(await locked(tag)).not.toContain(true);
  });

  it.each<[scheme: string, field: string, value: string]>([
    ['apiKey', 'x-api-key', KEY],
    ['bearer', 'authorization', `Bearer ${KEY}`],
  ])('has its key sent once it was given one: %s', async (scheme, field, value) => {
    const { page, faults } = await chromium(demo().service.url, '/docs#/fetch/fetch');
    faults.expect(/status of 401/);
    const fetch = new Operation(page, 'fetch', 'fetch');
    await fetch.body.fill(JSON.stringify({ url: demo().origins.url('/bursts') }));
    expect(await fetch.execute()).toMatchObject({ status: 401 });

    await page.getByRole('button', { name: 'Authorize' }).first().click();
    const form = page.locator('.auth-container', { hasText: `${scheme}\u00A0` });
    await form.getByRole('textbox').fill(KEY);
    await form.getByRole('button', { name: 'Authorize' }).click();
    await page.getByRole('button', { name: 'Close' }).last().click();

    const request = page.waitForRequest(/\/fetch$/);
    expect(await fetch.execute()).toMatchObject({ status: 200 });
    expect((await request).headers()[field]).toBe(value);

    // It is gone with the page.
    expect(await page.evaluate(`JSON.stringify([localStorage, sessionStorage])`)).not.toContain(KEY);
  });
});

/** The events of lines of NDJSON. */
function eventsOf(lines: string): string[] {
  return lines
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as FetchEventDto).event);
}
