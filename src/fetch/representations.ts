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

/** All that a fetch can be answered with, by media type, the preferred one first: made of it when it is over, or told
 *  as it happens. */
const REPRESENTATIONS = {
  'application/json': async (spec, { id, outcome }) => answerOf(await toAnswer(id, spec, outcome)),
  'application/x-ndjson': 'as it happens',
  'application/har+json': async (spec, { id, outcome, memory }) => {
    const answer = await toAnswer(id, spec, outcome);
    // Nobody counts the content of requests while these are written. From here on its caller may take its time.
    const sent = contentSent(spec, answer.result);
    if (sent !== null && sent.length > SHORT_BYTES) memory.hold(sent.length);
    return turns.finish(toHarAnswer(spec, answer));
  },
} as const satisfies Readonly<Record<string, Represent | 'as it happens'>>;

export type FetchMediaType = keyof typeof REPRESENTATIONS;

export const FETCH_MEDIA_TYPES = Object.keys(REPRESENTATIONS) as readonly FetchMediaType[];

const BY_MEDIA_TYPE: ReadonlyMap<string, Represent | 'as it happens'> = new Map(
  Object.entries(REPRESENTATIONS),
);

/** @throws Error where a fetch is not answered with that media type */
export function representationIn(mediaType: string): Represent | 'as it happens' {
  const represent = BY_MEDIA_TYPE.get(mediaType);
  if (represent === undefined) throw new Error(`no fetch is answered with ${mediaType}`);
  return represent;
}
