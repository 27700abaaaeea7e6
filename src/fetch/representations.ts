import { turns } from '../event-loop/turns';
import type { FetchSpec } from '../exchange/fetch-spec';
import { type JsonAnswer, answerOf } from './answer-json';
import { SHORT_BYTES } from './body.mapper';
import { toAnswer } from './fetch-result.mapper';
import { contentSent, toHarAnswer } from './har/har.mapper';
import type { HeldOutcome } from './socket-fetch.service';

/** Makes an answer of a fetch that is over.
 *  @throws Problem when there is no final response */
export type Represent = (spec: FetchSpec, held: HeldOutcome) => Promise<JsonAnswer>;

/** What a fetch is answered with when it is over, by media type; NDJSON begins before. */
export const REPRESENTATIONS: Readonly<Record<string, Represent>> = {
  'application/json': async (spec, { id, outcome }) => answerOf(await toAnswer(id, spec, outcome)),
  'application/har+json': async (spec, { id, outcome, memory }) => {
    const answer = await toAnswer(id, spec, outcome);
    // Nobody counts the content of requests while these are written. From here on its caller may take its time.
    const sent = contentSent(spec, answer.result);
    if (sent !== null && sent.length > SHORT_BYTES) memory.hold(sent.length);
    return turns.finish(toHarAnswer(spec, answer));
  },
};
