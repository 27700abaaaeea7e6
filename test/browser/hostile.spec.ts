import { type Origin, response, routes, useOrigins } from '../support/origin';
import { ServiceProcess } from '../support/service-process';
import { describeInChromium, useChromium } from './support/chromium';
import { ConsolePage, linkTo } from './support/console-page';

/** Drawings of some hundred octets that take the work of hours. */
const DRAWINGS = {
  'use of use': nested(
    8,
    (id, content) => `<g id="${id}">${content}</g>`,
    (id) => `<use href="#${id}"/>`,
  ),
  'patterns in patterns': nested(
    8,
    (id, content) =>
      `<pattern id="${id}" width="2" height="2" patternUnits="userSpaceOnUse">${content}</pattern>`,
    (id) => `<rect width="300" height="300" fill="url(#${id})"/>`,
  ),
} as const;

/** @returns SVG in which each of so many levels names the one below ten times */
function nested(
  levels: number,
  element: (id: string, content: string) => string,
  naming: (id: string) => string,
): string {
  let defined = element('u0', '<rect width="1" height="1"/>');
  for (let i = 1; i <= levels; i++) defined += element(`u${i}`, naming(`u${i - 1}`).repeat(10));
  const size = 'width="300" height="300"';
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size}><defs>${defined}</defs>${naming(`u${levels}`)}</svg>`;
}

describeInChromium('the console, before what is made to stop it,', () => {
  let service: ServiceProcess;
  const chromium = useChromium();
  const start = useOrigins();

  beforeAll(async () => {
    service = await ServiceProcess.start();
  });
  afterAll(() => service.kill());

  /** Has the console fetch the one page of an origin. */
  async function fetched(answer: string, request: object = {}): Promise<ConsolePage> {
    const origin: Origin = await start(routes({ '/': answer }));
    const { page } = await chromium(service.url, linkTo({ url: origin.url(), ...request }));
    const console = new ConsolePage(page);
    await console.watchTasks();
    await console.send.click();
    await console.ended();
    return console;
  }

  describe('shows as much of a head as can be looked at', () => {
    it.each([
      ['of octets that are shown one by one', '\x80a'.repeat(31_000), 65_536],
      ['of a mebibyte of them', '\x80a'.repeat(500_000), 1_048_576],
      ['of a mebibyte of letters', 'a'.repeat(1_000_000), 1_048_576],
    ])('%s', async (_, value, maxHeadBytes) => {
      const answer = response(`200 OK\r\nX-Long: ${value}\r\nX-After: seen`, 'content');
      const console = await fetched(answer, { read: { maxHeadBytes } });
      const head = console.part('panel-head');
      expect(await head.innerText()).toContain('X-After: seen');
      expect(await head.innerText()).toMatch(/octets left out: [\d,]+, copy to see them/);
      await console.part('tab-json').click();
      await console.part('json').waitFor();
      expect(await console.feltTasks()).toEqual([]);
    });

    it('of informational ones, too', async () => {
      const early = `HTTP/1.1 103 Early Hints\r\nX-Long: ${'\x80a'.repeat(15_000)}\r\n\r\n`;
      const console = await fetched(early.repeat(30) + response('200 OK', 'content'), {
        read: { maxHeadBytes: 1_048_576 },
      });
      expect(await console.part('panel-head').innerText()).toMatch(/Lines left out: \d, copy to see them/);
      expect(await console.feltTasks()).toEqual([]);
    });

    it('and a reason that has no end', async () => {
      const console = await fetched(response(`200 ${'reason '.repeat(8_000)}`, 'content'));
      expect((await console.part('status').innerText()).length).toBeLessThan(150);
      expect(await console.feltTasks()).toEqual([]);
    });
  });

  it('shows what turns text around, and is not turned around', async () => {
    const turned = Buffer.from('\u202emoc.elgoog\u2066\u200b').toString('latin1');
    const answer = response(`200 ${turned}\r\nX-A: ${turned}\r\nSet-Cookie: a=${turned}`, 'content');
    const console = await fetched(answer);
    const raw = `[...document.getElementById('page').innerText.matchAll(/[\\u202a-\\u202e\\u2066-\\u2069\\u200b\\x80-\\x9f]/g)].length`;
    for (const tab of await console.page.locator('[data-testid=result] [role=tab]').all()) {
      await tab.click();
      expect([await tab.innerText(), await console.page.evaluate(raw)]).toEqual([await tab.innerText(), 0]);
    }
  });

  describe('draws SVG where it stops nobody', () => {
    it.each(Object.entries(DRAWINGS))('%s', async (_, drawing) => {
      const console = await fetched(response('200 OK\r\nContent-Type: image/svg+xml', drawing));
      await console.part('tab-body').click();
      const body = console.part('panel-body');
      expect(await body.getByTestId('tab-text').getAttribute('aria-selected')).toBe('true');
      await body.getByTestId('tab-rendered').click();
      await console.page.locator('iframe').waitFor();
      await console.drawsOn();
      await body.getByTestId('tab-hex').click();
      expect(await console.feltTasks()).toEqual([]);
    });

    it('and what is harmless is seen', async () => {
      const drawing =
        '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"><rect width="9" height="9"/></svg>';
      const console = await fetched(response('200 OK\r\nContent-Type: image/svg+xml', drawing));
      await console.part('tab-body').click();
      await console.part('tab-rendered').click();
      await console.page.locator('[data-testid=rendered-status][data-rendered=true]').waitFor();
      const size = '[image.naturalWidth, image.naturalHeight]';
      const frame = console.page.frames()[1]!;
      expect(
        await frame.evaluate(
          `(async (image) => (await image.decode(), ${size}))(document.querySelector('img'))`,
        ),
      ).toEqual([40, 30]);
    });
  });
});
