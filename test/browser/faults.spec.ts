import { once } from 'node:events';
import { type IncomingMessage, type Server, type ServerResponse, createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answering, response, routes, useOrigins } from '../support/origin';
import { ServiceProcess } from '../support/service-process';
import { describeInChromium, useChromium } from './support/chromium';
import { ConsolePage, linkTo } from './support/console-page';

const RESOLVED = '{"event":"resolved","atMs":1,"hop":0,"host":"a.example","addresses":[]}\n';

/** Answers POST /fetch in the place of the service. */
type Impostor = (response: ServerResponse) => void;

const PROBLEM = { 'content-type': 'application/problem+json' };
const NDJSON = { 'content-type': 'application/x-ndjson' };

describeInChromium('the console, when the service does not answer as it should,', () => {
  let service: ServiceProcess;
  let proxy: Server;
  /** null: the service itself answers */
  let impostor: Impostor | null = null;
  const chromium = useChromium();
  const start = useOrigins();

  beforeAll(async () => {
    service = await ServiceProcess.start();
    proxy = createServer((asked, answer) => {
      if (impostor !== null && asked.url === '/fetch') impostor(answer);
      else pass(asked, answer);
    });
    proxy.listen(0, '127.0.0.1');
    await once(proxy, 'listening');
  });
  beforeEach(() => {
    impostor = null;
  });
  afterAll(async () => {
    await service.kill();
    proxy.close();
    proxy.closeAllConnections();
    await once(proxy, 'close');
  });

  function pass(asked: IncomingMessage, answer: ServerResponse): void {
    const { method, headers } = asked;
    const { host } = new URL(service.url);
    const passed = request(new URL(asked.url!, service.url), { method, headers: { ...headers, host } });
    passed.on('error', () => answer.destroy());
    passed.on('response', (answered) => {
      answer.writeHead(answered.statusCode!, answered.headers);
      answered.pipe(answer);
    });
    asked.pipe(passed);
  }

  async function open(options = {}): Promise<ConsolePage> {
    const origin = await start(routes({ '/': response('200 OK', 'content') }));
    const { port } = proxy.address() as AddressInfo;
    const link = linkTo({ url: origin.url() });
    const { page, faults } = await chromium(`http://127.0.0.1:${port}`, link, options);
    faults.expect(/Failed to load resource|atob/);
    return new ConsolePage(page);
  }

  async function faultAfter(answer: Impostor, options = {}): Promise<readonly [string | null, string]> {
    impostor = answer;
    const console = await open(options);
    await console.send.click();
    const fault = console.part('fault');
    await fault.waitFor();
    const told = [await fault.getAttribute('data-code'), await fault.innerText()] as const;
    // The next one is not in its way.
    impostor = null;
    await console.send.click();
    await console.ended();
    expect(await fault.count()).toBe(0);
    return told;
  }

  it.each<[string, string, string, Impostor]>([
    ['cannot be reached', 'unreachable', 'cannot be reached', (answer) => answer.destroy()],
    [
      'breaks off',
      'broken-off',
      'ended before the fetch did',
      (answer) => answer.writeHead(200, NDJSON).end(RESOLVED),
    ],
    [
      'breaks off within a line',
      'broken-off',
      'ended before the fetch did',
      (answer) => answer.writeHead(200, NDJSON).end('{"event":"se'),
    ],
    [
      'is another',
      'stranger',
      'not wirefetch',
      (answer) => answer.writeHead(200, { 'content-type': 'text/html' }).end('<p>Log in'),
    ],
    [
      'is another with problems of its own',
      'stranger',
      'HTTP 429: Too many: slow down',
      (answer) =>
        answer.writeHead(429, PROBLEM).end('{"title":"Too many","status":429,"detail":"slow down"}'),
    ],
    [
      'tells what is no JSON',
      'stranger',
      'not wirefetch',
      (answer) => answer.writeHead(200, NDJSON).write('{x\n'),
    ],
  ])('says that it %s', async (_, code, words, answer) => {
    const [told, text] = await faultAfter(answer);
    expect(told).toBe(code);
    expect(text).toContain(words);
  });

  it('says it in Korean', async () => {
    const [, text] = await faultAfter((answer) => answer.destroy(), { locale: 'ko-KR' });
    expect(text).toContain('서비스에 연결할 수 없습니다');
  });

  it('leaves an answer that it cannot read', async () => {
    let left: Promise<unknown> = Promise.resolve();
    await faultAfter((answer) => {
      left = once(answer, 'close');
      answer.writeHead(200, NDJSON).write('{x\n');
    });
    await expect(left).resolves.toBeDefined();
  });

  it('shows a problem that it does not know', async () => {
    impostor = (answer) =>
      answer
        .writeHead(418, PROBLEM)
        .end('{"code":"brand-new","title":"A teapot","detail":"short and stout"}');
    const console = await open({ locale: 'ko-KR' });
    await console.send.click();
    await console.ended('problem');
    const shown = await console.part('problem').innerText();
    expect(shown).toContain('A teapot');
    expect(shown).toContain('short and stout');
  });

  it('keeps what it cannot draw from taking the page with it', async () => {
    impostor = (answer) =>
      answer.writeHead(200, NDJSON).end('{"event":"sent","atMs":1,"hop":0,"request":{"rawHead":"%"}}\n');
    const console = await open();
    await console.send.click();
    await console.part('not-drawn').waitFor();
    expect(await console.part('fault').getAttribute('data-code')).toBe('broken-off');
    impostor = null;
    await console.send.click();
    await console.ended();
    expect(await console.part('not-drawn').count()).toBe(0);
  });

  it('says what a key may not have, and sends none', async () => {
    const console = await open();
    await console.part('api-key').fill('한글키');
    expect(await console.part('key-wanted').innerText()).toContain('printable ASCII');
    await console.send.click();
    expect(await console.part('fault').getAttribute('data-code')).toBe('unfit-key');
    await console.part('api-key').fill(' ');
    await console.send.click();
    await console.ended();
  });

  it('tells the same end of another fetch anew', async () => {
    const console = await open();
    await console.page.evaluate(`(() => {
      window.told = [];
      const announcer = document.querySelector('[data-testid=announcer]');
      new MutationObserver((changes) => {
        if (changes.some(({ addedNodes }) => addedNodes.length > 0)) window.told.push(announcer.textContent);
      }).observe(announcer, { childList: true, subtree: true });
    })()`);
    for (let i = 0; i < 2; i++) {
      await console.send.click();
      await console.ended();
      await console.until(`window.told.filter((text) => text.startsWith('Done')).length > ${i}`);
    }
    expect(await console.page.evaluate('window.told')).toEqual(Array(2).fill('Done: status 200, complete.'));
  });

  it('tells of a silence while it lasts', async () => {
    const origin = await start(answering('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf'));
    const console = await open();
    await console.fetch(origin.url());
    await console.part('silence').waitFor();
    await console.until(`document.querySelector('[data-testid=announcer]').textContent !== ''`);
    expect(await console.part('announcer').innerText()).toBe('Nothing has come for 1 second.');
    await console.part('cancel').click();
    await console.ended('cancelled');
  });
});
