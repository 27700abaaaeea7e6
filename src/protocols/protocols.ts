import type { Connector } from '../transport/connector';
import { HttpProtocol } from './http/http-protocol';
import type { Protocols } from './protocol';

/** Every scheme that can be fetched. */
export function createProtocols(connector: Connector, userAgent: string): Protocols {
  const http = new HttpProtocol({ connector, userAgent });
  return { 'http:': http, 'https:': http };
}
