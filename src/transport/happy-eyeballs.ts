import type { ResolvedAddress } from './hosts-file';

/** RFC 8305 §5: Connection Attempt Delay, "recommended ... 250 milliseconds" */
export const ATTEMPT_DELAY_MS = 250;

/** Something that is being connected to. */
export interface Dialling<Connected> {
  readonly connected: Promise<Connected>;
  /** Gives up; the promise need not settle any more.
   *  @param why the code that ended it */
  abandon(why: string): void;
}

/** What the attempts that lost are told. */
export const LOST_RACE = 'lost-race';

/** Puts addresses in the order in which they are tried: families take turns, the first keeps its place.
 *  @see RFC 8305 §4, with a First Address Family Count of 1 */
export function interleaved(addresses: readonly ResolvedAddress[]): readonly ResolvedAddress[] {
  const [first] = addresses;
  const ones = addresses.filter(({ family }) => family === first?.family);
  const others = addresses.filter(({ family }) => family !== first?.family);
  return ones
    .flatMap((one, index) => [one, ...others.slice(index, index + 1)])
    .concat(others.slice(ones.length));
}

/** Dials one candidate after the other, the next when an attempt fails or `delayMs` has passed; attempts go on
 *  beside each other, and the first that connects wins. The others are abandoned.
 *  Not the runtime's autoSelectFamily, which gives an attempt up when the next begins: on a slow network it never
 *  connects.
 *  @returns a promise that rejects with the last failure when none has connected
 *  @see RFC 8305 §5 */
export function race<Candidate, Connected>(
  candidates: readonly Candidate[],
  dial: (candidate: Candidate) => Dialling<Connected>,
  delayMs: number = ATTEMPT_DELAY_MS,
): Dialling<Connected> {
  const running = new Set<Dialling<Connected>>();
  const waiting = [...candidates];
  let timer: NodeJS.Timeout | undefined;
  let over = false;

  const abandon = (why: string): void => {
    over = true;
    clearTimeout(timer);
    for (const attempt of running) attempt.abandon(why);
    running.clear();
  };

  const connected = new Promise<Connected>((resolve, reject) => {
    const settle = async (attempt: Dialling<Connected>): Promise<void> => {
      try {
        const winner = await attempt.connected;
        if (over) return;
        running.delete(attempt);
        abandon(LOST_RACE);
        resolve(winner);
      } catch (error) {
        running.delete(attempt);
        if (over) return;
        if (waiting.length > 0) begin();
        else if (running.size === 0) reject(error);
      }
    };
    const begin = (): void => {
      clearTimeout(timer);
      const candidate = waiting.shift();
      if (candidate === undefined) return;
      const attempt = dial(candidate);
      running.add(attempt);
      if (waiting.length > 0) timer = setTimeout(begin, delayMs);
      void settle(attempt);
    };
    begin();
  });
  return { connected, abandon };
}
