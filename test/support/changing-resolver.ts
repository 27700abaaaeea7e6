import { TransportFailure } from '../../src/transport/failure';
import type { ResolvedAddress, Resolver } from '../../src/transport/resolver';

/** Says something else each time it is asked for a name, and in the end the last again: how names rebind. */
export class ChangingResolver implements Resolver {
  /** the names it was asked for, in order */
  readonly asked: string[] = [];

  /** @param names name → what it says first, second … */
  constructor(private readonly names: Readonly<Record<string, readonly (readonly string[])[]>>) {}

  resolve(host: string): Promise<readonly ResolvedAddress[]> {
    const answers = this.names[host];
    if (answers === undefined)
      return Promise.reject(new TransportFailure('dns-not-found', 'dns', `${host} is unknown`));
    const times = this.asked.filter((name) => name === host).length;
    this.asked.push(host);
    const answer = answers[Math.min(times, answers.length - 1)]!;
    return Promise.resolve(
      answer.map((address) => ({ address, family: address.includes(':') ? (6 as const) : (4 as const) })),
    );
  }
}
