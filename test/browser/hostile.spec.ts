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
