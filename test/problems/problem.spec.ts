import { Problem } from '../../src/problems/problem';
import { PROBLEMS, isProblemCode } from '../../src/problems/problem-table';
import { mistakesIn } from '../api/contract';

/** The table of the contract, so far as this version has its codes. */
const TABLE: Readonly<Record<number, readonly string[]>> = {
  400: ['invalid-request', 'unsupported-scheme'],
  401: ['unauthorized'],
  403: ['address-denied', 'port-denied', 'host-denied'],
  404: ['not-found'],
  405: ['method-not-allowed'],
  406: ['not-acceptable'],
  408: ['request-timeout'],
  409: ['idempotency-mismatch'],
  413: ['request-too-large'],
  415: ['unsupported-media-type'],
  421: ['misdirected-request'],
  429: ['rate-limited'],
  500: ['internal-error'],
  502: [
    'dns-not-found',
    'dns-failed',
    'connection-refused',
    'connection-reset',
    'connection-closed',
    'host-unreachable',
    'tls-handshake-failed',
    'tls-certificate-expired',
    'tls-certificate-not-yet-valid',
    'tls-certificate-self-signed',
    'tls-certificate-untrusted',
    'tls-certificate-name-mismatch',
    'tls-certificate-invalid',
    'malformed-response',
    'head-too-large',
    'too-many-redirects',
    'invalid-redirect',
  ],
  503: ['overloaded', 'store-unavailable'],
  504: [
    'dns-timeout',
    'connect-timeout',
    'tls-timeout',
    'send-timeout',
    'first-byte-timeout',
    'head-timeout',
    'total-timeout',
  ],
};

const SOURCES: Readonly<Record<string, readonly number[]>> = {
  client: [400, 401, 404, 405, 406, 408, 409, 413, 415, 421, 429],
  policy: [403],
  service: [500, 503],
};

const CODES = Object.entries(TABLE).flatMap(([status, codes]) =>
  codes.map((code): [string, number] => [code, Number(status)]),
);

describe('the table of problems', () => {
  it('has the codes of the contract, and no other', () => {
    expect(Object.keys(PROBLEMS).toSorted()).toEqual(CODES.map(([code]) => code).toSorted());
  });

  it.each(CODES)('has %s under %i, from who is to blame', (code, status) => {
    if (!isProblemCode(code)) throw new Error(`${code} is missing`);
    const { source, title, ...kind } = PROBLEMS[code];
    expect(kind.status).toBe(status);
    expect(title).toMatch(/^[A-Z]/);
    const blamed = Object.keys(SOURCES).find((name) => SOURCES[name]!.includes(status));
    expect(source).toBe(blamed ?? (code.startsWith('dns-') ? 'resolver' : 'target'));
  });

  it.each(['', 'toString', 'constructor', '__proto__', 'idle-timeout', 'INTERNAL-ERROR'])(
    'has no code %j',
    (code) => {
      expect(isProblemCode(code)).toBe(false);
    },
  );
});

describe('a problem', () => {
  it('is what RFC 9457 says, and has every field of the contract in its order', () => {
    const json = new Problem('not-found', 'Nothing.').toJson('/path');
    expect(json).toEqual({
      type: '/problems/not-found',
      title: PROBLEMS['not-found'].title,
      status: 404,
      detail: 'Nothing.',
      instance: '/path',
      code: 'not-found',
      phase: null,
      failureSource: 'client',
      startedAt: null,
      request: null,
      hops: [],
      timings: null,
      chunks: null,
      connection: null,
      warnings: [],
      received: null,
    });
    expect(Object.keys(json).join(' ')).toBe(
      'type title status detail instance code phase failureSource startedAt request hops timings chunks ' +
        'connection warnings received',
    );
    expect(mistakesIn(json, 'Problem')).toEqual([]);
  });

  it('names its own instance rather than the path', () => {
    expect(new Problem('overloaded', '', { instance: '/fetch/1' }).toJson('/fetch').instance).toBe(
      '/fetch/1',
    );
  });

  it('lists mistakes where there are some', () => {
    const errors = [{ path: 'url', message: 'is required' }];
    const json = new Problem('invalid-request', '', { phase: 'validate', errors, errorsOmitted: 3 }).toJson(
      '/',
    );
    expect(json).toMatchObject({ phase: 'validate', errors, errorsOmitted: 3 });
    expect(new Problem('invalid-request', '', { errors }).toJson('/').errorsOmitted).toBe(0);
  });
});
