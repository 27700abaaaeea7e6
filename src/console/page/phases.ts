import type { HopState } from './fetch-state';

/** The phases of an exchange, in their order. */
export const PHASES = ['dns', 'connect', 'tls', 'send', 'wait', 'receive'] as const;
export type Phase = (typeof PHASES)[number];

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

function exactBars({ timings, beganAtMs }: HopState): Bar[] {
  let at = beganAtMs;
  const bars: Bar[] = [];
  for (const phase of PHASES) {
    const took = timings?.[phase] ?? null;
    if (took === null) continue;
    bars.push({ phase, fromMs: at, toMs: at + took });
    at += took;
  }
  return bars;
}

function liveBars({ url, beganAtMs, marks }: HopState): Bar[] {
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
  const bars: Bar[] = [];
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
