import type { FetchResult } from '../data';
import { ENDED_BY, INCOMPLETE } from '../ended-by';
import type { FetchState, HopState } from '../fetch-state';
import { duration, octets, seconds } from '../format';
import { type Said, say, sayWith } from '../language';
import { phaseOf } from '../phases';
import { figuresOf, silenceOf } from '../reads';
import { type Run, nowMs } from '../run';
import { visibleStart } from '../unseen';
import { PHASE_WORDS } from './phase-words';
import { TimeBeside } from './time-beside';

const TEXTS = {
  complete: { en: 'complete', ko: '완전함' },
  incomplete: { en: 'not complete: {why}', ko: '불완전함: {why}' },
  endedBy: { en: 'Reading ended because {why}.', ko: '읽기 종료 이유: {why}.' },
  silent: { en: 'silent for {time}', ko: '{time} 동안 아무것도 오지 않음' },
  cancelled: { en: 'Cancelled', ko: '취소됨' },
  cut: { en: 'Broken off', ko: '끊김' },
  problem: { en: 'Failed', ko: '실패' },
  time: { en: 'Time', ko: '시간' },
  received: { en: 'Received', ko: '받음' },
  head: { en: 'Head', ko: '헤더' },
  content: { en: 'Content', ko: '본문' },
  onTheWire: { en: '{bytes} on the wire', ko: '회선에서 {bytes}' },
  version: { en: 'Version', ko: '버전' },
  peer: { en: 'Peer', ko: '상대' },
  warnings: { en: 'Warnings', ko: '경고' },
} as const satisfies Record<string, Said>;

/** characters of a reason phrase: it may be as long as a head */
const MOST_OF_REASON = 120;

/** How the fetch goes or went, in a line or two. Its height stays as it is while the fetch runs. */
export function Summary({ run: { state }, hasBegun }: { run: Run; hasBegun: boolean }) {
  const hop = state.hops.at(-1)!;
  const { result } = state;
  return (
    <div class="summary" data-testid="summary" data-status={hop.status ?? ''}>
      <p class="summary-status">
        <Outcome state={state} hop={hop} />
      </p>
      {hasBegun && (
        <>
          <p class="summary-ended" data-testid="ended-by" data-ended-by={result?.endedBy ?? ''}>
            {result === null ? '\u00a0' : sayWith(TEXTS.endedBy, { why: say(ENDED_BY[result.endedBy]) })}
          </p>
          <Facts state={state} hop={hop} />
        </>
      )}
    </div>
  );
}

function Outcome({ state, hop }: { state: FetchState; hop: HopState }) {
  const { result, course } = state;
  if (course === 'running') return <Doing hop={hop} />;
  return (
    <>
      {hop.status !== null && (
        <strong class="status" data-testid="status">
          {hop.status} {visibleStart(hop.statusText, MOST_OF_REASON)}
        </strong>
      )}
      {result !== null && <Completeness result={result} />}
      {course !== 'result' && <span class="badge bad">{say(TEXTS[course])}</span>}
    </>
  );
}

function Completeness({ result: { complete, error } }: { result: FetchResult }) {
  return (
    <span class={complete ? 'badge good' : 'badge warn'} data-testid="complete" data-complete={complete}>
      {complete || error === null
        ? say(TEXTS.complete)
        : sayWith(TEXTS.incomplete, { why: say(INCOMPLETE[error.code]) })}
    </span>
  );
}

function Doing({ hop }: { hop: HopState }) {
  const phase = phaseOf(hop) ?? 'queue';
  const silence = silenceOf(hop, nowMs.value);
  return (
    <>
      {hop.status !== null && (
        <strong class="status" data-testid="status">
          {hop.status} {visibleStart(hop.statusText, MOST_OF_REASON)}
        </strong>
      )}
      <span class={`badge doing phase-${phase}`} data-testid="doing" data-phase={phase}>
        {say(PHASE_WORDS[phase].doing)}
      </span>
      {silence !== null && (
        <span class="badge warn" data-testid="silence" data-ms={Math.round(silence)}>
          {sayWith(TEXTS.silent, { time: seconds(silence) })}
        </span>
      )}
    </>
  );
}

function Facts({ state, hop }: { state: FetchState; hop: HopState }) {
  const { result, problem } = state;
  const total = result?.timings.chainTotal ?? problem?.timings?.chainTotal ?? state.atMs;
  const warnings = result?.warnings.length ?? problem?.warnings.length ?? hop.warnings;
  const wire = result !== null && result.body.wireBytes !== result.body.bytes ? result.body.wireBytes : null;
  return (
    <dl class="facts facts-wide">
      <Fact label={TEXTS.time} id="time">
        {state.course === 'running' ? seconds(nowMs.value) : duration(total)}
        {state.course !== 'running' && <TimeBeside hops={state.hops} />}
      </Fact>
      <Fact label={TEXTS.received} id="received">
        {octets(figuresOf(hop).bytes)}
      </Fact>
      <Fact label={TEXTS.head} id="head-bytes">
        {octets(result?.headBytes ?? null)}
      </Fact>
      <Fact label={TEXTS.content} id="content-bytes">
        {octets(result?.body.bytes ?? hop.contentBytes)}
        {wire !== null && <small> {sayWith(TEXTS.onTheWire, { bytes: octets(wire) })}</small>}
      </Fact>
      <Fact label={TEXTS.version} id="http-version">
        {result === null ? '–' : `HTTP/${result.httpVersion}`}
      </Fact>
      <Fact label={TEXTS.peer} id="remote">
        {hop.remote ?? '–'}
      </Fact>
      <Fact label={TEXTS.warnings} id="warnings">
        {warnings}
      </Fact>
    </dl>
  );
}

function Fact({ label, id, children }: { label: Said; id: string; children: preact.ComponentChildren }) {
  return (
    <div>
      <dt>{say(label)}</dt>
      <dd data-testid={`fact-${id}`}>{children}</dd>
    </div>
  );
}
