import type { FetchResult, Hop, Problem } from '../data';
import { type ConsoleRequest, idleMsOf, totalMsOf } from '../draft';
import { ENDED_BY, INCOMPLETE } from '../ended-by';
import type { FetchState, HopState } from '../fetch-state';
import { duration, limit, octets, seconds } from '../format';
import { type Said, say, sayWith } from '../language';
import { phaseOf } from '../phases';
import { figuresOf, silenceOf } from '../reads';
import { type Run, nowMs } from '../run';
import { visibleStart } from '../unseen';
import { hopIndex } from './chosen-hop';
import { COMPLETE_WORDS, COURSE_WORDS } from './outcome-words';
import { PHASE_WORDS } from './phase-words';
import { TimeBeside } from './time-beside';

const TEXTS = {
  incomplete: { en: 'not complete: {why}', ko: '온전하지 않음: {why}' },
  endedBy: { en: 'Reading ended because {why}.', ko: '읽기 종료 이유: {why}.' },
  silent: { en: 'silent for {time}', ko: '{time} 동안 아무것도 오지 않음' },
  youEnded: { en: 'You cancelled it after {time}.', ko: '{time} 만에 직접 취소했습니다.' },
  serviceEnded: {
    en: 'The service’s answer broke off after {time}.',
    ko: '{time} 만에 서비스의 응답이 끊겼습니다.',
  },
  of: { en: 'exchange {n} of {among}', ko: '요청·응답 {among}번 중 {n}번째' },
  thisOne: { en: '{time} in this exchange', ko: '이 요청·응답은 {time}' },
  refused: { en: 'Refused, nothing sent', ko: '거부됨, 아무것도 보내지 않음' },
  time: { en: 'Time', ko: '시간' },
  received: { en: 'Received', ko: '받음' },
  head: { en: 'Head', ko: '헤더' },
  content: { en: 'Content', ko: '본문' },
  onTheWire: { en: '{bytes} on the wire', ko: '전송량 {bytes}' },
  version: { en: 'Version', ko: '버전' },
  peer: { en: 'Peer', ko: '상대' },
  warnings: { en: 'Warnings', ko: '경고' },
} as const satisfies Record<string, Said>;

/** characters of a reason phrase: it may be as long as a head */
const MOST_OF_REASON = 120;

/** How the fetch goes or went, in a line or two: of the exchange that is looked at. Its height stays as it is while the
 *  fetch runs. */
export function Summary({ run: { state, request, fault }, hasBegun }: { run: Run; hasBegun: boolean }) {
  const index = hopIndex.value;
  const hop = state.hops[index]!;
  const among = state.hops.length;
  const exchange = exchangeAt(state.result, index) ?? state.problem?.hops[index] ?? null;
  // The fault says the rest.
  const isUncalled = fault !== null && fault.code !== 'broken-off';
  const ended = isUncalled ? null : endedText(state, exchange, request);
  return (
    <div class="summary" data-testid="summary" data-status={hop.status ?? ''}>
      <p class="summary-status">
        <Outcome
          state={state}
          hop={hop}
          exchange={exchange}
          isLast={index === among - 1}
          isUncalled={isUncalled}
        />
        {among > 1 && (
          <span class="soft" data-testid="summary-of">
            {sayWith(TEXTS.of, { n: index + 1, among })}
          </span>
        )}
      </p>
      {ended !== null && (
        <p class="summary-ended" data-testid="ended-by" data-ended-by={exchange?.endedBy ?? ''}>
          {ended}
        </p>
      )}
      {hasBegun && <Facts state={state} hop={hop} exchange={exchange} />}
    </div>
  );
}

type Ended = Hop | FetchResult;

function exchangeAt(result: FetchResult | null, index: number): Ended | null {
  return result === null ? null : (result.hops[index] ?? result);
}

/** @returns who ended it and why; a blank while nobody knows, null where the problem says it */
function endedText(
  { course, atMs }: FetchState,
  exchange: Ended | null,
  request: ConsoleRequest,
): string | null {
  if (exchange !== null) {
    const limits = { idle: limit(idleMsOf(request)), total: limit(totalMsOf(request)) };
    return sayWith(TEXTS.endedBy, { why: sayWith(ENDED_BY[exchange.endedBy], limits) });
  }
  if (course === 'cancelled') return sayWith(TEXTS.youEnded, { time: seconds(atMs) });
  if (course === 'cut') return sayWith(TEXTS.serviceEnded, { time: seconds(atMs) });
  return course === 'problem' ? null : '\u00a0';
}

interface OutcomeProps {
  readonly state: FetchState;
  readonly hop: HopState;
  readonly exchange: Ended | null;
  readonly isLast: boolean;
  /** there was no service to fetch by */
  readonly isUncalled: boolean;
}

function Outcome({ state: { course, problem }, hop, exchange, isLast, isUncalled }: OutcomeProps) {
  if (course === 'running' && isLast) return <Doing hop={hop} />;
  return (
    <>
      {hop.status !== null && (
        <strong class="status" data-testid="status">
          {hop.status} {visibleStart(hop.statusText, MOST_OF_REASON)}
        </strong>
      )}
      {exchange !== null && <Completeness exchange={exchange} />}
      {course === 'problem' && isLast && (
        <span class="badge bad">{say(wasRefused(problem) ? TEXTS.refused : COURSE_WORDS.problem)}</span>
      )}
      {(course === 'cancelled' || course === 'cut') && isLast && (
        <span class="badge bad">{say(isUncalled ? COURSE_WORDS.problem : COURSE_WORDS[course])}</span>
      )}
    </>
  );
}

/** Nothing was sent: the service did not want to, or could not tell what. */
function wasRefused(problem: Problem | null): boolean {
  if (problem === null || problem.hops.length > 0 || (problem.timings?.send ?? null) !== null) return false;
  return problem.failureSource === 'policy' || problem.failureSource === 'client';
}

function Completeness({ exchange: { complete, error } }: { exchange: Ended }) {
  return (
    <span class={complete ? 'badge good' : 'badge warn'} data-testid="complete" data-complete={complete}>
      {complete || error === null
        ? say(COMPLETE_WORDS.complete)
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

function Facts({ state, hop, exchange }: { state: FetchState; hop: HopState; exchange: Ended | null }) {
  const { result, problem, course, hops } = state;
  const total = result?.timings.chainTotal ?? problem?.timings?.chainTotal ?? state.atMs;
  const warnings = exchange?.warnings.length ?? (problem?.warnings ?? hop.warnings).length;
  const wire =
    exchange !== null && exchange.body.wireBytes !== exchange.body.bytes ? exchange.body.wireBytes : null;
  const { head } = hop;
  const version = exchange?.httpVersion ?? head?.httpVersion;
  const received = figuresOf(hop).bytes;
  // What has come to nothing has no row of dashes.
  const isOver = course !== 'running';
  if (isOver && total === 0) return null;
  const has = (value: unknown): boolean => !isOver || (value !== null && value !== undefined && value !== 0);
  return (
    <dl class="facts facts-wide">
      <Fact label={TEXTS.time} id="time">
        {course === 'running' ? seconds(nowMs.value) : duration(total)}
        {hops.length > 1 && hop.timings !== null && course !== 'running' && (
          <small class="beside">{sayWith(TEXTS.thisOne, { time: duration(hop.timings.total) })}</small>
        )}
        {course !== 'running' && <TimeBeside hops={hops} />}
      </Fact>
      {has(received) && (
        <Fact label={TEXTS.received} id="received">
          {octets(received)}
        </Fact>
      )}
      {has(exchange ?? head) && (
        <>
          <Fact label={TEXTS.head} id="head-bytes">
            {octets(exchange?.headBytes ?? head?.headBytes ?? null)}
          </Fact>
          <Fact label={TEXTS.content} id="content-bytes">
            {octets(exchange?.body.bytes ?? hop.contentBytes)}
            {wire !== null && <small> {sayWith(TEXTS.onTheWire, { bytes: octets(wire) })}</small>}
          </Fact>
          <Fact label={TEXTS.version} id="http-version">
            {version === undefined ? '–' : `HTTP/${version}`}
          </Fact>
        </>
      )}
      {has(hop.remote) && (
        <Fact label={TEXTS.peer} id="remote">
          {hop.remote ?? '–'}
        </Fact>
      )}
      {has(exchange ?? head ?? warnings) && (
        <Fact label={TEXTS.warnings} id="warnings">
          {warnings}
        </Fact>
      )}
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
