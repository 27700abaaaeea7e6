import type { FastifyReply } from 'fastify';
import { type FetchEvidence, Problem } from '../../src/problems/problem';
import { noteRefusal, refusalOf } from '../../src/problems/refusal';

it('a call that was refused is remembered, a fetch that failed is not: its evidence may be large', () => {
  const [refused, failed] = [{} as FastifyReply, {} as FastifyReply];
  const problem = new Problem('overloaded', 'Too many.');
  noteRefusal(refused, problem);
  noteRefusal(failed, new Problem('dns-failed', 'No answer.', { evidence: {} as FetchEvidence }));
  expect(refusalOf(refused)).toBe(problem);
  expect(refusalOf(failed)).toBeNull();
});
