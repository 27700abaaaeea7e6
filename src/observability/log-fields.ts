import { EVERYBODY, type Owner } from '../access/caller';
import type { TraceContext } from '../semantics/trace-context';

const FINGERPRINT_DIGITS = 8;

/** @returns enough of the key's digest to tell keys apart, and too little to be one */
export function fingerprintOf(owner: Owner): string {
  return owner === EVERYBODY ? owner : owner.slice(0, FINGERPRINT_DIGITS);
}

/** @returns fields by which a log is joined with traces; none without a trace */
export function traceFieldsOf(
  trace: TraceContext | null,
): Partial<Pick<TraceContext, 'traceId' | 'parentId' | 'traceFlags'>> {
  if (trace === null) return {};
  const { traceId, parentId, traceFlags } = trace;
  return { traceId, parentId, traceFlags };
}
