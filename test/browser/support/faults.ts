import type { BrowserContext, ConsoleMessage, Page, Route } from 'playwright-core';

/** What a page must not do:
 *  - console: it, or the browser, wrote an error or a warning
 *  - exception: a script threw, and nothing caught it
 *  - policy: it went against its Content-Security-Policy
 *  - stranger: it asked another origin than its own; such a request is not sent */
export interface Fault {
  readonly kind: 'console' | 'exception' | 'policy' | 'stranger';
  readonly text: string;
}

interface Violation {
  readonly directive: string;
  readonly blocked: string;
  readonly sample: string;
}

const REPORT = 'wirefetchReportViolation';

// Runs in the page, before the page's own scripts and outside its policy.
const WATCH_POLICY = `document.addEventListener('securitypolicyviolation', (event) => ${REPORT}({
  directive: event.effectiveDirective, blocked: event.blockedURI, sample: event.sample,
}));`;

/** Notes the faults of the pages of one context. */
export class FaultWatch {
  private readonly seen: Fault[] = [];
  private readonly expected: RegExp[] = [];

  private constructor(private readonly origin: string) {}

  /** @param url where the pages are from */
  static async over(context: BrowserContext, url: string): Promise<FaultWatch> {
    const watch = new FaultWatch(new URL(url).origin);
    context.on('page', (page) => watch.observe(page));
    await context.exposeFunction(REPORT, (violation: Violation) => watch.note('policy', told(violation)));
    await context.addInitScript(WATCH_POLICY);
    await context.route(
      ({ origin, protocol }) => origin !== watch.origin && protocol !== 'data:' && protocol !== 'blob:',
      (route) => watch.refuse(route),
    );
    return watch;
  }

  /** Says that a fault is part of the test, whether it has happened or not yet. */
  expect(text: RegExp): void {
    this.expected.push(text);
  }

  /** The faults that the test did not expect. */
  get unexpected(): readonly Fault[] {
    return this.seen.filter(({ text }) => !this.expected.some((pattern) => pattern.test(text)));
  }

  private observe(page: Page): void {
    page.on('console', (message) => this.noteMessage(message));
    page.on('pageerror', (error) => this.note('exception', String(error)));
    page.on('crash', () => this.note('exception', 'the page crashed'));
  }

  private noteMessage(message: ConsoleMessage): void {
    const type = message.type();
    if (type !== 'error' && type !== 'warning' && type !== 'assert') return;
    this.note('console', `${message.text()} (${message.location().url})`);
  }

  private refuse(route: Route): Promise<void> {
    this.note('stranger', `${route.request().method()} ${route.request().url()}`);
    return route.abort('blockedbyclient');
  }

  private note(kind: Fault['kind'], text: string): void {
    this.seen.push({ kind, text });
  }
}

function told({ directive, blocked, sample }: Violation): string {
  return `${directive} forbids ${blocked} ${sample}`.trim();
}
