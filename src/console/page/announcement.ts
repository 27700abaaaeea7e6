import type { FetchState } from './fetch-state';
import { type Said, say, sayWith } from './language';
import { phaseOf } from './phases';
import { KOREAN_TITLES } from './problem-words';
import { silenceOf } from './reads';
import { COMPLETE_WORDS, COURSE_WORDS } from './result/outcome-words';
import { PHASE_WORDS } from './result/phase-words';

/** What is told to who does not see the page. */
export interface Announcement {
  readonly text: string;
  /** what lasts is told when it has lasted; the end, and silence, at once */
  readonly atOnce: boolean;
}

/** Silence is told when it has lasted so long, in milliseconds: as it goes on, not each second. */
const SILENCES_MS = [60_000, 15_000, 5_000, 1_000];

const TEXTS = {
  result: { en: 'Done: status {status}, {complete}.', ko: '끝: 상태 {status}, {complete}.' },
  problem: { en: '{failed}: {title}.', ko: '{failed}: {title}.' },
  silent: {
    en: 'Nothing has come for {n} {n:second|seconds}.',
    ko: '{n}초 동안 아무것도 오지 않았습니다.',
  },
} as const satisfies Record<string, Said>;

/** @param nowMs since the fetch began */
export function announcementOf(state: FetchState, nowMs: number): Announcement {
  if (state.course !== 'running') return { text: endOf(state), atOnce: true };
  const hop = state.hops.at(-1)!;
  const silence = silenceOf(hop, nowMs) ?? 0;
  const step = SILENCES_MS.find((ms) => silence >= ms);
  if (step !== undefined) return { text: sayWith(TEXTS.silent, { n: step / 1_000 }), atOnce: true };
  const phase = phaseOf(hop);
  return { text: phase === null ? '' : say(PHASE_WORDS[phase].doing), atOnce: false };
}

function endOf({ course, result, problem }: FetchState): string {
  if (result !== null) {
    const complete = say(result.complete ? COMPLETE_WORDS.complete : COMPLETE_WORDS.incomplete);
    return sayWith(TEXTS.result, { status: result.status, complete });
  }
  if (problem !== null) {
    const title = say({ en: problem.title, ko: KOREAN_TITLES[problem.code] ?? problem.title });
    return sayWith(TEXTS.problem, { failed: say(COURSE_WORDS.problem), title });
  }
  return course === 'cancelled' || course === 'cut' ? `${say(COURSE_WORDS[course])}.` : '';
}
