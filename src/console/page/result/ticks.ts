const MOST_TICKS = 5;

/** @returns round times up to the end of a scale, so few that their names have room */
export function ticksOf(spanMs: number): number[] {
  const rough = spanMs / MOST_TICKS;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10);
  return Array.from({ length: Math.floor(spanMs / step) + 1 }, (_, i) => i * step).filter(
    // The last one's name would stand out beyond the scale.
    (tick) => tick <= spanMs * 0.95,
  );
}

/** Steps whose multiples have few digits, in milliseconds: a microsecond to hours. */
export const ROUND_STEPS: readonly number[] = Array.from({ length: 12 }, (_, i) => i - 3).flatMap((power) =>
  [1, 2, 5].map((factor) => Number(`${factor}e${power}`)),
);

/** @param ticks milliseconds, a step apart
 *  @returns their names in one unit, with as many digits as tell them apart */
export function tickNames(ticks: readonly number[]): string[] {
  const last = ticks.at(-1) ?? 0;
  const [unit, scale] = last < 1_000 ? ['ms', 1] : ['s', 1_000];
  const step = ticks.length < 2 ? last : ticks[1]! - ticks[0]!;
  const digits = step <= 0 ? 0 : Math.min(6, Math.max(0, -Math.floor(Math.log10(step / scale) + 1e-9)));
  return ticks.map((tick) => `${(tick / scale).toFixed(digits)} ${unit}`);
}
