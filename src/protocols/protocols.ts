import type { Connector } from '../transport/connector';
import { HttpProtocol } from './http/http-protocol';
import type { Protocols } from './protocol';

/** Every scheme that can be fetched. */
export function createProtocols(connector: Connector, userAgent: string): Protocols {
  return {
    'http:': new HttpProtocol({ connector, userAgent, schemes: new Set(['http:']) }),
  };
}
