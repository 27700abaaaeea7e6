import type { ComponentChildren } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import type { FetchResult, Hop, Problem, Tls } from '../data';
import { idleMsOf } from '../draft';
import type { FetchState, HopState } from '../fetch-state';
import { type Said, say } from '../language';
import { BodyPane } from '../panes/BodyPane';
import { CookiesPane } from '../panes/CookiesPane';
import { HeadPane } from '../panes/HeadPane';
import { LiveText, MOST_LIVE_BYTES } from '../panes/LiveText';
import { TlsPane } from '../panes/TlsPane';
import { TutorialPane } from '../panes/TutorialPane';
import { bodySoFar, responseSoFar } from '../panes/so-far';
import { type Run, contentOctets, firstOctets } from '../run';
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

/** What came, in tabs: from when the head has come, as far as it has. */
export function Details({ run: { state, request } }: { run: Run }) {
  const [wanted, want] = useState('head');
  const panes = panesOf(state, idleMsOf(request));
  // The one that was looked at last, where this fetch has it too.
  const shown = panes.find(({ id }) => id === wanted) ?? panes[0];
  if (shown === undefined) return null;
  return (
    <Tabs label={say(TEXTS.label)} tabs={panes} chosen={shown.id} onChoose={want}>
      {shown.content()}
    </Tabs>
  );
}

function panesOf(state: FetchState, idleMs: number): Pane[] {
  const { result, problem, hops } = state;
  const index = hopIndex.value;
  const hop = hops[index]!;
  if (result !== null) return panesOfResult(result, hop, index, idleMs);
  if (problem !== null) return panesOfProblem(problem, hop, index);
  return panesSoFar(state, index);
}

/** Head and TLS are those of the exchange that is looked at. */
function panesOfResult(result: FetchResult, hop: HopState, index: number, idleMs: number): Pane[] {
  const exchange = result.hops[index] ?? result;
  return [
    headPane(exchange, hop),
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
    {
      id: 'tutorial',
      title: say(TEXTS.tutorial),
      content: () => <TutorialPane result={result} idleMs={idleMs} />,
    },
    jsonPane(result),
  ];
}

/** The exchange that failed has no head, at most a request; those before it have both. */
function panesOfProblem(problem: Problem, hop: HopState, index: number): Pane[] {
  const exchange = problem.hops[index];
  const tls = exchange === undefined ? hop.tls : exchange.connection.tls;
  return [
    ...(exchange !== undefined ? [headPane(exchange, hop)] : hop.request === null ? [] : [headSoFar(hop)]),
    ...(tls === null ? [] : [tlsPane(tls)]),
    jsonPane(problem),
  ];
}

/** What the events have told of an exchange that has no result: it runs, was cancelled, or cut. Of content the
 *  last one's alone is told. */
function panesSoFar({ hops, course }: FetchState, index: number): Pane[] {
  const hop = hops[index]!;
  const isRunning = course === 'running';
  const { head, request, tls } = hop;
  const isLast = index === hops.length - 1;
  if (!isRunning && head === null && request === null) return [];
  // While it runs both are there from the beginning: nothing moves when they have something to show.
  const body = (): ComponentChildren =>
    isRunning ? (
      <LiveText body={bodySoFar(head, hop)} octets={firstOctets(MOST_LIVE_BYTES)} />
    ) : (
      <BodyPane body={bodySoFar(head, hop)} octets={contentOctets()} />
    );
  return [
    headSoFar(hop),
    ...(isLast && (isRunning || head !== null)
      ? [{ id: 'body', title: say(TEXTS.body), content: body }]
      : []),
    ...(tls === null ? [] : [tlsPane(tls)]),
  ];
}

function headSoFar(hop: HopState): Pane {
  return { id: 'head', title: say(TEXTS.head), content: () => <HeadSoFar hop={hop} /> };
}

function HeadSoFar({ hop }: { hop: HopState }) {
  const { head, informational, warnings, request } = hop;
  const exchange = useMemo(
    () => (head === null ? null : responseSoFar(head, { informational, warnings })),
    [head, informational, warnings],
  );
  const received =
    head === null || exchange === null ? null : { exchange, rawHead: head.rawHead, headAtMs: headAtMs(hop) };
  const wasSent = hop.timings === null ? hop.marks.sent !== null : hop.timings.send !== null;
  return <HeadPane received={received} request={request} wasSent={wasSent || head !== null} />;
}

function headPane(exchange: Hop | FetchResult, hop: HopState): Pane {
  const received = { exchange, rawHead: exchange.rawHead, headAtMs: headAtMs(hop) };
  return {
    id: 'head',
    title: say(TEXTS.head),
    content: () => <HeadPane received={received} request={exchange.request} />,
  };
}

function headAtMs({ head, beganAtMs }: HopState): number | null {
  return head === null ? null : head.atMs - beganAtMs;
}

function tlsPane(tls: Tls | null): Pane {
  return { id: 'tls', title: say(TEXTS.tls), content: () => <TlsPane tls={tls} /> };
}

function jsonPane(value: object): Pane {
  return { id: 'json', title: say(TEXTS.json), content: () => <JsonPane value={value} /> };
}
