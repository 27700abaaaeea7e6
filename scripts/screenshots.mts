import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Browser, type BrowserContextOptions, type Page, chromium } from 'playwright-core';
import { selfSignedCertificate } from '../demo/certificate.mts';
import { startOrigin } from '../demo/origin.mts';

/** `npm run screenshots`: takes the pictures of docs/images from the built service and the demo's origin. They listen on
 *  free ports, and are shown with those that README names: the picture is of what its reader will see. */

const IMAGES = path.join(import.meta.dirname, '../docs/images');
const MAIN = path.join(import.meta.dirname, '../dist/main.js');
const SHOWN = { service: 8080, origin: 8081, tls: 8443 } as const;
const SHOWN_ORIGIN = `http://127.0.0.1:${SHOWN.origin}`;
/** A page of documentation shows them no wider. */
const VIEWPORT = { width: 1200, height: 1160 };
/** who reads the documentation loads several */
const MOST_BYTES = 250_000;

interface Picture {
  readonly name: string;
  readonly path: string;
  readonly options?: BrowserContextOptions;
  /** brings the page to what is to be seen */
  readonly prepare: (page: Page) => Promise<void>;
}

const PICTURES: readonly Picture[] = [
  {
    name: 'console',
    path: linkTo({ url: `${SHOWN_ORIGIN}/redirect`, read: { bufferBytes: 1024 } }),
    prepare: async (page) => {
      await page.getByTestId('send').click();
      await ended(page);
    },
  },
  {
    name: 'console-live',
    path: linkTo({ url: `${SHOWN_ORIGIN}/stall`, timeouts: { idleMs: 60_000, totalMs: 60_000 } }),
    prepare: async (page) => {
      await page.getByTestId('send').click();
      await page.getByTestId('silence').waitFor();
      await page.evaluate(`new Promise((resolve) => {
        const look = () =>
          Number(document.querySelector('[data-testid=silence]').dataset.ms) > 3000 ? resolve() : requestAnimationFrame(look);
        look();
      })`);
    },
  },
  {
    name: 'console-dark',
    path: linkTo({ url: `${SHOWN_ORIGIN}/drip`, read: { until: 'close' } }),
    options: { colorScheme: 'dark' },
    prepare: async (page) => {
      await page.getByTestId('send').click();
      await ended(page);
    },
  },
  {
    name: 'console-korean',
    path: linkTo({ url: `https://127.0.0.1:${SHOWN.tls}/bursts`, tls: { verify: false } }),
    options: { locale: 'ko-KR' },
    prepare: async (page) => {
      await page.getByTestId('send').click();
      await ended(page);
    },
  },
  {
    name: 'swagger-ui',
    path: '/docs#/fetch/fetch',
    prepare: async (page) => {
      const fetch = page.locator('#operations-fetch-fetch');
      await fetch.getByRole('button', { name: 'Execute' }).click();
      await fetch.locator('.live-responses-table .microlight').first().waitFor();
      // As its handle lets everybody do: the answer is to be seen, too.
      await page.evaluate(`{
        const fetch = document.querySelector('#operations-fetch-fetch');
        Object.assign(fetch.querySelector('textarea').style, { height: '9em', minHeight: '0' });
        fetch.querySelector('.opblock-section-request-body').scrollIntoView();
      }`);
    },
  },
];

mkdirSync(IMAGES, { recursive: true });
const [origin, tlsOrigin] = [await startOrigin(0), await startOrigin(0, await selfSignedCertificate())];
const ports = { origin: portOf(origin), tls: portOf(tlsOrigin) };
const dataDir = mkdtempSync(path.join(tmpdir(), 'wirefetch-'));
const service = startService();
try {
  const browser = await launch(await servicePort(service));
  try {
    for (const picture of PICTURES) await take(browser, picture);
  } finally {
    await browser.close();
  }
} finally {
  service.kill('SIGKILL');
  rmSync(dataDir, { recursive: true, force: true });
  for (const server of [origin, tlsOrigin]) server.close();
}

function startService(): ChildProcess {
  return spawn(process.execPath, [MAIN], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      WIREFETCH_PORT: '0',
      WIREFETCH_DATA_DIR: dataDir,
      WIREFETCH_ALLOW_CIDRS: `127.0.0.1/32:${ports.origin},127.0.0.1/32:${ports.tls}`,
    },
  });
}

async function servicePort({ stdout }: ChildProcess): Promise<number> {
  let log = '';
  stdout!.setEncoding('utf8').on('data', (text: string) => (log += text));
  for (;;) {
    const port = /listening on http:\/\/[\d.]+:(\d+)/.exec(log)?.[1];
    if (port !== undefined) return Number(port);
    await once(stdout!, 'data');
  }
}

function launch(port: number): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    chromiumSandbox: process.getuid?.() !== 0,
    args: [
      '--no-proxy-server',
      '--disable-dev-shm-usage',
      `--host-resolver-rules=MAP localhost:${SHOWN.service} 127.0.0.1:${port}, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1`,
    ],
  });
}

async function take(browser: Browser, { name, path: place, options, prepare }: Picture): Promise<void> {
  const context = await browser.newContext({
    baseURL: `http://localhost:${SHOWN.service}`,
    viewport: VIEWPORT,
    deviceScaleFactor: 1,
    locale: 'en-GB',
    timezoneId: 'UTC',
    reducedMotion: 'reduce',
    ...options,
  });
  await context.addInitScript(`(${showPorts.toString()})(${JSON.stringify(portPairs())})`);
  const page = await context.newPage();
  await page.goto(place);
  await prepare(page);
  const file = path.join(IMAGES, `${name}.png`);
  await page.screenshot({ path: file, caret: 'hide' });
  await context.close();
  const { size } = statSync(file);
  process.stdout.write(`docs/images/${name}.png  ${size} octets\n`);
  if (size > MOST_BYTES) throw new Error(`${name}.png is larger than ${MOST_BYTES} octets`);
}

/** Has the page ask for the origins by the ports that are shown, and be told of these. Runs in the page.
 *  @param pairs shown and real */
function showPorts(pairs: readonly (readonly [shown: string, real: string])[]): void {
  const send = globalThis.fetch;
  globalThis.fetch = async (input, init) => {
    let body = init?.body;
    if (typeof body === 'string') for (const [shown, real] of pairs) body = body.replaceAll(shown, real);
    const response = await send(input, body === undefined ? init : { ...init, body });
    if (response.body === null) return response;
    // Whole lines, so that no port is cut in two.
    let rest = '';
    const shown = (text: string): string => {
      let all = text;
      for (const [shown, real] of pairs)
        all = all.replaceAll(real, shown).replaceAll(real.slice(10), shown.slice(10));
      return all;
    };
    const lines = new TransformStream<string, string>({
      transform: (text, controller) => {
        rest += text;
        const end = rest.lastIndexOf('\n') + 1;
        if (end > 0) controller.enqueue(shown(rest.slice(0, end)));
        rest = rest.slice(end);
      },
      flush: (controller) => controller.enqueue(shown(rest)),
    });
    const replaced = response.body
      .pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>)
      .pipeThrough(lines)
      .pipeThrough(new TextEncoderStream());
    const { status, statusText, headers } = response;
    return Object.defineProperty(new Response(replaced, { status, statusText, headers }), 'url', {
      value: response.url,
    });
  };
}

function portPairs(): [shown: string, real: string][] {
  return [
    [`127.0.0.1:${SHOWN.origin}`, `127.0.0.1:${ports.origin}`],
    [`127.0.0.1:${SHOWN.tls}`, `127.0.0.1:${ports.tls}`],
  ];
}

async function ended(page: Page): Promise<void> {
  await page.locator('[data-testid=result][data-course=result]').waitFor();
}

/** Where the console has a request filled in, as its own links do. */
function linkTo(request: object): string {
  return `/#r=${Buffer.from(JSON.stringify(request)).toString('base64url')}`;
}

function portOf(server: { address(): unknown }): number {
  return (server.address() as AddressInfo).port;
}
