import type { FastifyReply } from 'fastify';
import type { Problem } from './problem';

const answered = new WeakMap<FastifyReply, Problem>();

/** Remembers with what problem a call was answered, for whoever counts them. */
export function noteProblem(reply: FastifyReply, problem: Problem): void {
  answered.set(reply, problem);
}

/** @returns null for an answer that is no problem */
export function problemOf(reply: FastifyReply): Problem | null {
  return answered.get(reply) ?? null;
}
