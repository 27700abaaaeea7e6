import { isIP } from 'node:net';
import { canonicalHost } from '../transport/address-policy';

/** Whether nobody but this machine reaches a host: 127.0.0.0/8 and ::1, in any spelling, and localhost
 *  (RFC 6761 §6.3).
 *  @param text an IP address without brackets, or a name */
export function isLoopback(text: string): boolean {
  const host = canonicalHost(text);
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}
