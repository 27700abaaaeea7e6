/** What the thread of the embedded database is started with. */
export interface EmbeddedOptions {
  readonly directory: string;
  /** what an empty directory is filled with: a tar archive, compressed by zstd; null: PGlite fills it */
  readonly seed: string | null;
}

/** What is asked of it; `id` names the question. */
export type EmbeddedOrder =
  | { readonly id: number; readonly ask: 'query'; readonly sql: string; readonly values: readonly unknown[] }
  | { readonly id: number; readonly ask: 'listen'; readonly channel: string }
  | { readonly id: number; readonly ask: 'close' };

/** What it tells. */
export type EmbeddedReport =
  | { readonly tell: 'ready' }
  | { readonly tell: 'answer'; readonly id: number; readonly rows: readonly unknown[] }
  | {
      readonly tell: 'error';
      /** null: it cannot start, or not go on, and ends */
      readonly id: number | null;
      readonly message: string;
      /** SQLSTATE; null: not the database's own */
      readonly code: string | null;
    }
  | { readonly tell: 'notification'; readonly channel: string; readonly payload: string };
