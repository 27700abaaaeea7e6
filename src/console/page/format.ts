/** Numbers as people read them. The digits are the same in both languages. */

const WHOLE = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const TENTHS = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 });
const UNITS = ['KiB', 'MiB', 'GiB'] as const;
const NONE = '–';

export function count(number: number | null): string {
  return number === null ? NONE : WHOLE.format(number);
}

/** @param ms milliseconds */
export function duration(ms: number | null): string {
  if (ms === null) return NONE;
  if (ms === 0) return '0 ms';
  if (ms < 1) return `${ms.toFixed(2)} ms`;
  if (ms < 100) return `${ms.toFixed(1)} ms`;
  return ms < 1_000 ? `${WHOLE.format(ms)} ms` : `${(ms / 1_000).toFixed(2)} s`;
}

/** @param ms a limit, as people set it: 4 s, 250 ms */
export function limit(ms: number): string {
  return ms < 1_000 ? `${ms} ms` : `${ms / 1_000} s`;
}

/** a duration that runs: to tenths of a second */
export function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}

export function octets(bytes: number | null): string {
  if (bytes === null) return NONE;
  if (bytes < 100_000) return `${TENTHS.format(bytes)} B`;
  let [scaled, unit] = [bytes / 1_024, 0];
  while (scaled >= 1_024 && unit < UNITS.length - 1) [scaled, unit] = [scaled / 1_024, unit + 1];
  return `${TENTHS.format(scaled)} ${UNITS[unit]}`;
}

/** an upper bound of a bucket: a power of two */
export function power(le: number): string {
  if (le < 1_024) return String(le);
  return le < 1_048_576 ? `${le / 1_024} Ki` : `${le / 1_048_576} Mi`;
}

export function rate(bytesPerSecond: number | null): string {
  return bytesPerSecond === null ? NONE : `${octets(bytesPerSecond)}/s`;
}
