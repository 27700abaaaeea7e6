import { existsSync } from 'node:fs';
import { type Browser, type BrowserContextOptions, type Page, chromium } from 'playwright-core';
import { FaultWatch } from './faults';

/** Debian's, as `apt-get install chromium` has it, or where CHROMIUM says that another is. */
const EXECUTABLE = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

const isInstalled = existsSync(EXECUTABLE);

const FLAGS = [
  // What the pages ask for goes to loopback, and Chromium itself asks nobody.
  '--no-proxy-server',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
  // Machines that build have little of it; Chromium then takes a file instead.
  '--disable-dev-shm-usage',
];

/** `describe` where there is Chromium; elsewhere nothing is tested, and the run says what it needs. */
export function describeInChromium(name: string, suite: () => void): void {
  if (isInstalled) describe(name, suite);
  // todo, not skip: a run says its name
  else
    describe(`${name}: not run, ${EXECUTABLE} is absent`, () =>
      it.todo('needs Chromium: apt-get install chromium, or CHROMIUM=<path of another>'));
}

/** A page, and what it does wrong. */
export interface WatchedPage {
  readonly page: Page;
  readonly faults: FaultWatch;
}

/** Starts Chromium for the tests of a suite. Each page has a profile of its own, as long as the test. A test fails when
 *  one of its pages has done what it must not, and the test has not said that it would.
 *  @returns what opens a page; `path` is relative to `origin` */
export function useChromium(): (
  origin: string,
  path: string,
  options?: BrowserContextOptions,
) => Promise<WatchedPage> {
  let browser: Browser;
  const watches: FaultWatch[] = [];
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());
  afterEach(async () => {
    const faults = watches.splice(0).flatMap(({ unexpected }) => unexpected);
    await Promise.all(browser.contexts().map((context) => context.close()));
    expect(faults).toEqual([]);
  });
  return async (origin, path, options = {}) => {
    const context = await browser.newContext({ baseURL: origin, ...options });
    const faults = await FaultWatch.over(context, origin);
    watches.push(faults);
    const page = await context.newPage();
    await page.goto(path);
    return { page, faults };
  };
}

/** Chromium without a window. It ends with the process that started it. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: EXECUTABLE,
    // As root it has no sandbox to offer.
    chromiumSandbox: process.getuid?.() !== 0,
    args: FLAGS,
  });
}
