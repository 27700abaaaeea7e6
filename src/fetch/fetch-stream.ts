import { Logger } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Owner } from '../access/caller';
import { turns } from '../event-loop/turns';
import type { FetchSpec } from '../exchange/fetch-spec';
import { problemJson } from '../problems/answer-problem';
import { problemFor } from '../problems/problem-for';
import { lend } from './answer';
import { type JsonAnswer, jsonInSlices } from './answer-json';
import { FetchEvents } from './fetch-events';
import { LineAnswer } from './line-answer';
import type { SocketFetchService } from './socket-fetch.service';

/** Fetches, and tells the caller of it as NDJSON while it runs. Its last line is the result, or the problem.
 *  @param caller aborts when the caller's connection is closed
 *  @throws before the first line, as the fetch does */
export async function streamFetch(
  service: SocketFetchService,
  spec: FetchSpec,
  owner: Owner,
  caller: AbortSignal,
  reply: FastifyReply,
): Promise<void> {
  const lines = new LineAnswer(reply, 'application/x-ndjson', caller);
  const events = new FetchEvents(spec, lines);
  try {
    const answer = await service.stream(spec, owner, caller, events);
    lend(reply.raw, answer, caller, answer.memory);
    await lines.end(turns.each(resultLine(events, answer)));
  } catch (error) {
    if (!lines.hasBegun) throw error;
    const problem = problemFor(error, new Logger('answer'));
    await lines.end(
      turns.each([`${events.lastLine('problem')}${problemJson(problem, reply.request.url)}}`].values()),
    );
  }
}

function* resultLine(events: FetchEvents, answer: JsonAnswer): Generator<string, void> {
  yield events.lastLine('result');
  yield* jsonInSlices(answer);
  yield '}';
}
