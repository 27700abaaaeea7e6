/** Figures and what they are held against, for benchmarks that promise something. */

/** kept: null when nothing was promised */
export type Row = readonly [what: string, figure: string, kept: boolean | null];

/** Prints each with its verdict.
 *  @returns whether every promise was kept */
export function judge(rows: readonly Row[]): boolean {
  for (const [what, figure, kept] of rows) {
    const verdict = kept === null ? '' : kept ? 'kept' : 'BROKEN';
    process.stdout.write(`${what.padEnd(44)}${verdict.padEnd(8)}${figure}\n`);
  }
  return rows.every(([, , kept]) => kept !== false);
}

export function ascending(values: readonly number[]): number[] {
  return [...values].sort((one, other) => one - other);
}

/** Nearest-rank.
 *  @param sorted ascending */
export function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Infinity;
}

export function median(values: readonly number[]): number {
  const sorted = ascending(values);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

export function ms(value: number): string {
  return `${value.toFixed(1)} ms`;
}

export function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** @throws RangeError that names the option */
export function within(name: string, value: number, min: number, max: number): number {
  if (value >= min && value <= max) return value;
  throw new RangeError(`--${name} is from ${min} to ${max}`);
}
