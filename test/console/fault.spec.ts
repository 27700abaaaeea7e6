import { FAULT_WORDS, ServiceFault, faultOf, isFitKey } from '../../src/console/page/fault';
import { readProblem, sayingOf } from '../../src/console/page/read-problem';
import { problem } from './events';

it('every fault says in both languages what it means, and what to do', () => {
  for (const { means, advice } of Object.values(FAULT_WORDS))
    for (const { en, ko } of [means, advice]) {
      expect(en).toMatch(/^[A-Z][^가-힣]+\.$/);
      expect(ko).toMatch(/[가-힣].*\.$/);
    }
});

it('what else is thrown is told as it is', () => {
  expect(faultOf(new ServiceFault('stranger', 'HTTP 200'))).toEqual({ code: 'stranger', detail: 'HTTP 200' });
  expect(faultOf(new TypeError('x is not a function'))).toEqual({
    code: 'broken-off',
    detail: 'x is not a function',
  });
});

it.each([
  ['', true],
  ['one-two!~', true],
  ['with blank', false],
  ['한글키', false],
  ['tab\t', false],
])('a key of %j is fit to be sent: %s', (key, fit) => {
  expect(isFitKey(key)).toBe(fit);
});

describe('a problem', () => {
  it('is as it came', () => {
    const told = problem({ errors: [{ path: 'url', message: 'is wrong' }] });
    expect(readProblem(told)).toEqual(told);
  });

  it('of another version has what the page draws', () => {
    expect(readProblem({ code: 'brand-new', title: 'New', hops: 7, received: 'x' })).toMatchObject({
      code: 'brand-new',
      title: 'New',
      detail: '',
      hops: [],
      warnings: [],
      received: null,
      timings: null,
    });
  });

  it.each([[null], ['text'], [[]], [{ type: 'about:blank', title: 'Too many', status: 429 }]])(
    'of somebody else is none: %j',
    (value) => {
      expect(readProblem(value)).toBeNull();
    },
  );

  it('of somebody else says what it says', () => {
    expect(sayingOf(429, { title: 'Too many', detail: 'slow down' })).toBe('HTTP 429: Too many: slow down');
    expect(sayingOf(502, 'nothing')).toBe('HTTP 502');
  });
});
