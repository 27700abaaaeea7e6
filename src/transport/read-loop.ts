import type { Connection } from './connection';
import type { Deadlines, Interruption } from './deadlines';
import type { ReadLog } from './read-log';

/** Why reading ended. */
export type ReadEnd =
  /** whoever takes the octets has had enough */
  | { readonly by: 'enough' }
  | { readonly by: 'read-limit' }
  /** the peer's FIN */
  | { readonly by: 'close' }
  | { readonly by: 'reset'; readonly error: NodeJS.ErrnoException }
  | { readonly by: Interruption };

export interface ReadLoopOptions {
  /** `performance.now()` when the hop began; the log's times count from it */
  readonly startedAt: number;
  /** stop after so many reads; null: no limit */
  readonly maxReads: number | null;
  readonly log: ReadLog;
  readonly deadlines: Deadlines;
  /** Takes what one read returned: a view, valid until this returns.
   *  @param now on the clock of `performance.now()`
   *  @returns whether that was enough */
  readonly take: (octets: Buffer, now: number) => boolean;
  /** Gets the way to end the reading from elsewhere, as if `take` had had enough. */
  readonly onReading?: (stop: () => void) => void;
}

/** Reads until there is a reason not to. Each read is logged, put before `take`, and forgotten.
 *  Silence is what `deadlines` says it is: `take` touches or restarts them as the protocol goes on.
 *  Reads nothing more once it has resolved, and drops the deadlines; rejects only with what `take` throws. */
export function readLoop(connection: Connection, options: ReadLoopOptions): Promise<ReadEnd> {
  const { startedAt, log, deadlines, take } = options;
  const maxReads = options.maxReads ?? Infinity;
  return new Promise((resolve, reject) => {
    let reading = true;
    const finish = (settle: () => void): void => {
      if (!reading) return;
      reading = false;
      deadlines.close();
      settle();
    };
    const end = (how: ReadEnd): void => finish(() => resolve(how));
    deadlines.mind(() => connection.isBehind);
    deadlines.listen((why) => end({ by: why }));
    if (deadlines.interruption !== null) return;
    options.onReading?.(() => end({ by: 'enough' }));
    connection.read({
      read(octets) {
        if (!reading) return false;
        const now = performance.now();
        log.record(now - startedAt, octets.length);
        try {
          if (take(octets, now)) end({ by: 'enough' });
          else if (log.count >= maxReads) end({ by: 'read-limit' });
        } catch (error) {
          finish(() => reject(error));
        }
        return reading;
      },
      closed: () => end({ by: 'close' }),
      failed: (error) => end({ by: 'reset', error }),
    });
  });
}
