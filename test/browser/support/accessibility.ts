import axe, { type AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

/** A rule of axe-core that is broken, and where. */
export interface Finding {
  readonly rule: string;
  readonly impact: string;
  readonly help: string;
  readonly nodes: readonly string[];
}

/** @returns what axe-core finds in a page as it is now, be it of little impact */
export async function findingsIn(page: Page): Promise<Finding[]> {
  // By the debugger: the page's policy lets in no script of ours.
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<AxeResults>(`axe.run({ resultTypes: ['violations'] })`);
  return violations.map(({ id, impact, help, nodes }) => ({
    rule: id,
    impact: String(impact),
    help,
    nodes: nodes.map(({ target }) => target.join(' ')),
  }));
}
