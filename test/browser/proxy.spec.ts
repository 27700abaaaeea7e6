import { once } from 'node:events';
import { type Server, createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { response, routes, useOrigins } from '../support/origin';
import { ServiceProcess } from '../support/service-process';
import { describeInChromium, useChromium } from './support/chromium';
import { ConsolePage, linkTo } from './support/console-page';

describeInChromium('the console behind a proxy that adds a path', () => {
  let service: ServiceProcess;
  let proxy: Server;
  const chromium = useChromium();
  const start = useOrigins();

  beforeAll(async () => {
    service = await ServiceProcess.start();
    proxy = await startProxy('/tools/wirefetch', service.url);
  });
  afterAll(async () => {
    await service.kill();
    proxy.close();
    proxy.closeAllConnections();
    await once(proxy, 'close');
  });

  async function fetched(): Promise<ConsolePage> {
    const page = response('200 OK\r\nContent-Type: text/html', '<h1>There</h1>');
    const origin = await start(routes({ '/': page }));
    const { port } = proxy.address() as AddressInfo;
    const link = `/tools/wirefetch${linkTo({ url: origin.url() })}`;
    const { page: tab } = await chromium(`http://127.0.0.1:${port}`, link);
    const console = new ConsolePage(tab);
    await console.send.click();
    await console.ended();
    await console.part('tab-body').click();
    return console;
  }

  it('fetches, and renders what it fetched', async () => {
    const console = await fetched();
    await console.part('tab-rendered').click();
    await console.page.locator('[data-testid=rendered-status][data-rendered=true]').waitFor();
    expect(await console.page.frames()[1]!.evaluate('document.body.innerText')).toBe('There');
  });

  it('says when nothing has been rendered in time', async () => {
    const console = await fetched();
    await console.page.route('**/frame.html', () => undefined);
    await console.page.clock.install();
    await console.part('tab-rendered').click();
    await console.page.clock.runFor(10_000);
    const status = console.part('rendered-status');
    expect(await status.getAttribute('data-rendered')).toBe('false');
    expect(await status.innerText()).toContain('Nothing has been drawn yet');
  });
});

/** @param prefix what it takes away from paths; others it does not know */
async function startProxy(prefix: string, target: string): Promise<Server> {
  const server = createServer((asked, answer) => {
    const path = asked.url!.startsWith(`${prefix}/`) ? asked.url!.slice(prefix.length) : null;
    if (path === null) {
      answer.writeHead(404).end();
      return;
    }
    const { method, headers } = asked;
    const { host } = new URL(target);
    const passed = request(new URL(path, target), { method, headers: { ...headers, host } }, (answered) => {
      answer.writeHead(answered.statusCode!, answered.headers);
      answered.pipe(answer);
    });
    passed.on('error', () => answer.destroy());
    asked.pipe(passed);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}
