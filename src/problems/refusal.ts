import type { FastifyReply } from 'fastify';
import type { Problem } from './problem';

const refusals = new WeakMap<FastifyReply, Problem>();

/** Remembers with what problem a call was refused, for whoever counts them. A fetch that failed has told of itself, and its
 *  evidence is not to be kept until the caller has taken the answer. */
export function noteRefusal(reply: FastifyReply, problem: Problem): void {
  if (problem.more.evidence === undefined) refusals.set(reply, problem);
}

/** @returns null for a call whose fetch was begun */
export function refusalOf(reply: FastifyReply): Problem | null {
  return refusals.get(reply) ?? null;
}
