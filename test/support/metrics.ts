/** One line of a scrape. */
export interface Series {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** What GET /metrics answered. */
export class Scrape {
  readonly series: readonly Series[];

  /** @throws Error for a line that is not of Prometheus' text format */
  constructor(text: string) {
    const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    this.series = lines.map(parse);
  }

  /** @returns the values of those series of a name that have these labels, summed; null when there are none */
  value(name: string, labels: Readonly<Record<string, string>> = {}): number | null {
    const found = this.series.filter(
      (series) =>
        series.name === name &&
        Object.entries(labels).every(([label, value]) => series.labels[label] === value),
    );
    return found.length === 0 ? null : found.reduce((sum, { value }) => sum + value, 0);
  }

  /** @returns the values that a label of a metric has */
  labelsOf(name: string, label: string): string[] {
    const values = this.series.filter((series) => series.name === name).map(({ labels }) => labels[label]);
    return [...new Set(values.filter((value) => value !== undefined))].sort();
  }
}

function parse(line: string): Series {
  const [, name, list = '', value] = /^([a-z_][a-z0-9_]*)(?:\{(.*)\})? (\S+)$/i.exec(line) ?? [];
  if (name === undefined) throw new Error(`no line of a scrape: ${line}`);
  const labels = [...list.matchAll(/([a-z_][a-z0-9_]*)="((?:[^"\\]|\\.)*)"(?:,|$)/gi)];
  if (labels.map(([pair]) => pair).join('') !== list) throw new Error(`no labels: ${list}`);
  return {
    name,
    labels: Object.fromEntries(labels.map(([, label, text]) => [label!, text!])),
    value: value === '+Inf' ? Infinity : Number(value),
  };
}
