import type { ProblemCode } from '../problem-table';
import type { Explanation } from './explanation';
import { OF_CALLS } from './of-calls';
import { OF_CONNECTIONS } from './of-connections';
import { OF_EGRESS } from './of-egress';
import { OF_RESPONSES } from './of-responses';
import { OF_SERVICE } from './of-service';
import { OF_TLS } from './of-tls';

/** Every code of the table explained: one that is not does not compile. */
export const EXPLANATIONS: Readonly<Record<ProblemCode, Explanation>> = {
  ...OF_CALLS,
  ...OF_EGRESS,
  ...OF_SERVICE,
  ...OF_CONNECTIONS,
  ...OF_TLS,
  ...OF_RESPONSES,
};
