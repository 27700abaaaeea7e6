import type { RouteOptions } from 'fastify';
import createRouter, { type HTTPMethod } from 'find-my-way';
import { Problem } from '../problems/problem';
import type { Check } from './check';

/** The routes by their paths. Fastify says 404 to a path that is there under another method; this table is asked in
 *  that case alone, so that what is found pays nothing for it. */
export class RouteTable {
  private readonly router = createRouter();
  private readonly methods = new Set<HTTPMethod>();

  /** Learns of a route. */
  add({ method, url }: RouteOptions): void {
    for (const one of [method].flat() as HTTPMethod[]) {
      this.methods.add(one);
      this.router.on(one, url, () => undefined);
    }
  }

  /** @param target as in the request line
   *  @returns the methods that are routed there, sorted */
  methodsOf(target: string): string[] {
    return [...this.methods].filter((method) => this.router.find(method, target) !== null).sort();
  }
}

/** Refuses what no route takes. RFC 9110 §15.5.6: a 405 names the methods that the path has. */
export function routeCheck(routes: RouteTable): Check {
  return ({ is404, raw: { method = '', url = '/' } }) => {
    // The router would take the first octet of another form for the slash.
    if (!/^(?:\/|https?:)/i.test(url)) return noSuchRoute();
    if (!is404) return null;
    const methods = routes.methodsOf(url);
    if (methods.length === 0) return noSuchRoute();
    const allow = methods.join(', ');
    return new Problem('method-not-allowed', `${method} is not allowed here, but ${allow}.`, {
      headers: { allow },
    });
  };
}

export function noSuchRoute(): Problem {
  return new Problem('not-found', 'No route leads here.');
}
