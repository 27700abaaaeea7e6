import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { jsonPayload } from './json-payload';
import { isComing, lingering } from './lingering';
import type { Problem } from './problem';
import { noteRefusal } from './refusal';

/** Answers with a problem. Where content of the request is still on its way, the connection is closed after.
 *  @param url of the HTTP request */
export function answerProblem(reply: FastifyReply, problem: Problem, url: string): void {
  noteRefusal(reply, problem);
  const json = problemJson(problem, url);
  void reply
    .status(problem.status)
    .headers({ 'content-type': 'application/problem+json; charset=utf-8', ...problem.more.headers });
  const { raw } = reply.request;
  if (!isComing(raw)) {
    void reply.send(jsonPayload(json));
    return;
  }
  void reply
    .headers({ 'content-length': Buffer.byteLength(json), connection: 'close' })
    .send(Readable.from(lingering(json, raw)));
}

/** @param url of the HTTP request: of its path the problem tells, of its query not */
export function problemJson(problem: Problem, url: string): string {
  const [path = '/'] = url.split('?', 1);
  return JSON.stringify(problem.toJson(path));
}
