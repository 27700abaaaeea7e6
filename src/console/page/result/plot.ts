import uPlot from 'uplot';
import type { TimedSize } from '../fetch-state';
import { octets } from '../format';
import type { ReadSpan } from '../later-reads';
import type { Gap } from '../reads';
import { colour } from '../theme';
import { ROUND_STEPS, tickNames } from './ticks';

/** What is drawn beside the reads, in milliseconds since the exchange began. */
export interface PlotMarks {
  readonly gaps: readonly Gap[];
  /** where transfer chunks begin */
  readonly borders: readonly number[];
  readonly endMs: number;
}

/** more reads than this stand too close for dots */
const MOST_DOTS = 400;
const TICK_HEIGHT = 7;
const GAP_INSET = 3;
/** There is no half an octet. */
const WHOLE_OCTETS = ROUND_STEPS.filter((step) => step >= 1);

/** @param later a stem stands for the largest of each span */
export function plotData(
  reads: readonly TimedSize[],
  later: readonly ReadSpan[],
  beganAtMs: number,
): uPlot.AlignedData {
  return [
    [...reads.map(({ atMs }) => atMs - beganAtMs), ...later.map(({ firstAtMs }) => firstAtMs - beganAtMs)],
    [...reads.map(({ bytes }) => bytes), ...later.map(({ largest }) => largest)],
  ];
}

/** @param marks as they are when it is drawn */
export function makePlot(within: HTMLElement, marks: () => PlotMarks): uPlot {
  const [ink, line, read] = [colour('--ink-soft'), colour('--line'), colour('--phase-receive')];
  const [gap, border] = [colour('--gap'), colour('--phase-send')];
  const axis = { stroke: ink, grid: { stroke: line, width: 1 }, ticks: { stroke: line, width: 1, size: 4 } };
  const font = '11px system-ui, sans-serif';
  return new uPlot(
    {
      width: within.clientWidth,
      height: within.clientHeight,
      legend: { show: false },
      cursor: { drag: { x: false, y: false }, y: false },
      scales: {
        x: { time: false, range: () => [0, marks().endMs] },
        y: { range: (_, __, max) => [0, Math.max(1, (max ?? 0) * 1.1)] },
      },
      axes: [
        {
          ...axis,
          font,
          size: 28,
          incrs: [...ROUND_STEPS],
          values: (_, ticks) => tickNames(ticks),
          space: 70,
        },
        {
          ...axis,
          font,
          size: 64,
          incrs: WHOLE_OCTETS,
          values: (_, ticks) => ticks.map((tick) => octets(tick)),
          space: 36,
        },
      ],
      series: [
        {},
        {
          stroke: read,
          width: 1.5,
          paths: stems,
          points: { show: (plot) => plot.data[0].length <= MOST_DOTS, size: 5, fill: read, stroke: read },
        },
      ],
      hooks: {
        drawClear: [(plot) => shade(plot, marks().gaps, gap)],
        draw: [(plot) => tick(plot, marks().borders, border)],
      },
    },
    [[], []],
    within,
  );
}

/** A stem for each read, from nothing to its size. */
function stems(plot: uPlot, series: number, from: number, to: number): uPlot.Series.Paths {
  const stroke = new Path2D();
  const [times, sizes] = [plot.data[0], plot.data[series]!];
  const floor = plot.valToPos(0, 'y', true);
  for (let i = from; i <= to; i++) {
    const x = plot.valToPos(times[i]!, 'x', true);
    stroke.moveTo(x, floor);
    stroke.lineTo(x, plot.valToPos(sizes[i] ?? 0, 'y', true));
  }
  return { stroke };
}

function shade(plot: uPlot, gaps: readonly Gap[], fill: string): void {
  const { top, height } = plot.bbox;
  // Two of them with a read in between are two.
  const inset = GAP_INSET * uPlot.pxRatio;
  plot.ctx.fillStyle = fill;
  for (const { fromMs, toMs } of gaps) {
    const x = plot.valToPos(fromMs, 'x', true) + inset;
    const width = plot.valToPos(toMs, 'x', true) - inset - x;
    if (width > 0) plot.ctx.fillRect(x, top, width, height);
  }
}

/** Marks the borders at the floor, where they do not hide reads. */
function tick(plot: uPlot, borders: readonly number[], fill: string): void {
  const { ctx, bbox } = plot;
  const floor = bbox.top + bbox.height;
  const tall = TICK_HEIGHT * uPlot.pxRatio;
  ctx.fillStyle = fill;
  ctx.beginPath();
  for (const atMs of borders) {
    const x = plot.valToPos(atMs, 'x', true);
    ctx.moveTo(x - tall / 2, floor + tall);
    ctx.lineTo(x, floor);
    ctx.lineTo(x + tall / 2, floor + tall);
    ctx.closePath();
  }
  ctx.fill();
}
