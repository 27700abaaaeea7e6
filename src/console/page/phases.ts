import type { HopState } from './fetch-state';

/** The phases of an exchange, in their order. */
const TIMED = ['dns', 'connect', 'tls', 'send', 'wait', 'receive'] as const;
/** Before them the exchange waits for the service, which is no part of its time. */
export const PHASES = ['queue', ...TIMED] as const;
export type Phase = (typeof PHASES)[number];

/** Shorter waiting is for a processor and not for others' fetches, in milliseconds. */
export const SHORTEST_QUEUE_MS = 20;
/** While it runs, what is not told yet is measured here, and the way to the service with it. */
const SHORTEST_LIVE_QUEUE_MS = 100;

/** Part of the way of an exchange, in milliseconds since the fetch began. */
export interface Bar {
  readonly phase: Phase;
  readonly fromMs: number;
  /** null: under way */
  readonly toMs: number | null;
}

/** @returns how an exchange spent its time: by its exact timings when it is over, by its events until then */
export function barsOf(hop: HopState): Bar[] {
  return hop.timings === null ? liveBars(hop) : exactBars(hop);
}

/** @returns what an exchange is at; null when it is over */
export function phaseOf(hop: HopState): Phase | null {
  return barsOf(hop).find(({ toMs }) => toMs === null)?.phase ?? null;
}

/** Each ends when its event was told, as far as that is known: between two of them the service may have had to wait for
 *  its processor, which is no part of either. */
function exactBars(hop: HopState): Bar[] {
  const { timings, beganAtMs, marks, reads } = hop;
  const first = reads[0]?.atMs ?? Infinity;
  const ends: Readonly<Partial<Record<Phase, number | null>>> = {
    dns: marks.resolved,
    connect: marks.connected,
    tls: marks.secured,
    // That all was sent may be told after the first octet has come.
    send: marks.sent === null ? null : Math.min(marks.sent, first - (timings?.wait ?? 0)),
    wait: reads[0]?.atMs ?? null,
  };
  let at = beganAtMs;
  const bars = queueBars(hop, SHORTEST_QUEUE_MS);
  for (const phase of TIMED) {
    const took = timings?.[phase] ?? null;
    if (took === null) continue;
    const toMs = Math.max(at + took, ends[phase] ?? 0);
    bars.push({ phase, fromMs: toMs - took, toMs });
    at = toMs;
  }
  return bars;
}

function queueBars({ queueMs, beganAtMs }: HopState, shortestMs: number): Bar[] {
  if (queueMs === null || queueMs < shortestMs) return [];
  return [{ phase: 'queue', fromMs: beganAtMs - queueMs, toMs: beganAtMs }];
}

function liveBars(hop: HopState): Bar[] {
  const { url, beganAtMs, marks, queueMs } = hop;
  // Nothing has been told: whether it waits, is looked up or dialled, the service alone knows.
  if (beganAtMs === 0 && queueMs === null && Object.entries(marks).every(isNoProgress))
    return [{ phase: 'queue', fromMs: 0, toMs: marks.ended }];
  const isSecure = /^https:/i.test(url);
  const isNamed = !/^https?:\/\/(?:[\d.]+|\[[^\]]*\])(?:[:/?#]|$)/i.test(url);
  const ends: readonly (readonly [Phase, number | null])[] = [
    ...(isNamed ? [['dns', marks.resolved] as const] : []),
    ['connect', marks.connected],
    ...(isSecure ? [['tls', marks.secured] as const] : []),
    ['send', marks.sent],
    ['wait', marks.first],
    ['receive', null],
  ];
  // An answer may come before the request is sent: then the later mark tells that the earlier phases are over.
  const reached = ends.findLastIndex(([, end]) => end !== null) + 1;
  const bars = queueBars(hop, SHORTEST_LIVE_QUEUE_MS);
  let from = beganAtMs;
  for (const [phase, end] of ends.slice(0, reached)) {
    if (end === null) continue;
    bars.push({ phase, fromMs: from, toMs: Math.max(from, end) });
    from = Math.max(from, end);
  }
  const current = ends[reached];
  if (current !== undefined) bars.push({ phase: current[0], fromMs: from, toMs: marks.ended });
  return bars;
}

function isNoProgress([which, atMs]: [string, number | null]): boolean {
  return which === 'ended' || atMs === null;
}

/** Where the time of exchanges went that are over, in milliseconds. */
export interface Elapsed {
  readonly exchangesMs: number;
  /** no part of any limit */
  readonly queueMs: number;
  /** what the service did after one exchange and before the next */
  readonly betweenMs: number;
}

/** @returns null: not all of them are over */
export function elapsedOf(hops: readonly HopState[]): Elapsed | null {
  if (hops.some(({ timings }) => timings === null)) return null;
  const exchangesMs = hops.reduce((sum, { timings }) => sum + timings!.total, 0);
  const queueMs = hops.reduce((sum, hop) => sum + (hop.queueMs ?? 0), 0);
  const last = hops.at(-1)!;
  const sinceBegun = last.beganAtMs + last.timings!.total;
  const laterQueueMs = queueMs - (hops[0]!.queueMs ?? 0);
  return { exchangesMs, queueMs, betweenMs: Math.max(0, sinceBegun - exchangesMs - laterQueueMs) };
}
