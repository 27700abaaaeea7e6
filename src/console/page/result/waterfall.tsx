import type { FetchState, HopState } from '../fetch-state';
import { duration } from '../format';
import { type Said, say, sayWith } from '../language';
import { type Bar, PHASES, type Phase, barsOf } from '../phases';
import { nowMs } from '../run';
import { chooseHop, hopIndex } from './chosen-hop';
import { PHASE_WORDS } from './phase-words';
import { tickNames, ticksOf } from './ticks';

const TEXTS = {
  title: { en: 'Waterfall', ko: '워터폴' },
  exchange: { en: 'Exchange', ko: '요청·응답' },
  total: { en: 'Total', ko: '합계' },
  running: { en: 'running', ko: '진행 중' },
  show: { en: 'Show exchange {n}', ko: '{n}번째 요청·응답 보기' },
  table: { en: 'Time of each phase', ko: '단계별 시간' },
} as const satisfies Record<string, Said>;

/** characters at the end of a URL that are seen whatever the room */
const TAIL = 14;
/** thinner bars could not be seen */
const LEAST_PERCENT = 0.35;
/** room for what is to come while it runs */
const HEADROOM = 1.04;

/** Where the time of each exchange went: bars on one scale, and the same as a table. */
export function Waterfall({ state }: { state: FetchState }) {
  const isRunning = state.course === 'running';
  const now = isRunning ? Math.max(nowMs.value, state.atMs) : state.atMs;
  const rows = state.hops.map((hop) => ({ hop, bars: barsOf(hop) }));
  const ends = rows.flatMap(({ bars }) => bars.map(({ toMs }) => toMs ?? now));
  const endMs = Math.max(1, ...ends) * HEADROOM;
  // What was waited in the queue lies before the beginning.
  const scale: Scale = {
    fromMs: Math.min(0, ...rows.flatMap(({ bars }) => bars.map(({ fromMs }) => fromMs))),
    endMs,
  };
  const ticks = ticksOf(endMs - scale.fromMs).filter((tick) => tick === 0 || tick <= endMs * 0.95);
  const names = tickNames(ticks);
  return (
    <section class="panel" aria-labelledby="waterfall-title">
      <h3 id="waterfall-title">{say(TEXTS.title)}</h3>
      <div class="waterfall" data-testid="waterfall" data-span-ms={endMs - scale.fromMs}>
        <div class="waterfall-scale" aria-hidden="true">
          <svg>
            {ticks.map((tick, i) => (
              <text key={tick} x={placeOf(tick, scale)} y="12" text-anchor={anchorOf(tick, scale)}>
                {names[i]}
              </text>
            ))}
          </svg>
        </div>
        <ol>
          {rows.map(({ hop, bars }, index) => (
            <li key={index} class={index === hopIndex.value ? 'chosen' : ''}>
              <HopName hop={hop} index={index} among={rows.length} />
              <svg
                class="waterfall-bars"
                aria-hidden="true"
                data-testid="waterfall-hop"
                data-hop={index}
                data-began-ms={hop.beganAtMs}
              >
                {ticks.map((tick) => (
                  <line key={tick} x1={placeOf(tick, scale)} x2={placeOf(tick, scale)} y2="100%" />
                ))}
                {bars.map((bar) => (
                  <BarRect key={bar.phase} bar={bar} now={now} scale={scale} />
                ))}
              </svg>
            </li>
          ))}
        </ol>
      </div>
      <Table rows={rows} now={now} />
    </section>
  );
}

/** In milliseconds since the fetch began. */
interface Scale {
  readonly fromMs: number;
  readonly endMs: number;
}

function placeOf(atMs: number, { fromMs, endMs }: Scale): string {
  return `${((atMs - fromMs) / (endMs - fromMs)) * 100}%`;
}

/** The name of a tick that stands at the end has its room before it. */
function anchorOf(atMs: number, { fromMs, endMs }: Scale): 'start' | 'end' {
  return (endMs - atMs) / (endMs - fromMs) < 0.1 ? 'end' : 'start';
}

function HopName({ hop, index, among }: { hop: HopState; index: number; among: number }) {
  const name = (
    <>
      <span class="hop-status">{hop.status ?? (hop.marks.ended === null ? '…' : '–')}</span>{' '}
      <span class="hop-url" title={hop.url}>
        <span>{hop.url.slice(0, -TAIL)}</span>
        <span>{hop.url.slice(-TAIL)}</span>
      </span>
    </>
  );
  if (among === 1) return <p class="hop-name wire">{name}</p>;
  return (
    <button
      type="button"
      class="hop-name wire"
      data-testid="choose-hop"
      aria-label={`${sayWith(TEXTS.show, { n: index + 1 })}: ${hop.status ?? ''} ${hop.url}`}
      aria-pressed={index === hopIndex.value}
      onClick={() => chooseHop(index)}
    >
      {name}
    </button>
  );
}

function BarRect({ bar: { phase, fromMs, toMs }, now, scale }: { bar: Bar; now: number; scale: Scale }) {
  const end = Math.max(fromMs, toMs ?? now);
  return (
    <rect
      class={toMs === null ? `phase-${phase} open` : `phase-${phase}`}
      data-phase={phase}
      data-from-ms={fromMs}
      data-to-ms={toMs ?? ''}
      data-open={toMs === null}
      x={placeOf(fromMs, scale)}
      y="15%"
      width={`${Math.max(LEAST_PERCENT, ((end - fromMs) / (scale.endMs - scale.fromMs)) * 100)}%`}
      height="70%"
    />
  );
}

interface Row {
  readonly hop: HopState;
  readonly bars: readonly Bar[];
}

/** @returns the columns: the queue has one where somebody waited there */
function phasesOf(rows: readonly Row[]): readonly Phase[] {
  const waited = rows.some(({ bars }) => bars.some(({ phase }) => phase === 'queue'));
  return PHASES.filter((phase) => phase !== 'queue' || waited);
}

function Table({ rows, now }: { rows: readonly Row[]; now: number }) {
  const phases = phasesOf(rows);
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={say(TEXTS.table)}>
      <table class="timings" role="table" data-testid="timings">
        <caption class="unseen">{say(TEXTS.table)}</caption>
        <thead role="rowgroup">
          <tr role="row">
            <th scope="col" role="columnheader">
              {say(TEXTS.exchange)}
            </th>
            {phases.map((phase) => (
              <th key={phase} scope="col" role="columnheader">
                <span class={`swatch phase-${phase}`} aria-hidden="true" />
                {say(PHASE_WORDS[phase].name)}
              </th>
            ))}
            <th scope="col" role="columnheader">
              {say(TEXTS.total)}
            </th>
          </tr>
        </thead>
        <tbody role="rowgroup">
          {rows.map(({ hop, bars }, index) => (
            <tr key={index} role="row">
              <th scope="row" role="rowheader" data-label={say(TEXTS.exchange)}>
                {index + 1}
              </th>
              {phases.map((phase) => (
                <td key={phase} role="cell" data-phase={phase} data-label={say(PHASE_WORDS[phase].name)}>
                  {cell(bars.find((bar) => bar.phase === phase))}
                </td>
              ))}
              <td role="cell" data-label={say(TEXTS.total)}>
                {duration(hop.timings?.total ?? (hop.marks.ended ?? now) - hop.beganAtMs)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function cell(bar: Bar | undefined): string {
  if (bar === undefined) return '–';
  return bar.toMs === null ? say(TEXTS.running) : duration(bar.toMs - bar.fromMs);
}
