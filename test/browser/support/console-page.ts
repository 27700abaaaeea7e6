import type { Locator, Page } from 'playwright-core';

/** A bar of the waterfall, in milliseconds since the fetch began. */
export interface Bar {
  readonly phase: string;
  readonly fromMs: number;
  readonly toMs: number | null;
}

/** What the drawing of the reads says of itself. */
export interface Reads {
  /** drawn */
  readonly reads: number;
  readonly allReads: number;
  readonly octets: number;
  readonly gaps: number;
}

/** Tasks that last longer are felt: the page does not answer meanwhile. */
const LONGEST_TASK_MS = 200;

/** @returns where the console has a request filled in, as its own links do */
export function linkTo(request: object): string {
  return `/#r=${Buffer.from(JSON.stringify(request)).toString('base64url')}`;
}

/** The console, with what one does there. */
export class ConsolePage {
  readonly url: Locator;
  readonly send: Locator;
  readonly plot: Locator;

  constructor(readonly page: Page) {
    this.url = this.part('field-url');
    this.send = this.part('send');
    this.plot = this.part('reads-plot');
  }

  part(id: string): Locator {
    return this.page.getByTestId(id);
  }

  /** Types a URL, and sends it. */
  async fetch(url: string): Promise<void> {
    await this.url.fill(url);
    await this.send.click();
  }

  /** @param course how it is to end */
  async ended(course: 'result' | 'problem' | 'cancelled' | 'cut' = 'result'): Promise<void> {
    await this.page.locator(`[data-testid=result][data-course=${course}]`).waitFor();
  }

  /** Looks each time that the page is drawn, for the policy of the page lets Playwright's own waiting not be.
   *  @param condition an expression */
  async until(condition: string): Promise<void> {
    await this.page.evaluate(`new Promise((resolve) => {
      const look = () => (${condition} ? resolve() : requestAnimationFrame(look));
      look();
    })`);
  }

  /** @returns the name, for tests, of what has the focus */
  focused(): Promise<string> {
    return this.page.evaluate<string>(`document.activeElement?.dataset.testid ?? ''`);
  }

  async reads(): Promise<Reads> {
    const number = async (name: string): Promise<number> =>
      Number(await this.plot.getAttribute(`data-${name}`));
    return {
      reads: await number('reads'),
      allReads: await number('all-reads'),
      octets: await number('octets'),
      gaps: await number('gaps'),
    };
  }

  /** @returns a list for each exchange */
  async waterfall(): Promise<Bar[][]> {
    const rows = await this.part('waterfall-hop').all();
    return Promise.all(
      rows.map(async (row) => {
        const bars = await row.locator('rect[data-phase]').all();
        return Promise.all(
          bars.map(async (bar) => {
            const to = await bar.getAttribute('data-to-ms');
            return {
              phase: (await bar.getAttribute('data-phase'))!,
              fromMs: Number(await bar.getAttribute('data-from-ms')),
              toMs: to === null || to === '' ? null : Number(to),
            };
          }),
        );
      }),
    );
  }

  /** @param property of CSS, that names a colour of the page
   *  @returns how many pixels of the drawing have it */
  async pixelsOf(property: string): Promise<number> {
    return (await this.columnsOf(property)).length;
  }

  /** @returns how far right the drawing has such a pixel, from 0 to 1 */
  async lastColumnOf(property: string): Promise<number> {
    return Math.max(...(await this.columnsOf(property)));
  }

  /** @returns where each pixel of such a colour is, from left, 0, to right, 1 */
  private columnsOf(property: string): Promise<number[]> {
    return this.page.evaluate<number[]>(`(() => {
      const canvas = document.querySelector('[data-testid=reads-plot] canvas');
      const probe = document.createElement('canvas').getContext('2d');
      probe.fillStyle = getComputedStyle(document.documentElement).getPropertyValue('${property}').trim();
      probe.fillRect(0, 0, 1, 1);
      const [red, green, blue] = probe.getImageData(0, 0, 1, 1).data;
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      const columns = [];
      for (let i = 0; i < data.length; i += 4)
        if (data[i] === red && data[i + 1] === green && data[i + 2] === blue && data[i + 3] > 0)
          columns.push(((i / 4) % canvas.width) / canvas.width);
      return columns;
    })()`);
  }

  /** Has the page note, frame by frame, how many reads are drawn while the fetch runs. */
  async watchDrawing(): Promise<void> {
    await this.page.evaluate(`(() => {
      window.drawn = [];
      const look = () => {
        const result = document.querySelector('[data-testid=result]');
        const reads = document.querySelector('[data-testid=reads-plot]')?.dataset.reads;
        if (result?.dataset.course === 'running' && reads !== undefined && window.drawn.at(-1) !== Number(reads))
          window.drawn.push(Number(reads));
        requestAnimationFrame(look);
      };
      look();
    })()`);
  }

  /** Has the page note tasks that last longer than 50 ms, from now on. */
  async watchTasks(): Promise<void> {
    await this.page.evaluate(`(() => {
      window.longTasks = [];
      const observer = new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) window.longTasks.push(duration);
      });
      observer.observe({ type: 'longtask' });
    })()`);
  }

  /** Resolves when the page has been drawn thirty times more. */
  async drawsOn(): Promise<void> {
    await this.page.evaluate(`new Promise((resolve) => {
      let left = 30;
      requestAnimationFrame(function next() {
        if (--left === 0) resolve();
        else requestAnimationFrame(next);
      });
    })`);
  }

  /** @returns what watchTasks has noted that people feel, in ms; when the page has drawn what there is to draw */
  async feltTasks(): Promise<number[]> {
    await this.page.evaluate(`new Promise((resolve) =>
      requestAnimationFrame(() => setTimeout(() => setTimeout(resolve, 0), 0)))`);
    const tasks = await this.page.evaluate<number[]>('window.longTasks');
    return tasks.filter((duration) => duration > LONGEST_TASK_MS);
  }

  /** What watchDrawing has noted. */
  drawn(): Promise<number[]> {
    return this.page.evaluate<number[]>('window.drawn');
  }
}
