import type { Warning } from '../data';
import { language } from '../language';
import { KOREAN_WARNINGS } from './warning-words';

/** What a warning says, in Korean where that is known. */
export function WarningMessage({ warning: { code, message } }: { readonly warning: Warning }) {
  const korean = language.value === 'ko' ? KOREAN_WARNINGS[code] : undefined;
  return korean === undefined ? <span lang="en">{message}</span> : <>{korean}</>;
}
