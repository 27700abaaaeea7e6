import { availableParallelism, loadavg } from 'node:os';
import { PAGES, type Page } from './contract.mts';
import { median } from './verdict.mts';

/** One turn of one contestant. */
export interface Measurement {
  readonly round: number;
  readonly page: Page;
  readonly contestant: string;
  readonly perSecond: number;
  /** processor time of the contestant's process a fetch */
  readonly cpuMs: number;
  /** of the time that passed, how much of it the contestant was on a processor */
  readonly busy: number;
  readonly rssBytes: number;
}

/** Contestants that do the same; the first is ours. */
export interface Group {
  readonly title: string;
  readonly contestants: readonly string[];
}

const COLUMNS = ['fetches/s', 'spread', 'ratio', 'spread', 'CPU ms', 'ratio', 'spread', 'busy', 'RSS MiB'];
const NAME_WIDTH = 26;
const WIDTHS = [9, 12, 9, 12, 10, 8, 12, 7, 12];

/** @param atRest resident octets of each contestant before its first turn */
export function report(
  groups: readonly Group[],
  measurements: readonly Measurement[],
  atRest: ReadonlyMap<string, number>,
): string {
  const lines = [row('', COLUMNS)];
  for (const page of PAGES)
    for (const { title, contestants } of groups) {
      lines.push('', `${title}: ${page.title}`);
      const ours = turnsOf(measurements, page, contestants[0]!);
      for (const contestant of contestants) {
        const theirs = turnsOf(measurements, page, contestant);
        lines.push(row(`  ${contestant}`, figures(theirs, ours, atRest.get(contestant)!)));
      }
    }
  return lines.join('\n');
}

/** Where it is measured, and what the columns mean. */
export function legend(): string {
  const { versions, version, platform, arch } = process;
  const load = loadavg()[0]!.toFixed(1);
  return [
    `Node ${version} with undici ${versions['undici']}, ${platform} ${arch}, ${availableParallelism()} processors, load average ${load} at the start`,
    'Medians of the rounds; spread: from the least to the most. ratio: ours to theirs, round by round.',
    'CPU ms: processor time of the process a fetch. busy: its share of one processor; the origin and the callers',
    'are on the same machine. RSS: of the process before its first turn, and the most after a turn with the page.',
  ].join('\n');
}

function turnsOf(measurements: readonly Measurement[], page: Page, contestant: string): Measurement[] {
  return measurements
    .filter((measured) => measured.page === page && measured.contestant === contestant)
    .sort((a, b) => a.round - b.round);
}

function figures(theirs: readonly Measurement[], ours: readonly Measurement[], atRest: number): string[] {
  const rates = theirs.map(({ perSecond }) => perSecond);
  const costs = theirs.map(({ cpuMs }) => cpuMs);
  const isOurs = theirs[0] === ours[0];
  const ratios = (figureOf: (one: Measurement) => number): string[] => {
    if (isOurs) return ['', ''];
    const each = theirs.map((one, round) => figureOf(ours[round]!) / figureOf(one));
    return [median(each).toFixed(2), spread(each, 2)];
  };
  return [
    median(rates).toFixed(0),
    spread(rates, 0),
    ...ratios(({ perSecond }) => perSecond),
    median(costs).toFixed(3),
    ...ratios(({ cpuMs }) => cpuMs),
    `${(median(theirs.map(({ busy }) => busy)) * 100).toFixed(0)} %`,
    `${mebibytes(atRest)}, ${mebibytes(Math.max(...theirs.map(({ rssBytes }) => rssBytes)))}`,
  ];
}

function row(name: string, cells: readonly string[]): string {
  return (name.padEnd(NAME_WIDTH) + cells.map((cell, at) => cell.padStart(WIDTHS[at]!)).join('')).trimEnd();
}

function spread(values: readonly number[], digits: number): string {
  return `${Math.min(...values).toFixed(digits)}–${Math.max(...values).toFixed(digits)}`;
}

function mebibytes(bytes: number): string {
  return (bytes / 1_048_576).toFixed(0);
}
