import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { FetchResult, Hop, Problem, Tls } from '../data';
import type { FetchState } from '../fetch-state';
import { type Said, say } from '../language';
import { BodyPane } from '../panes/BodyPane';
import { CookiesPane } from '../panes/CookiesPane';
import { HeadPane } from '../panes/HeadPane';
import { TlsPane } from '../panes/TlsPane';
import { TutorialPane } from '../panes/TutorialPane';
import { contentOctets } from '../run';
import { type Tab, Tabs } from '../tabs';
import { hopIndex } from './chosen-hop';
import { JsonPane } from './json-pane';

const TEXTS = {
  label: { en: 'What came', ko: '받은 것' },
  head: { en: 'Head', ko: '헤더' },
  cookies: { en: 'Cookies', ko: '쿠키' },
  body: { en: 'Body', ko: '본문' },
  tls: { en: 'TLS', ko: 'TLS' },
  tutorial: { en: 'Tutorial loop', ko: '튜토리얼 루프' },
  json: { en: 'JSON', ko: 'JSON' },
} as const satisfies Record<string, Said>;

interface Pane extends Tab<string> {
  readonly content: () => ComponentChildren;
}

/** What came, in tabs; when the fetch is over. */
export function Details({ state: { result, problem } }: { state: FetchState }) {
  const [wanted, want] = useState('head');
  const panes = result !== null ? panesOfResult(result) : problem !== null ? panesOfProblem(problem) : [];
  // The one that was looked at last, where this fetch has it too.
  const shown = panes.find(({ id }) => id === wanted) ?? panes[0];
  if (shown === undefined) return null;
  return (
    <Tabs label={say(TEXTS.label)} tabs={panes} chosen={shown.id} onChoose={want}>
      {shown.content()}
    </Tabs>
  );
}

/** Head and TLS are those of the exchange that is looked at. */
function panesOfResult(result: FetchResult): Pane[] {
  const exchange = result.hops[hopIndex.value] ?? result;
  return [
    headPane(exchange),
    {
      id: 'cookies',
      title: say(TEXTS.cookies),
      content: () => <CookiesPane cookies={result.cookies} hops={result.hops} />,
    },
    {
      id: 'body',
      title: say(TEXTS.body),
      content: () => <BodyPane body={result.body} octets={contentOctets()} />,
    },
    tlsPane(exchange.connection.tls),
    { id: 'tutorial', title: say(TEXTS.tutorial), content: () => <TutorialPane result={result} /> },
    jsonPane(result),
  ];
}

/** The exchange that failed has no head; those before it have. */
function panesOfProblem(problem: Problem): Pane[] {
  const exchange = problem.hops[hopIndex.value];
  const tls = exchange === undefined ? (problem.connection?.tls ?? null) : exchange.connection.tls;
  return [
    ...(exchange === undefined ? [] : [headPane(exchange)]),
    ...(tls === null ? [] : [tlsPane(tls)]),
    jsonPane(problem),
  ];
}

function headPane(exchange: Hop | FetchResult): Pane {
  return {
    id: 'head',
    title: say(TEXTS.head),
    content: () => <HeadPane exchange={exchange} rawHead={exchange.rawHead} />,
  };
}

function tlsPane(tls: Tls | null): Pane {
  return { id: 'tls', title: say(TEXTS.tls), content: () => <TlsPane tls={tls} /> };
}

function jsonPane(value: object): Pane {
  return { id: 'json', title: say(TEXTS.json), content: () => <JsonPane value={value} /> };
}
