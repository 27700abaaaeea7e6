import type { Said } from '../language';

/** What a fetch came to, for who sees the page and who hears it. */

export const COMPLETE_WORDS = {
  complete: { en: 'complete', ko: '온전함' },
  incomplete: { en: 'not complete', ko: '온전하지 않음' },
} as const satisfies Record<string, Said>;

export const COURSE_WORDS = {
  problem: { en: 'Failed', ko: '실패' },
  cancelled: { en: 'Cancelled', ko: '취소됨' },
  cut: { en: 'Broken off', ko: '끊김' },
} as const satisfies Record<string, Said>;
