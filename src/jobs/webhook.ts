import { Webhook } from 'standardwebhooks';
import type { FieldLine } from '../http1/events';

/** What one try to tell a receiver carries. */
export interface WebhookMessage {
  /** the same for every try, so that a receiver can tell what it has had; without a full stop, which would make what
   *  is signed ambiguous */
  readonly id: string;
  readonly event: 'job.completed' | 'job.cancelled';
  /** when this try is made, not when the event was: receivers refuse what is minutes old */
  readonly at: Date;
  /** the content exactly as it is sent, in UTF-8 */
  readonly payload: string;
}

const PREFIX = 'whsec_';

/** Standard Webhooks, "Signature scheme": "At least 24 bytes (192 bits, 512 maximum)". */
const MIN_SECRET_BYTES = 24;
const MAX_SECRET_BYTES = 64;

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** Before each try. Standard Webhooks, "Deliverability and reliability", with its end drawn in from three days to one:
 *  23 h 35 min 5 s from the first try to the last. */
const WAITS_MS: readonly number[] = [
  0,
  5 * SECOND_MS,
  5 * MINUTE_MS,
  30 * MINUTE_MS,
  2 * HOUR_MS,
  5 * HOUR_MS,
  8 * HOUR_MS,
  8 * HOUR_MS,
];

/** @param secret one that `isWebhookSecret` has accepted
 *  @returns the fields webhook-id, webhook-timestamp and webhook-signature
 *  @throws Error when the secret is not base64, or empty
 *  @see Standard Webhooks 1.0.0, "Webhook headers" */
export function signedHeaders(secret: string, { id, at, payload }: WebhookMessage): FieldLine[] {
  return [
    { name: 'webhook-id', value: id },
    { name: 'webhook-timestamp', value: String(Math.floor(at.getTime() / SECOND_MS)) },
    { name: 'webhook-signature', value: new Webhook(secret).sign(id, at, payload) },
  ];
}

/** @returns whether a text is a secret to sign with: "whsec_" and 24 to 64 octets in base64 (RFC 4648 §4)
 *
 *  Stricter than the library: padding may not be left out, nor bits be set that encode nothing (RFC 4648 §3.5), since
 *  a receiver's decoder may refuse either, or read another key. */
export function isWebhookSecret(text: string): boolean {
  if (!text.startsWith(PREFIX)) return false;
  const encoded = text.slice(PREFIX.length);
  const key = Buffer.from(encoded, 'base64');
  return (
    key.length >= MIN_SECRET_BYTES && key.length <= MAX_SECRET_BYTES && key.toString('base64') === encoded
  );
}

/** @param triesMade those that failed so far; 0 before the first
 *  @returns ms until the next of eight tries, null when the last has been made */
export function nextTryMs(triesMade: number): number | null {
  return WAITS_MS[triesMade] ?? null;
}
