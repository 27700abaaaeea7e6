import type { FetchSpec } from '../../exchange/fetch-spec';
import { type FetchContext, type FollowDependencies, follow } from '../../exchange/follow';
import type { FetchOutcome } from '../../exchange/outcome';
import type { Protocol } from '../protocol';

/** HTTP/1.1 and HTTP/1.0. */
export class HttpProtocol implements Protocol {
  constructor(private readonly dependencies: FollowDependencies) {}

  run(spec: FetchSpec, context: FetchContext): Promise<FetchOutcome> {
    return follow(spec, this.dependencies, context);
  }
}
