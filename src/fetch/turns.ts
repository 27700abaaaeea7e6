import { Injectable } from '@nestjs/common';

/** so long may pieces of work hold the event loop in one of its turns; the last one ends a little later */
const MAX_TURN_MS = 4;

/** Does long work a piece at a time: however much of it there is, the event loop goes round in between, and
 *  nobody's piece is done twice while another's waits. */
@Injectable()
export class Turns {
  private readonly waiting: (() => void)[] = [];

  /** Does a piece of work when it is its turn.
   *  @returns what it returns */
  take<T>(piece: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      this.waiting.push(() => {
        try {
          resolve(piece());
        } catch (error) {
          reject(error);
        }
      });
      if (this.waiting.length === 1) setImmediate(() => this.work());
    });
  }

  /** Does work to its end, each step in a turn of its own.
   *  @returns what it returns */
  async finish<T>(work: Iterator<void, T>): Promise<T> {
    for (;;) {
      const step = await this.take(() => work.next());
      if (step.done === true) return step.value;
    }
  }

  /** What work makes, each item in a turn of its own, and none before it is asked for. */
  async *each<T>(work: Iterator<T, void>): AsyncGenerator<T, void> {
    for (;;) {
      const step = await this.take(() => work.next());
      if (step.done === true) return;
      yield step.value;
    }
  }

  private work(): void {
    const due = performance.now() + MAX_TURN_MS;
    do this.waiting.shift()!();
    while (this.waiting.length > 0 && performance.now() < due);
    if (this.waiting.length > 0) setImmediate(() => this.work());
  }
}
