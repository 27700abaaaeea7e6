import { computed, effect, signal } from '@preact/signals';
import type { FieldError } from './data';
import {
  type ConsoleRequest,
  type Draft,
  EMPTY_DRAFT,
  draftOf,
  requestOf,
  settingsOf,
  withScheme,
} from './draft';
import { keepInTab, kept, keep, keptInTab } from './keeping';
import { type Recent, readRecent, recentOf, remember } from './recent';
import { putAway, run, start } from './run';
import { fragmentOf, isBroken, requestInFragment } from './shared-request';

/** What the form holds, and what comes of sending it. */

const KEY = 'wirefetch.key';
const RECENT = 'wirefetch.recent';

export const draft = signal<Draft>(EMPTY_DRAFT);
export const apiKey = signal(keptInTab(KEY) ?? '');
export const recents = signal<readonly Recent[]>(readRecent(kept(RECENT)));

/** What a browser does not keep is known to this tab alone. */
let areKept = true;

/** The service wants a key, and has not had the right one. */
export const wantsKey = computed(() => run.value?.state.problem?.code === 'unauthorized');

/** The one that it had is not right. */
export const isKeyWrong = computed(() => wantsKey.value && run.value?.hadKey === true);

/** Mistakes that the service found in what was sent. */
export const mistakes = computed<readonly FieldError[]>(() => run.value?.state.problem?.errors ?? []);

/** The link that led here says nothing that can be read. */
export const isLinkBroken = signal(false);

/** http:// was put before the URL as it was sent. */
export const wasCompleted = signal(false);

export const areOptionsOpen = signal(false);

export function edit(change: Partial<Draft>): void {
  draft.value = { ...draft.value, ...change };
  isLinkBroken.value = false;
  if (change.url !== undefined) wasCompleted.value = false;
}

export function useKey(key: string): void {
  apiKey.value = key;
  keepInTab(KEY, key);
}

/** Takes a whole request: what it sets beyond the URL is named beside the options, which stay closed, because they would
 *  push the result out of view. Mistakes of another are shown no more. */
export function fill(request: ConsoleRequest): void {
  draft.value = draftOf(request);
  isLinkBroken.value = false;
  wasCompleted.value = false;
  if (mistakes.value.length > 0) putAway();
}

/** Takes the request of a link that led here, now and when another is followed. */
export function followFragment(): void {
  const take = (): void => {
    const request = requestInFragment(location.hash);
    if (request !== null) fill(request);
    else isLinkBroken.value = isBroken(location.hash);
  };
  take();
  addEventListener('hashchange', take);
}

/** Milliseconds: the browser takes no hundred addresses a second. */
const ADDRESS_LAGS_MS = 250;
/** Longer ones are no addresses any more. */
const LONGEST_FRAGMENT = 100_000;

/** Has the page's address say what the form does. */
export function followDraft(): void {
  let before = draft.value;
  effect(() => {
    const now = draft.value;
    if (now === before) return undefined;
    before = now;
    const timer = setTimeout(() => showInAddress(requestOf(now)), ADDRESS_LAGS_MS);
    return () => clearTimeout(timer);
  });
}

function showInAddress(request: ConsoleRequest): void {
  const isEmpty = request.url === '' && settingsOf(request).length === 0;
  const fragment = isEmpty ? '' : fragmentOf(request);
  const { pathname, search } = location;
  history.replaceState(null, '', `${pathname}${search}${fragment.length > LONGEST_FRAGMENT ? '' : fragment}`);
}

export function send(): void {
  const url = withScheme(draft.value.url);
  if (url !== draft.value.url) {
    draft.value = { ...draft.value, url };
    wasCompleted.value = true;
  }
  const request = requestOf(draft.value);
  showInAddress(request);
  void start(request, apiKey.value, (state) => {
    const recent = recentOf(request, state, Date.now());
    if (recent === null) return;
    // Another tab may have remembered others, or forgotten all.
    recents.value = remember(areKept ? readRecent(kept(RECENT)) : recents.value, recent);
    areKept = keep(RECENT, JSON.stringify(recents.value));
  });
}

/** Has this tab know what others remember and forget. */
export function followRecents(): void {
  addEventListener('storage', ({ key, newValue }) => {
    if (key === RECENT || key === null) recents.value = readRecent(key === null ? null : newValue);
  });
}

export function forgetRecents(): void {
  recents.value = [];
  keep(RECENT, null);
}
