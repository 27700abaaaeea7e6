import { call } from '../support/app';
import { afterMs, response, useOrigins } from '../support/origin';
import { Scrape } from '../support/metrics';
import { ServiceProcess } from '../support/service-process';
import { describeInChromium, useChromium } from './support/chromium';
import { ConsolePage, linkTo } from './support/console-page';

describeInChromium('the console of a service that is busy', () => {
  let service: ServiceProcess;
  const chromium = useChromium();
  const start = useOrigins();

  beforeAll(async () => {
    service = await ServiceProcess.start({ WIREFETCH_MAX_CONCURRENCY: '1' });
  });
  afterAll(() => service.kill());

  it('says that the fetch waits, and how long it did', async () => {
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    const busy = await start(async (peer) => {
      await peer.request();
      await released;
      await peer.send(response('200 OK'));
      peer.fin();
    });
    const origin = await start(async (peer) => {
      const [, path] = (await peer.request()).split(' ', 2);
      await peer.send(path === '/' ? response('302 Found\r\nLocation: /there') : response('200 OK', 'there'));
      peer.fin();
    });
    const other = call(`${service.url}/fetch`, { method: 'POST', body: JSON.stringify({ url: busy.url() }) });
    while (busy.peers.length === 0) await afterMs(5);

    const { page } = await chromium(service.url, linkTo({ url: origin.url() }));
    const console = new ConsolePage(page);
    await console.send.click();
    while ((await waitingAt(service)) !== 1) await afterMs(5);
    const waits = performance.now();
    await console.until(`document.querySelector('[data-testid=waterfall]')?.dataset.spanMs > 400`);
    expect(await console.part('doing').getAttribute('data-phase')).toBe('queue');
    expect(await console.part('doing').innerText()).toBe('Waiting for the service');
    const waitedMs = performance.now() - waits;
    release();
    await other;
    await console.ended();

    const [first, second] = await console.waterfall();
    expect(first!.map(({ phase }) => phase)).toEqual(['queue', 'connect', 'send', 'wait', 'receive']);
    expect(first![0]!.fromMs).toBeLessThan(1 - waitedMs);
    expect(first![0]!.toMs).toBe(0);
    expect(second!.map(({ phase }) => phase)).toContain('connect');
    // Bars begin where the scale does.
    expect(await page.locator('rect[data-phase=queue]').first().getAttribute('x')).toBe('0%');
    expect(await console.part('timings').innerText()).toContain('Queue');
    expect(await console.part('time-beside').first().innerText()).toMatch(/^\+ .* in the queue before$/);
  });
});

/** @returns how many fetches wait for their turn */
async function waitingAt({ url }: ServiceProcess): Promise<number | null> {
  const { text } = await call(`${url}/metrics`);
  return new Scrape(text).value('wirefetch_fetches_waiting');
}
