/** What the processes of the siege say to each other. */

/** Where an origin listens, and what it does to those who come. */
export interface HostileOrigin {
  readonly kind: string;
  readonly url: string;
}

export type Order =
  /** to the origins, at the start */
  | { readonly ask: 'origins' }
  /** to the callers: call for a time, then hang up */
  | { readonly ask: 'siege'; readonly assault: Assault }
  /** to the watch: look after the service until `report` */
  | { readonly ask: 'watch'; readonly port: number }
  | { readonly ask: 'report' };

/** What the callers are to do. */
export interface Assault {
  readonly port: number;
  readonly origins: readonly HostileOrigin[];
  /** each with a connection of its own, and never idle */
  readonly callers: number;
  readonly ms: number;
  /** answers to wait for in all, after which nobody calls any more */
  readonly count: number;
  /** hang up at random, read slowly, ask for odd things */
  readonly unruly: boolean;
  /** `timeouts.totalMs` of each fetch */
  readonly totalMs: number;
  readonly seed: number;
}

/** What came of it. */
export interface Tally {
  /** "200", "502 head-too-large", "hung up" → how often */
  readonly outcomes: Readonly<Record<string, number>>;
  /** of answers, heads not counted */
  readonly octets: number;
}

/** What the watch saw of `/health/live`. */
export interface Vigil {
  /** milliseconds each, in the order asked */
  readonly latencies: readonly number[];
  /** not answered, or not with 200 */
  readonly failures: number;
}
