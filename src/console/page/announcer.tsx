import { useEffect, useState } from 'preact/hooks';
import type { FetchState } from './fetch-state';
import { type Said, say, sayWith } from './language';
import { phaseOf } from './phases';
import { KOREAN_TITLES } from './problem-words';
import { run } from './run';
import { PHASE_WORDS } from './result/phase-words';

/** Phases that last shorter are not told: most are over before they could be. */
const WORTH_TELLING_MS = 1_500;

const TEXTS = {
  result: { en: 'Done: status {status}, {complete}.', ko: '끝: 상태 {status}, {complete}.' },
  complete: { en: 'complete', ko: '온전함' },
  incomplete: { en: 'not complete', ko: '온전하지 않음' },
  problem: { en: 'Failed: {title}.', ko: '실패: {title}.' },
  cancelled: { en: 'Cancelled.', ko: '취소됨.' },
  cut: { en: 'The service broke off.', ko: '서비스와의 연결이 끊김.' },
} as const satisfies Record<string, Said>;

/** Tells who does not see the page how the fetch goes: its end at once, what it is at when it stays there. */
export function Announcer() {
  const now = run.value === null ? '' : spoken(run.value.state);
  const [said, setSaid] = useState('');
  const isOver = run.value?.state.course !== 'running';
  useEffect(() => {
    const timer = setTimeout(() => setSaid(now), isOver ? 0 : WORTH_TELLING_MS);
    return () => clearTimeout(timer);
  }, [now, isOver]);
  return (
    <p class="unseen" role="status" aria-live="polite" data-testid="announcer">
      {said}
    </p>
  );
}

function spoken({ course, hops, result, problem }: FetchState): string {
  if (course === 'result' && result !== null)
    return sayWith(TEXTS.result, {
      status: result.status,
      complete: say(result.complete ? TEXTS.complete : TEXTS.incomplete),
    });
  if (course === 'problem' && problem !== null)
    return sayWith(TEXTS.problem, {
      title: say({ en: problem.title, ko: KOREAN_TITLES[problem.code] }),
    });
  if (course === 'cancelled') return say(TEXTS.cancelled);
  if (course === 'cut') return say(TEXTS.cut);
  const phase = phaseOf(hops.at(-1)!);
  return phase === null ? '' : say(PHASE_WORDS[phase].doing);
}
