import { computed } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';
import { announcementOf } from './announcement';
import { nowMs, run, shownRequest } from './run';

/** Phases that last shorter are not told: most are over before they could be. */
const WORTH_TELLING_MS = 1_500;

/** The clock runs each frame; what is told changes now and then. */
const text = computed(() => (run.value === null ? '' : announcementOf(run.value.state, nowMs.value).text));
const isUrgent = computed(() => run.value === null || announcementOf(run.value.state, nowMs.value).atOnce);

/** Tells who does not see the page how the fetch goes: its end and silence at once, what it is at when it stays there. */
export function Announcer() {
  const of = shownRequest.value;
  const [said, setSaid] = useState({ of, text: '' });
  useEffect(() => {
    const timer = setTimeout(() => setSaid({ of, text: text.value }), isUrgent.value ? 0 : WORTH_TELLING_MS);
    return () => clearTimeout(timer);
  }, [of, text.value, isUrgent.value]);
  return (
    <p class="unseen" role="status" aria-live="polite" data-testid="announcer">
      {/* Another fetch is told anew, be it in the same words. */}
      {said.of === of && said.text !== '' && <span key={numberOf(of)}>{said.text}</span>}
    </p>
  );
}

const numbers = new WeakMap<object, number>();
let last = 0;

/** @returns a number for each fetch */
function numberOf(of: object | undefined): number {
  if (of === undefined) return 0;
  const number = numbers.get(of) ?? ++last;
  numbers.set(of, number);
  return number;
}
