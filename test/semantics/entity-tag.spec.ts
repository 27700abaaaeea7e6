import { namesEntityTag } from '../../src/semantics/entity-tag';

const TAG = '"xyzzy,1"';

// RFC 9110 §13.1.2, and the weak comparison of §8.8.3.2
it.each([
  TAG,
  `W/${TAG}`,
  `"r2d2xxxx", ${TAG}, "c3piozzzz"`,
  `W/"r2d2xxxx",W/${TAG}`,
  `, ,\t${TAG} ,`,
  '*',
  ' * ',
])('%j names it', (ifNoneMatch) => {
  expect(namesEntityTag(ifNoneMatch, TAG)).toBe(true);
});

it.each(['', '""', '"xyzzy"', '"1"', 'xyzzy,1', '"XYZZY,1"', '"xyzzy,1', '"*"', '*, "a"', '"xyzzy, 1"'])(
  '%j does not',
  (ifNoneMatch) => {
    expect(namesEntityTag(ifNoneMatch, TAG)).toBe(false);
  },
);
