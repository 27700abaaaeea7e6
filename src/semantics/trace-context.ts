import type { FieldLine } from '../http1/events';
import { FIELD_VALUE } from '../http1/grammar';
import { hasField } from './fields';

/** Which trace a call is part of, as its caller said. */
export interface TraceContext {
  /** 32 hexadecimal digits */
  readonly traceId: string;
  /** 16 hexadecimal digits: what the caller did when it called */
  readonly parentId: string;
  /** 2 hexadecimal digits */
  readonly traceFlags: string;
  /** the field values as they came */
  readonly traceparent: string;
  readonly tracestate: string | null;
}

/** Trace Context §3.3.1.5: so much of a tracestate is to be passed on at the least. */
const MAX_CHARACTERS = 512;

// Trace Context §3.2.2: version "-" trace-id "-" parent-id "-" trace-flags, in lower-case hexadecimal.
// §3.2.4: a later version may go on after a further "-"; version ff is forbidden.
const TRACEPARENT =
  /^(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

/** @param traceparent value of the field; several of them, joined by commas, are none
 *  @param tracestate value of the field, or several joined by commas
 *  @returns null where traceparent is absent or says nothing valid. A tracestate that is too long or cannot be sent
 *  is left out, and does not make the rest invalid.
 *  @see W3C Trace Context, §3.2 and §4.3 */
export function parseTraceContext(
  traceparent: string | undefined,
  tracestate: string | undefined,
): TraceContext | null {
  if (traceparent === undefined || !isSendable(traceparent)) return null;
  const [, version, traceId, parentId, traceFlags, further] = TRACEPARENT.exec(traceparent) ?? [];
  if (version === undefined || (version === '00' && further !== undefined)) return null;
  return {
    traceId: traceId!,
    parentId: parentId!,
    traceFlags: traceFlags!,
    traceparent,
    tracestate: tracestate !== undefined && tracestate !== '' && isSendable(tracestate) ? tracestate : null,
  };
}

/** The fields that tell a target of the trace.
 *  @param given the caller's own; a traceparent among them speaks of another trace, which a tracestate of this one
 *  must not be mixed with */
export function traceFields(
  { traceparent, tracestate }: TraceContext,
  given: readonly FieldLine[],
): FieldLine[] {
  if (hasField(given, 'traceparent')) return [];
  const fields = [{ name: 'traceparent', value: traceparent }];
  if (tracestate !== null && !hasField(given, 'tracestate'))
    fields.push({ name: 'tracestate', value: tracestate });
  return fields;
}

function isSendable(value: string): boolean {
  return value.length <= MAX_CHARACTERS && FIELD_VALUE.test(value);
}
