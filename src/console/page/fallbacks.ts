import type { ReadLimitName, TimeoutName } from './draft';

interface Fallbacks {
  readonly timeouts: Readonly<Record<TimeoutName, number>>;
  /** idleMs, where reading goes on until silence */
  readonly idleMsUntilIdle: number;
  /** null: no limit */
  readonly limits: Readonly<Record<ReadLimitName, number | null>>;
  readonly maxRedirects: number;
}

/** What the service takes where the form says nothing. A test holds it equal to the service's own. */
export const FALLBACKS: Fallbacks = {
  timeouts: {
    idleMs: 10_000,
    firstByteMs: 10_000,
    totalMs: 30_000,
    dnsMs: 5_000,
    connectMs: 5_000,
    tlsMs: 5_000,
    sendMs: 10_000,
  },
  idleMsUntilIdle: 2_000,
  limits: { bufferBytes: 65_536, maxReads: null, maxBodyBytes: 10_485_760, maxHeadBytes: 65_536 },
  maxRedirects: 10,
};
