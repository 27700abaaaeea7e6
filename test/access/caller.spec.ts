import type { FastifyRequest } from 'fastify';
import { digestOf, ownerOf, setOwner } from '../../src/access/caller';

it('a key is remembered by its digest alone', () => {
  expect(digestOf('key').toString('hex')).toBe(
    '2c70e12b7a0646f92279f427c7b38e7334d8e5389cff167a1dc30e73f826b683',
  );
});

it('a request has the owner that came in with it, and by an open route none', () => {
  const guarded = { url: '/sessions' } as FastifyRequest;
  setOwner(guarded, 'me');
  expect(ownerOf(guarded)).toBe('me');
  expect(() => ownerOf({ url: '/sessions' } as FastifyRequest)).toThrow('cannot be open');
});
