import { isIP } from 'node:net';

/** Whether nobody but this machine reaches an address: 127.0.0.0/8, ::1 as it is usually written, and localhost
 *  (RFC 6761 §6.3).
 *  @param host an IP address without brackets, or a name in lower case */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}
