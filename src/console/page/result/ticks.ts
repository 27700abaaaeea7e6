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
