import type { FetchSpec } from '../exchange/fetch-spec';
import { type JsonAnswer, answerOf } from './answer-json';
import { toAnswer } from './fetch-result.mapper';
import type { HeldOutcome } from './socket-fetch.service';

/** Makes an answer of a fetch that is over.
 *  @throws Problem when there is no final response */
export type Represent = (spec: FetchSpec, held: HeldOutcome) => Promise<JsonAnswer>;

/** What a fetch is answered with when it is over, by media type; NDJSON begins before. */
export const REPRESENTATIONS: Readonly<Record<string, Represent>> = {
  'application/json': async (spec, { id, outcome }) => answerOf(await toAnswer(id, spec, outcome)),
};
