import { STATUS_CODES } from 'node:http';

/** What OpenTelemetry calls the known methods: those of RFC 9110 §9.3, and PATCH (RFC 5789). */
const METHODS: ReadonlySet<string> = new Set([
  'CONNECT',
  'DELETE',
  'GET',
  'HEAD',
  'OPTIONS',
  'PATCH',
  'POST',
  'PUT',
  'TRACE',
]);

/** OpenTelemetry's word for what is none of the values that a label may have. */
const OTHER = '_OTHER';

/** Callers choose methods: each that is not known would be a series of its own.
 *  @returns a value for `http_request_method` */
export function methodLabel(method: string | null): string {
  return method !== null && METHODS.has(method) ? method : OTHER;
}

/** Targets choose status codes: of those that are not registered the class counts, as to any client (RFC 9110 §15).
 *  @returns a value for `http_response_status_code`: "404", "5xx", or "_OTHER" outside of 100 to 599 */
export function statusLabel(status: number): string {
  if (Object.hasOwn(STATUS_CODES, status)) return String(status);
  return status >= 100 && status <= 599 ? `${Math.floor(status / 100)}xx` : OTHER;
}
