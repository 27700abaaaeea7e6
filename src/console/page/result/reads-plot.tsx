import { useEffect, useMemo, useRef } from 'preact/hooks';
import type uPlot from 'uplot';
import type { HopState } from '../fetch-state';
import { count, duration, octets } from '../format';
import { type Said, say, sayWith } from '../language';
import { endOf, figuresOf, gapsOf, silenceAtEnd } from '../reads';
import { nowMs } from '../run';
import { repaints } from '../theme';
import { type PlotMarks, makePlot, plotData } from './plot';

const TEXTS = {
  plot: {
    en: '{reads} {reads:read|reads} over time, {bytes} in all; {gaps} long {gaps:gap|gaps}',
    ko: '시간에 따른 읽기 {reads}번, 모두 {bytes}. 긴 간격 {gaps}번',
  },
  read: { en: 'a read', ko: '읽기' },
  chunk: { en: 'a transfer chunk begins', ko: '전송 청크 시작' },
  later: {
    en: 'after the first {n} reads: the largest of each {width}',
    ko: '처음 {n}번 뒤로는 {width}마다 가장 큰 읽기',
  },
  gap: { en: 'a long gap', ko: '긴 간격' },
} as const satisfies Record<string, Said>;

/** The reads of an exchange: time across, octets up. */
export function ReadsPlot({ hop }: { hop: HopState }) {
  const frame = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const marks = useRef<PlotMarks>({ gaps: [], borders: [], endMs: 1 });
  const { reads, transferChunks, beganAtMs } = hop;
  const { spans, widthMs } = hop.laterReads;
  const endAtMs = endOf(hop, hop.marks.ended === null ? nowMs.value : 0);
  const endMs = endAtMs - beganAtMs;
  const between = useMemo(() => gapsOf(reads, spans), [reads, spans]);
  const silence = silenceAtEnd(hop, endAtMs);
  const gaps = silence === null ? between : [...between, silence];
  marks.current = {
    gaps: gaps.map(({ fromMs, toMs }) => ({ fromMs: fromMs - beganAtMs, toMs: toMs - beganAtMs })),
    borders: transferChunks.map(({ atMs }) => atMs - beganAtMs),
    endMs: Math.max(1, endMs),
  };

  useEffect(() => {
    const within = frame.current!;
    const made = makePlot(within, () => marks.current);
    plot.current = made;
    made.setData(plotData(reads, spans, beganAtMs));
    const observer = new ResizeObserver(() =>
      made.setSize({ width: within.clientWidth, height: within.clientHeight }),
    );
    observer.observe(within);
    return () => {
      observer.disconnect();
      made.destroy();
      plot.current = null;
    };
    // Its colours are set once.
  }, [repaints.value]);

  useEffect(() => plot.current?.setData(plotData(reads, spans, beganAtMs)), [reads, spans, beganAtMs]);
  useEffect(() => plot.current?.setScale('x', { min: 0, max: marks.current.endMs }), [endMs, reads, spans]);

  const { count: all, bytes } = figuresOf(hop);
  return (
    <div class="reads-plot">
      <div
        ref={frame}
        class="plot"
        role="img"
        data-testid="reads-plot"
        data-reads={reads.length}
        data-octets={bytes}
        data-later-spans={spans.length}
        data-all-reads={all}
        data-gaps={gaps.length}
        data-first-at-ms={reads[0]?.atMs}
        data-transfer-chunks={transferChunks.length}
        aria-label={sayWith(TEXTS.plot, {
          reads: count(all),
          bytes: octets(bytes),
          gaps: gaps.length,
        })}
      />
      <ul class="legend">
        <li>
          <span class="swatch phase-receive" aria-hidden="true" />
          {say(TEXTS.read)}
          {spans.length > 0 && (
            <span data-testid="later-reads">
              , {sayWith(TEXTS.later, { n: count(reads.length), width: duration(widthMs) })}
            </span>
          )}
        </li>
        <li>
          <span class="swatch swatch-border" aria-hidden="true" />
          {say(TEXTS.chunk)}
        </li>
        <li>
          <span class="swatch swatch-gap" aria-hidden="true" />
          {say(TEXTS.gap)}
        </li>
      </ul>
    </div>
  );
}
