import type { Registry } from 'prom-client';
import type { Settings } from '../config/settings';

/** The numbers of one process. */
export type Metrics = Awaited<ReturnType<Registry['getMetricsAsJSON']>>;

/** What the primary says to a process. */
export type ToProcess =
  /** the first: what it is to do */
  | { readonly kind: 'begin'; readonly settings: Settings }
  | { readonly kind: 'stop' }
  | { readonly kind: 'tell-metrics'; readonly question: number }
  /** the answer to `ask-metrics` */
  | { readonly kind: 'metrics-of-all'; readonly question: number; readonly text: string }
  /** or why there is none */
  | { readonly kind: 'no-metrics-of-all'; readonly question: number; readonly reason: string };

/** What a process says to the primary. */
export type ToPrimary =
  | { readonly kind: 'listening'; readonly url: string }
  /** it cannot start, and ends */
  | { readonly kind: 'failed'; readonly reason: string }
  /** the answer to `tell-metrics` */
  | { readonly kind: 'metrics'; readonly question: number; readonly metrics: Metrics }
  /** or why there is none */
  | { readonly kind: 'no-metrics'; readonly question: number; readonly reason: string }
  | { readonly kind: 'ask-metrics'; readonly question: number };
