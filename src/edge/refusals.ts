import type { Problem } from '../problems/problem';

/** Tells of what is refused where no hook of the router's comes. */
export class Refusals {
  private listener: (problem: Problem) => void = () => undefined;

  tell(problem: Problem): void {
    this.listener(problem);
  }

  listen(listener: (problem: Problem) => void): void {
    this.listener = listener;
  }
}

declare module 'fastify' {
  interface FastifyInstance {
    readonly refusals: Refusals;
  }
}
