import { computed, effect, signal } from '@preact/signals';
import { call } from './call';
import type { FetchEvent } from './data';
import type { ConsoleRequest } from './draft';
import { type FetchState, begin, breakOff, foldAll, refuse, waited } from './fetch-state';
import { type Fault, faultOf } from './fault';
import { OctetPieces } from './octet-pieces';

/** The one fetch that the page shows. What comes is gathered, and drawn once a frame. */

export interface Run {
  readonly request: ConsoleRequest;
  /** a key went with it */
  readonly hadKey: boolean;
  readonly state: FetchState;
  /** why the service could not be talked to */
  readonly fault: Fault | null;
}

export const run = signal<Run | null>(null);

/** What it fetches: another object for each fetch, be it the same request. */
export const shownRequest = computed(() => run.value?.request);

/** Milliseconds since the fetch began, by this machine's clock; of the last event when it is over. */
export const nowMs = signal(0);

/** The content received so far. No signal: nobody draws octets as they come. */
let pieces = new OctetPieces();
let abort: AbortController | null = null;
/** of the fetch that is shown */
let clock: Clock;

/** events that wait for the next frame; more are taken at once, for a page in the background has no frames */
const MOST_WAITING = 4_000;
const SLOW_CLOCK_MS = 250;

/** @returns the beginning of it, no more than so many */
export function firstOctets(most: number): Uint8Array<ArrayBuffer> {
  return pieces.first(most);
}

export function contentOctets(): Uint8Array<ArrayBuffer> {
  return pieces.joined();
}

export function cancel(): void {
  if (isRunning()) abort?.abort();
}

/** Shows none; one that runs goes on. */
export function putAway(): void {
  if (!isRunning()) run.value = null;
}

export function isRunning(): boolean {
  return run.value?.state.course === 'running';
}

/** Fetches, and has the page follow. A fetch that is under way is cancelled.
 *  @param ended told once, when it is over */
export async function start(
  request: ConsoleRequest,
  key: string,
  ended: (state: FetchState) => void,
): Promise<void> {
  cancel();
  const mine = new AbortController();
  abort = mine;
  const content = new OctetPieces();
  pieces = content;
  nowMs.value = 0;
  const time = new Clock();
  clock = time;
  let state = begin(request.url);
  let waiting: FetchEvent[] = [];
  let frame = 0;
  const isShown = (): boolean => abort === mine;
  const show = (fault: Fault | null = null): void => {
    cancelAnimationFrame(frame);
    frame = 0;
    state = foldAll(state, waiting);
    waiting = [];
    if (isShown()) run.value = { request, hadKey: key !== '', state, fault };
  };
  show();
  try {
    await call(request, key, mine.signal, {
      event: (event) => {
        const waitedMs = time.heard(event.atMs);
        if (waitedMs !== null) state = waited(state, waitedMs);
        waiting.push(event);
        if (waiting.length >= MOST_WAITING) show();
        else if (frame === 0) frame = requestAnimationFrame(() => show());
      },
      content: (octets) => content.add(octets),
      refusal: (problem) => {
        state = refuse(state, problem);
      },
    });
    state = breakOff(foldAll(state, waiting), 'cut', time.now());
    waiting = [];
    show(state.course === 'cut' ? { code: 'broken-off', detail: null } : null);
  } catch (error) {
    const { aborted } = mine.signal;
    // Whatever went wrong here: nobody listens any more.
    mine.abort();
    state = breakOff(foldAll(state, waiting), aborted ? 'cancelled' : 'cut', time.now());
    waiting = [];
    show(aborted ? null : faultOf(error));
  }
  if (isShown()) nowMs.value = state.atMs;
  ended(state);
}

/** Tells what the service's clock says, by ours. The service's begins when its first exchange does. */
class Clock {
  private readonly madeAt = performance.now();
  private began: number | null = null;

  /** Events are late by what their way took: the earliest is the closest.
   *  @returns at the first event for how long it was waited for the service, else null */
  heard(atMs: number): number | null {
    const began = performance.now() - atMs;
    const isFirst = this.began === null;
    this.began = Math.min(this.began ?? began, began);
    return isFirst ? Math.max(0, began - this.madeAt) : null;
  }

  /** Until the first event it runs from where the call began. */
  now(): number {
    return performance.now() - (this.began ?? this.madeAt);
  }
}

const running = computed(isRunning);

/** Moves the clock of what is drawn, each frame, or four times a second for who wants no motion. */
export function keepTime(): void {
  const still = matchMedia('(prefers-reduced-motion: reduce)');
  effect(() => {
    if (!running.value) return;
    let drawn = 0;
    let frame = requestAnimationFrame(function tick(at) {
      if (!still.matches || at - drawn >= SLOW_CLOCK_MS) {
        drawn = at;
        nowMs.value = clock.now();
      }
      frame = requestAnimationFrame(tick);
    });
    return () => cancelAnimationFrame(frame);
  });
}
