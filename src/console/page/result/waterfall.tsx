import type { FetchState, HopState } from '../fetch-state';
import { duration } from '../format';
import { type Said, say, sayWith } from '../language';
import { type Bar, PHASES, barsOf } from '../phases';
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
  const span = Math.max(1, ...ends) * HEADROOM;
  const ticks = ticksOf(span);
  const names = tickNames(ticks);
  return (
    <section class="panel" aria-labelledby="waterfall-title">
      <h3 id="waterfall-title">{say(TEXTS.title)}</h3>
      <div class="waterfall" data-testid="waterfall" data-span-ms={span}>
        <div class="waterfall-scale" aria-hidden="true">
          <svg>
            {ticks.map((tick, i) => (
              <text key={tick} x={`${(tick / span) * 100}%`} y="12">
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
                  <line key={tick} x1={`${(tick / span) * 100}%`} x2={`${(tick / span) * 100}%`} y2="100%" />
                ))}
                {bars.map((bar) => (
                  <BarRect key={bar.phase} bar={bar} now={now} span={span} />
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

function BarRect({ bar: { phase, fromMs, toMs }, now, span }: { bar: Bar; now: number; span: number }) {
  const end = Math.max(fromMs, toMs ?? now);
  return (
    <rect
      class={toMs === null ? `phase-${phase} open` : `phase-${phase}`}
      data-phase={phase}
      data-from-ms={fromMs}
      data-to-ms={toMs ?? ''}
      data-open={toMs === null}
      x={`${(fromMs / span) * 100}%`}
      y="15%"
      width={`${Math.max(LEAST_PERCENT, ((end - fromMs) / span) * 100)}%`}
      height="70%"
    />
  );
}

function Table({ rows, now }: { rows: readonly { hop: HopState; bars: readonly Bar[] }[]; now: number }) {
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={say(TEXTS.table)}>
      <table class="timings" role="table" data-testid="timings">
        <caption class="unseen">{say(TEXTS.table)}</caption>
        <thead role="rowgroup">
          <tr role="row">
            <th scope="col" role="columnheader">
              {say(TEXTS.exchange)}
            </th>
            {PHASES.map((phase) => (
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
              {PHASES.map((phase) => (
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
