import { computed, signal } from '@preact/signals';
import type { FieldError } from './data';
import { type Draft, EMPTY_DRAFT, draftOf, requestOf } from './draft';
import { keepInTab, kept, keep, keptInTab } from './keeping';
import { type Recent, readRecent, recentOf, remember } from './recent';
import { run, start } from './run';
import { fragmentOf, requestInFragment } from './shared-request';

/** What the form holds, and what comes of sending it. */

const KEY = 'wirefetch.key';
const RECENT = 'wirefetch.recent';

export const draft = signal<Draft>(EMPTY_DRAFT);
export const apiKey = signal(keptInTab(KEY) ?? '');
export const recents = signal<readonly Recent[]>(readRecent(kept(RECENT)));

/** The service wants a key, and has not had the right one. */
export const wantsKey = computed(() => run.value?.state.problem?.code === 'unauthorized');

/** Mistakes that the service found in what was sent. */
export const mistakes = computed<readonly FieldError[]>(() => run.value?.state.problem?.errors ?? []);

export function edit(change: Partial<Draft>): void {
  draft.value = { ...draft.value, ...change };
}

export function useKey(key: string): void {
  apiKey.value = key;
  keepInTab(KEY, key);
}

export function fill(filled: Draft): void {
  draft.value = filled;
}

/** Takes the request of a link that led here, now and when another is followed. */
export function followFragment(): void {
  const take = (): void => {
    const request = requestInFragment(location.hash);
    if (request !== null) fill(draftOf(request));
  };
  take();
  addEventListener('hashchange', take);
}

export function send(): void {
  const request = requestOf(draft.value);
  history.replaceState(null, '', fragmentOf(request));
  void start(request, apiKey.value, (state) => {
    const recent = recentOf(request, state, Date.now());
    if (recent === null) return;
    recents.value = remember(recents.value, recent);
    keep(RECENT, JSON.stringify(recents.value));
  });
}

export function forgetRecents(): void {
  recents.value = [];
  keep(RECENT, null);
}
