import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { Frame, Page } from 'playwright-core';
import { call } from '../support/app';
import { afterMs } from '../support/origin';
import { describeInChromium, useChromium } from './support/chromium';
import { useDemo } from './support/demo';

/** What a page could do to who looks at it. Everything asks for /trap: if it is asked for, something ran, loaded or led
 *  away. In a page without walls each of them does. */
const HOSTILE: readonly (readonly [what: string, html: string])[] = [
  ['a script', `<script>fetch('/trap')</script>`],
  ['a script from elsewhere', `<script src=/trap></script>`],
  ['a module', `<script type=module>import('/trap')</script>`],
  ['an event of an image', `<img src=data:, onerror="fetch('/trap')">`],
  ['an event of the body', `<body onload="fetch('/trap')">`],
  ['an event of a detail', `<details open ontoggle="fetch('/trap')">x</details>`],
  ['an event of a click', `<p onclick="fetch('/trap')" tabindex=0>x</p>`],
  ['an event of focus', `<input autofocus onfocus="fetch('/trap')">`],
  ['an event of SVG', `<svg onload="fetch('/trap')"></svg>`],
  ['a script in SVG', `<svg><script>fetch('/trap')</script></svg>`],
  ['an animation in SVG', `<svg><animate onbegin="fetch('/trap')" attributeName=x dur=1s /></svg>`],
  [
    'a link that an animation turns',
    `<svg><a><text y=20>x</text><animate attributeName=href values="/trap" begin=0s fill=freeze /></a></svg>`,
  ],
  [
    'HTML in SVG',
    `<svg><foreignObject><img xmlns="http://www.w3.org/1999/xhtml" src=/trap></foreignObject></svg>`,
  ],
  ['an image in SVG', `<svg><image href=/trap width=9 height=9 /></svg>`],
  ['a part of another SVG', `<svg><use href=/trap#x /></svg>`],
  ['a link of SVG', `<svg><a href="/trap"><text y=20>x</text></a></svg>`],
  ['a javascript: link', `<a href="javascript:void fetch('/trap')">x</a>`],
  ['a javascript: link with blanks in it', `<a href=" java&#10;script:void fetch('/trap')">x</a>`],
  ['a link', `<a href=/trap>x</a>`],
  ['a link to a new window', `<a href=/trap target=_blank>x</a>`],
  ['a link to the top', `<a href=/trap target=_top>x</a>`],
  ['a link that tells another', `<a href=#x ping=/trap>x</a>`],
  ['a form', `<form action=/trap><button>x</button></form>`],
  ['a form by a button', `<form><button formaction=/trap>x</button></form>`],
  ['a form by javascript:', `<form action="javascript:void fetch('/trap')"><button>x</button></form>`],
  ['a button that is an image', `<input type=image src=/trap>`],
  ['a frame', `<iframe src=/trap></iframe>`],
  ['a frame with a document', `<iframe srcdoc="<script>parent.fetch('/trap')</script>"></iframe>`],
  ['a frameset', `<frameset><frame src=/trap></frameset>`],
  ['an object', `<object data=/trap></object>`],
  ['an embedded one', `<embed src=/trap>`],
  ['a refresh', `<meta http-equiv=refresh content="0;url=/trap">`],
  ['a refresh in the body', `<p>x</p><meta http-equiv=refresh content="0;url=/trap">`],
  ['a stylesheet', `<link rel=stylesheet href=/trap>`],
  ['what is fetched early', `<link rel=preload as=image href=/trap>`],
  ['an icon of a base', `<base href=/trap/><img src=x>`],
  ['an image', `<img src=/trap>`],
  ['an image of several', `<img srcset="/trap 1x">`],
  ['an image of a picture', `<picture><source srcset=/trap><img src=data:,></picture>`],
  ['a poster', `<video poster=/trap></video>`],
  ['sound', `<audio src=/trap preload=auto></audio>`],
  ['an import', `<style>@import "/trap";</style>`],
  ['an import with escapes', `<style>@\\69mport url(/trap);</style>`],
  ['a background', `<style>p{background:url(/trap)}</style><p>x</p>`],
  ['a background with escapes', `<style>p{background:\\75\\72l("/trap")}</style><p>x</p>`],
  ['a background by a variable', `<style>p{--x:url(/trap);background:var(--x)}</style><p>x</p>`],
  ['a background of a set', `<style>p{background:image-set("/trap" 1x)}</style><p>x</p>`],
  ['a background behind a comment of HTML', `<style><!--x,p{background:url(/trap)}</style><p>x</p>`],
  [
    'a background behind a bracket in a string',
    `<style>b{--x:url("data:,x" ")")} p{background:url(/trap)} i{content:"</style><p>x</p>`,
  ],
  ['a background of an element', `<p style="background:url(/trap)">x</p>`],
  ['a background of a table', `<table background=/trap><tr><td>x</table>`],
  ['a font', `<style>@font-face{font-family:F;src:url(/trap)}p{font-family:F}</style><p>x</p>`],
  ['a mark of a list', `<ul style="list-style-image:url(/trap)"><li>x</ul>`],
  ['a filter', `<p style="filter:url(/trap#x)">x</p>`],
  ['a paint of SVG', `<svg><rect width=9 height=9 fill="url(/trap#x)" /></svg>`],
  ['a style of SVG', `<svg><style>rect{mask-image:url(/trap)}</style><rect width=9 height=9 /></svg>`],
  ['a shadow root', `<div><template shadowrootmode=open><img src=/trap></template></div>`],
];

/** Harmless as it stands, and not when it is written out and parsed again. */
const MUTATING: readonly (readonly [what: string, html: string])[] = [
  ['noscript', `<noscript><p title="</noscript><img src=/trap onerror=fetch('/trap')>">x</noscript>`],
  [
    'a namespace that changes',
    `<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=/trap&gt;">`,
  ],
  [
    'a form in a form',
    `<form><math><mtext></form><form><mglyph><style></math><img src onerror=fetch('/trap')>`,
  ],
  ['text that is raw', `<svg><p><style><g title="</style><img src=/trap onerror=fetch('/trap')>">`],
];

/** Presses whatever can be pressed. */
const PRESS = `document.querySelectorAll('a, button, input, p, summary, [href], label')
  .forEach((it) => it.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true })))`;

/** How many handlers of events are left. */
const HANDLERS = `[...document.querySelectorAll('*')]
  .flatMap((it) => Element.prototype.getAttributeNames.call(it)).filter((name) => /^on/i.test(name)).length`;

/** Two frames drawn: what loads when it is shown has begun to. */
const DRAWN = `new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))`;

const OPEN_FRAME = `new Promise((resolve) => {
  const frame = document.createElement('iframe');
  frame.setAttribute('sandbox', 'allow-scripts');
  frame.addEventListener('load', resolve, { once: true });
  frame.src = '/console/frame.html';
  document.body.append(frame);
  window.heard = [];
  addEventListener('message', ({ data, source }) => source === frame.contentWindow && heard.push(data));
})`;

const ASSETS = path.join(__dirname, '../../dist/console/page/assets');

/** Serves the frame as the service does, with its policy or without, and pages without any; notes what traps are asked
 *  for. */
class TrapServer {
  readonly asked: string[] = [];
  /** the page at /bare */
  bare = '';
  /** of the frame */
  policy: string | null = null;
  private readonly server = createServer((request, response) => this.answer(request, response));

  async start(): Promise<void> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, 'close');
  }

  private answer({ url = '' }: IncomingMessage, response: ServerResponse): void {
    if (url.startsWith('/trap')) this.asked.push(url);
    if (url.startsWith('/console/frame')) this.answerWithFrame(path.basename(url), response);
    else if (url === '/favicon.ico' || url.startsWith('/trap')) response.writeHead(204).end();
    else response.writeHead(200, { 'content-type': 'text/html' }).end(url === '/bare' ? this.bare : '<p>');
  }

  private answerWithFrame(name: string, response: ServerResponse): void {
    const isPage = name.endsWith('.html');
    response.setHeader('content-type', isPage ? 'text/html' : 'text/javascript');
    if (isPage && this.policy !== null) response.setHeader('content-security-policy', this.policy);
    response.end(readFileSync(path.join(ASSETS, name)));
  }
}

interface OpenFrame {
  readonly page: Page;
  readonly frame: Frame;
}

describeInChromium('HTML that was received', () => {
  const demo = useDemo();
  const open = useChromium();
  const traps = new TrapServer();

  beforeAll(() => traps.start());
  afterAll(() => traps.stop());
  beforeEach(() => {
    traps.asked.length = 0;
  });

  /** Opens the frame as the console does.
   *  @param policy what the service sends with it, or null to do without
   *  @param expected faults that are part of the test */
  async function openFrame(policy: string | null, expected = /^$/): Promise<OpenFrame> {
    traps.policy = policy;
    const { page, faults } = await open(traps.origin, '/');
    // What is parsed has the policy of the frame, and it is told though nothing is done. Nothing is no font.
    faults.expect(/base-uri|violates the following Content Security Policy directive: "base-uri/);
    // So are handlers of events, by newer browsers; that none is left where it is shown, the tests look for themselves.
    faults.expect(/^script-src-attr forbids inline$|^Executing inline event handler violates /);
    faults.expect(/Failed to decode downloaded font: data:,|OTS parsing error/);
    faults.expect(expected);
    await page.evaluate(OPEN_FRAME);
    return { page, frame: page.frames()[1]! };
  }

  async function policyOfService(): Promise<string> {
    const { headers } = await call(`${demo().service.url}/console/frame.html`);
    return String(headers['content-security-policy']);
  }

  async function show({ page, frame }: OpenFrame, html: string): Promise<void> {
    await page.evaluate(`new Promise((resolve) => {
      addEventListener('message', resolve, { once: true });
      const request = { kind: 'render', html: ${JSON.stringify(html)} };
      document.querySelector('iframe').contentWindow.postMessage(request, '*');
    })`);
    await frame.evaluate(DRAWN);
  }

  it.each(HOSTILE)('would do harm without walls: %s', async (_, html) => {
    traps.bare = `<!doctype html>${html}`;
    const { page, faults } = await open(traps.origin, '/bare');
    faults.expect(/./);
    await page.evaluate(PRESS).catch(() => undefined);
    while (traps.asked.length === 0) await Promise.race([afterMs(20), page.waitForEvent('close')]);
    expect(traps.asked[0]).toMatch(/^\/trap/);
  });

  it.each(['with the policy of its frame', 'without'])(
    'does nothing, loads nothing, leads nowhere: %s',
    async (walls) => {
      const opened = await openFrame(walls === 'without' ? null : await policyOfService());
      const { page, frame } = opened;
      for (const [what, html] of [...HOSTILE, ...MUTATING]) {
        await show(opened, html);
        expect([what, await frame.evaluate(HANDLERS)]).toEqual([what, 0]);
        await frame.evaluate(PRESS);
        await frame.evaluate(DRAWN);
        expect([what, ...traps.asked]).toEqual([what]);
        expect([what, frame.url()]).toEqual([what, `${traps.origin}/console/frame.html`]);
      }
      expect(page.context().pages()).toHaveLength(1);
      // Nothing but the frame itself has spoken, and only to say that it is done.
      const heard = await page.evaluate<{ kind: string }[]>('heard');
      expect(heard).toHaveLength(HOSTILE.length + MUTATING.length);
      expect(heard.every(({ kind }) => kind === 'rendered')).toBe(true);
    },
  );

  it('does no harm behind the policy and the sandbox alone, if it is not made anew', async () => {
    const { page, frame } = await openFrame(await policyOfService(), /./);
    // Nearly all: a frame may lead itself elsewhere, as far as the policy of the page around it lets it.
    for (const [what, html] of HOSTILE.filter(([name]) => !name.includes('refresh'))) {
      await frame.evaluate(`document.documentElement.innerHTML = ${JSON.stringify(html)}`);
      await frame.evaluate(DRAWN);
      expect([what, ...traps.asked]).toEqual([what]);
    }
    expect(page.frames()).toContain(frame);
  });

  it('is shown as it would look, without what is not there', async () => {
    const opened = await openFrame(await policyOfService());
    await show(
      opened,
      `<html lang=ko class=h><title>no content</title><style>h1 { color: rgb(1, 2, 3) }</style>
       <body bgcolor=#00ff00><h1 style="font-style: italic">제목</h1><x-unknown>kept</x-unknown>
       <img alt=drawn src="data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAACADs="><noscript>said</noscript>
       <form><input value=typed></form><a href=/there>link</a>`,
    );
    const { frame } = opened;
    const look = await frame.evaluate<object>(`({
      text: document.body.innerText.replace(/\\s+/g, ' ').trim(),
      color: getComputedStyle(document.querySelector('h1')).color,
      style: getComputedStyle(document.querySelector('h1')).fontStyle,
      paper: getComputedStyle(document.body).backgroundColor,
      language: document.documentElement.lang,
      width: document.querySelector('img').naturalWidth,
      input: [document.querySelector('input').value, document.querySelector('input').disabled],
      link: document.querySelector('a').dataset.href,
    })`);
    expect(look).toEqual({
      text: '제목 kept said link',
      color: 'rgb(1, 2, 3)',
      style: 'italic',
      paper: 'rgb(0, 255, 0)',
      language: 'ko',
      width: 1,
      input: ['typed', true],
      link: '/there',
    });
  });

  it('cannot feign what it is read by', async () => {
    const opened = await openFrame(await policyOfService());
    const names = ['attributes', 'localName', 'lastChild', 'namespaceURI', 'previousSibling', 'textContent'];
    const controls = names.map((name) => `<input name=${name}>`).join('');
    await show(
      opened,
      `<img name=body><img name=documentElement><form name=head onclick=x>${controls}<p>within</p></form><p>behind</p>`,
    );
    expect(await opened.frame.evaluate('document.body.innerText.split(/\\s+/).filter(Boolean)')).toEqual([
      'within',
      'behind',
    ]);
    expect(await opened.frame.evaluate('document.querySelectorAll("form, [onclick]").length')).toBe(0);
  });

  it('is taken from the page around the frame alone', async () => {
    const { page, frame } = await openFrame(await policyOfService());
    await frame.evaluate(`postMessage({ kind: 'render', html: 'from within' }, '*')`);
    await frame.evaluate(DRAWN);
    expect(await frame.evaluate('document.body.innerText')).toBe('');
    expect(await page.evaluate('heard')).toEqual([]);
  });
});
