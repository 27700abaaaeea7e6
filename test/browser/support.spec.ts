import { describeInChromium, useChromium } from './support/chromium';
import { useDemo } from './support/demo';

/** What the other tests of this folder rest on: that faults are seen. */
describeInChromium('a watched page', () => {
  const demo = useDemo();
  const open = useChromium();

  /** Opens a page, and has it do something. */
  async function faultsOf(script: string): Promise<string[]> {
    const { page, faults } = await open(demo().service.url, '/docs');
    await page.evaluate(script);
    const seen = faults.unexpected.map(({ kind, text }) => `${kind}: ${text}`);
    faults.expect(/./);
    return seen;
  }

  it('tells what is written to the console as an error', async () => {
    expect(await faultsOf(`console.error('broken')`)).toContainEqual(
      expect.stringContaining('console: broken'),
    );
  });

  it('tells what a script throws', async () => {
    const seen = await faultsOf(
      `new Promise((resolve) => { setTimeout(() => { setTimeout(resolve); throw new Error('thrown'); }); })`,
    );
    expect(seen).toContainEqual('exception: Error: thrown');
  });

  it('tells what goes against the policy of the page', async () => {
    const seen = await faultsOf(`new Promise((resolve) => {
      document.addEventListener('securitypolicyviolation', resolve);
      document.body.append(Object.assign(document.createElement('script'), { textContent: 'window.ran = true' }));
    })`);
    expect(seen).toContainEqual(expect.stringMatching(/^policy: script-src-elem forbids inline/));
  });

  it('tells of a request to another origin, and does not send it', async () => {
    const { page, faults } = await open(demo().service.url, '/docs');
    const failed = page.context().waitForEvent('requestfailed');
    await page.evaluate(`window.open('${demo().origins.url('/')}')`);
    const request = await failed;
    expect(request.failure()?.errorText).toBe('net::ERR_BLOCKED_BY_CLIENT');
    expect(faults.unexpected).toContainEqual({ kind: 'stranger', text: `GET ${demo().origins.url('/')}` });
    faults.expect(/./);
  });
});
