import { methodLabel, statusLabel } from '../../src/observability/labels';

describe('a method', () => {
  it.each(['CONNECT', 'DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT', 'TRACE'])(
    '%s is its own label',
    (method) => {
      expect(methodLabel(method)).toBe(method);
    },
  );

  it.each([null, '', 'get', 'Get', 'QUERY', 'BREW', '__proto__', 'constructor', 'GET '])(
    '%j is one of the others',
    (method) => {
      expect(methodLabel(method)).toBe('_OTHER');
    },
  );
});

describe('a status code', () => {
  it.each([
    [100, '100'],
    [200, '200'],
    [404, '404'],
    [511, '511'],
    [199, '1xx'],
    [299, '2xx'],
    [399, '3xx'],
    [499, '4xx'],
    [520, '5xx'],
    [599, '5xx'],
    [0, '_OTHER'],
    [99, '_OTHER'],
    [600, '_OTHER'],
    [999, '_OTHER'],
  ])('%i is %s', (status, label) => {
    expect(statusLabel(status)).toBe(label);
  });
});
