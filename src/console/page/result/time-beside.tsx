import type { HopState } from '../fetch-state';
import { duration } from '../format';
import { type Said, sayWith } from '../language';
import { SHORTEST_QUEUE_MS, elapsedOf } from '../phases';

const TEXTS = {
  queue: { en: '{time} in the queue before', ko: '그 전에 대기열 {time}' },
  between: { en: '{time} between exchanges', ko: '요청·응답 사이 {time}' },
} as const satisfies Record<string, Said>;

/** what is shorter is nobody's concern, in milliseconds */
const SHORTEST_BETWEEN_MS = 1;

/** What the waterfall shows and no exchange took: it is no part of the time of the chain. */
export function TimeBeside({ hops }: { hops: readonly HopState[] }) {
  const elapsed = elapsedOf(hops);
  if (elapsed === null) return null;
  const parts = [
    [elapsed.queueMs, SHORTEST_QUEUE_MS, TEXTS.queue],
    [elapsed.betweenMs, SHORTEST_BETWEEN_MS, TEXTS.between],
  ] as const;
  return (
    <>
      {parts
        .filter(([ms, shortest]) => ms >= shortest)
        .map(([ms, , text]) => (
          <small key={text.en} class="beside" data-testid="time-beside">
            + {sayWith(text, { time: duration(ms) })}
          </small>
        ))}
    </>
  );
}
