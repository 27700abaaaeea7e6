import { join } from 'node:path';
import { build } from 'esbuild';
import type { Page } from 'playwright-core';
import type * as clientModule from '../../openapi/client/client';
import { response, useOrigins } from '../support/origin';
import { describeInChromium, useChromium } from './support/chromium';
import { useDemo } from './support/demo';

const CLIENT = join(__dirname, '../../openapi/client/client.ts');

declare global {
  // What the bundle leaves behind in the page.
  var wirefetchClient: typeof clientModule;
}

describeInChromium('the typed client in a page of the service', () => {
  const demo = useDemo();
  const open = useChromium();
  const start = useOrigins();
  let bundle: string;

  beforeAll(async () => {
    const built = await build({
      entryPoints: [CLIENT],
      bundle: true,
      write: false,
      format: 'iife',
      globalName: 'wirefetchClient',
      platform: 'browser',
    });
    bundle = built.outputFiles[0]!.text;
  });

  async function openWithClient(): Promise<Page> {
    const { page } = await open(demo().service.url, '/docs');
    await page.evaluate(`${bundle}; globalThis.wirefetchClient = wirefetchClient`);
    return page;
  }

  it('fetches, streams and puts content together', async () => {
    const page = await openWithClient();
    const told = await page.evaluate(
      async ([baseUrl, url]) => {
        const { collect, createWirefetch } = globalThis.wirefetchClient;
        const wirefetch = createWirefetch({ baseUrl });
        const { endedBy } = await wirefetch.fetch({ url });
        const { text } = await collect(wirefetch.stream({ url, include: { body: 'text' } }));
        const { octets } = await collect(wirefetch.stream({ url, include: { body: 'base64' } }));
        return { endedBy, text, octets: octets?.length };
      },
      [demo().service.url, demo().origins.url('/euc-kr')] as const,
    );
    expect(told).toEqual({ endedBy: 'content-length', text: '<title>소켓 통신</title>', octets: 24 });
  });

  it('throws problems', async () => {
    const page = await openWithClient();
    const problem = await page.evaluate(
      async ([baseUrl, url]) => {
        const { WirefetchProblem, createWirefetch } = globalThis.wirefetchClient;
        try {
          for await (const _ of createWirefetch({ baseUrl }).stream({ url }));
        } catch (error) {
          return error instanceof WirefetchProblem ? [error.code, error.status] : String(error);
        }
        return null;
      },
      [demo().service.url, demo().origins.url('/garbage')] as const,
    );
    expect(problem).toEqual(['malformed-response', 502]);
  });

  it('cancels the fetch at the target when its loop is left', async () => {
    const page = await openWithClient();
    const origin = await start(async (peer) => {
      await peer.request();
      await peer.burst([response('200 OK', 'x'.repeat(100)).slice(0, -50)]);
    });
    const last = await page.evaluate(
      async ([baseUrl, url]) => {
        const request = { url, timeouts: { idleMs: 60_000, totalMs: 60_000 } };
        for await (const { event } of globalThis.wirefetchClient.createWirefetch({ baseUrl }).stream(request))
          if (event === 'chunk') return event;
        return null;
      },
      [demo().service.url, origin.url()] as const,
    );
    expect(last).toBe('chunk');
    await origin.peers[0]!.closed;
  });
});
