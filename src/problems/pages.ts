import { STATUS_CODES } from 'node:http';
import { type Html, html } from './html';
import type { ProblemExplanationDto, ProblemListDto, ProblemRemedyDto } from './problem-explanation.dto';
import { type FailureSource, PROBLEMS, isProblemCode } from './problem-table';

const SOURCES: Readonly<Record<FailureSource, string>> = {
  client: 'whoever calls this service',
  policy: 'what the operator of this service allows',
  resolver: 'the name servers',
  target: 'the target that was fetched from',
  service: 'this service',
};

/** The page of one problem, for people.
 *  @param root of the service, relative to the page: "." or ".." */
export function problemPage(explained: ProblemExplanationDto, root: string): string {
  const { code, title, status, failureSource, meaning, causes, remedies, mayPass, seeAlso, references } =
    explained;
  const content = html`
    <p class="code"><code>${code}</code></p>
    <h1>${title}</h1>
    <p class="meaning">${prose(meaning, root)}</p>
    <dl>
      <div>
        <dt>Status</dt>
        <dd>${statusLine(status)}</dd>
      </div>
      <div>
        <dt>Caused by</dt>
        <dd>${SOURCES[failureSource]} (<code>${failureSource}</code>)</dd>
      </div>
      <div>
        <dt>Trying again</dt>
        <dd>
          ${
            mayPass
              ? 'may help: the same request can succeed later'
              : 'does not help until something was changed'
          }
        </dd>
      </div>
    </dl>
    <h2>Usual causes</h2>
    ${list(causes, root)}
    <h2>What to try</h2>
    ${remediesOf('caller', 'If you call the service', remedies, root)}
    ${remediesOf('operator', 'If you run it', remedies, root)}
    <h2>See also</h2>
    <ul>
      ${seeAlso.map((other) => html`<li>${linkTo(other, root)}: ${PROBLEMS[other].title}</li>`)}
    </ul>
    <h2>Standards</h2>
    <ul>
      ${references.map(({ name, url }) => html`<li><a href="${url}">${name}</a></li>`)}
    </ul>
  `;
  return page(`${title} (${code})`, content, root);
}

/** The page of all problems.
 *  @param root as of `problemPage` */
export function problemsPage({ items }: ProblemListDto, root: string): string {
  const content = html`
    <h1>Problems</h1>
    <p class="meaning">
      Everything this service answers with that is no result. Each answer is a problem of RFC 9457, whose
      <code>code</code> is one of these, and whose <code>type</code> leads to what it means. A 404 or 500 of a
      target is no problem, but a result.
    </p>
    ${items.map(
      ({ status, problems }) => html`
        <h2>${statusLine(status)}</h2>
        <ul class="problems">
          ${problems.map(({ code, title }) => html`<li>${linkTo(code, root)} <span>${title}</span></li>`)}
        </ul>
      `,
    )}
  `;
  return page('Problems', content, root);
}

function page(title: string, content: Html, root: string): string {
  const markup = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title} – wirefetch</title>
        <link rel="stylesheet" href="${root}/problems/page.css" />
      </head>
      <body>
        <header>
          <nav aria-label="wirefetch">
            <a href="${root}/">wirefetch</a>
            <a href="${root}/problems">Problems</a>
            <a href="${root}/docs">API</a>
          </nav>
        </header>
        <main>${content}</main>
        <footer>
          <p>Programs get this page as JSON: <code>Accept: application/json</code>.</p>
        </footer>
      </body>
    </html> `;
  return markup.toString();
}

function remediesOf(
  who: ProblemRemedyDto['who'],
  heading: string,
  remedies: readonly ProblemRemedyDto[],
  root: string,
): Html {
  const theirs = remedies.filter((remedy) => remedy.who === who).map(({ what }) => what);
  return theirs.length === 0
    ? html``
    : html`<h3>${heading}</h3>
        ${list(theirs, root)}`;
}

function list(texts: readonly string[], root: string): Html {
  return html`<ul>
    ${texts.map((text) => html`<li>${prose(text, root)}</li>`)}
  </ul>`;
}

/** What stands between backticks is code, and where it names a problem a link to it. */
function prose(text: string, root: string): Html {
  const parts = text.split('`').map((part, index) => {
    if (index % 2 === 0) return html`${part}`;
    return isProblemCode(part) ? linkTo(part, root) : html`<code>${part}</code>`;
  });
  return html`${parts}`;
}

function linkTo(code: string, root: string): Html {
  return html`<a href="${root}/problems/${code}"><code>${code}</code></a>`;
}

function statusLine(status: number): string {
  return `${status} ${STATUS_CODES[status]}`;
}
