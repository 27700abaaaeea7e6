import { InvalidSettings, type Settings, readSettings } from '../../src/config/settings';

type Env = Readonly<Record<string, string>>;

function settingsOf(env: Env): Settings {
  return readSettings(env).settings;
}

/** @returns the lines of a refusal */
function mistakesIn(env: Env): string[] {
  try {
    readSettings(env);
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidSettings);
    return (error as Error).message.split('\n');
  }
  return [];
}

const KEYS = { WIREFETCH_API_KEYS: 'k' };

describe('an empty environment', () => {
  it('gives the defaults of the contract', () => {
    expect(readSettings({})).toEqual({
      settings: {
        host: '127.0.0.1',
        port: 8080,
        apiKeys: [],
        auth: 'on',
        egress: {
          allowCidrs: [],
          denyCidrs: [],
          allowHosts: null,
          denyHosts: [],
          allowPorts: [80, 443, 8080, 8443],
        },
        rawRequests: true,
        maxConcurrency: 512,
        maxPerHost: 64,
        maxQueue: 1024,
        rateLimit: null,
        maxRequestBytes: 8_388_608,
        maxBodyBytes: 52_428_800,
        maxTotalMs: 120_000,
        maxBufferedBytes: 16_777_216,
        role: 'all',
        workers: 1,
        dataDir: './data',
        databaseUrl: null,
        sessionTtlMs: 86_400_000,
        shutdownMs: 10_000,
        logLevel: 'info',
      },
      warnings: [],
    });
  });

  it('is what empty values are, as compose files write them', () => {
    const names = [
      'HOST',
      'PORT',
      'API_KEYS',
      'AUTH',
      'ALLOW_CIDRS',
      'ALLOW_HOSTS',
      'ALLOW_PORTS',
      'RATE_LIMIT',
      'WORKERS',
      'DATABASE_URL',
      'LOG_LEVEL',
    ];
    const empty = Object.fromEntries(
      names.map((name, index) => [`WIREFETCH_${name}`, ' '.repeat(index % 3)]),
    );
    expect(readSettings({ ...empty, PORT: '', HOST: '' })).toEqual(readSettings({}));
  });
});

describe('a good value', () => {
  it.each<[name: string, value: string, read: (settings: Settings) => unknown, expected: unknown]>([
    ['HOST', '127.0.0.2', ({ host }) => host, '127.0.0.2'],
    ['HOST', '::1', ({ host }) => host, '::1'],
    ['HOST', 'localhost', ({ host }) => host, 'localhost'],
    ['PORT', '0', ({ port }) => port, 0],
    ['PORT', ' 65535 ', ({ port }) => port, 65535],
    ['API_KEYS', 'a, b ,,c', ({ apiKeys }) => apiKeys, ['a', 'b', 'c']],
    ['AUTH', 'off', ({ auth }) => auth, 'off'],
    [
      'ALLOW_CIDRS',
      '127.0.0.1/32, 10.0.0.0/8:443,[fd00::/8]:*',
      ({ egress }) => egress.allowCidrs,
      [
        { cidr: '127.0.0.1/32', port: null },
        { cidr: '10.0.0.0/8', port: 443 },
        { cidr: 'fd00::/8', port: '*' },
      ],
    ],
    ['DENY_CIDRS', '192.0.2.7', ({ egress }) => egress.denyCidrs, [{ cidr: '192.0.2.7/32', port: null }]],
    [
      'ALLOW_HOSTS',
      'A.example., *.B.example',
      ({ egress }) => egress.allowHosts,
      ['a.example', '*.b.example'],
    ],
    ['DENY_HOSTS', 'a_b.example,x', ({ egress }) => egress.denyHosts, ['a_b.example', 'x']],
    ['ALLOW_PORTS', '1, 65535', ({ egress }) => egress.allowPorts, [1, 65535]],
    ['RAW_REQUESTS', 'off', ({ rawRequests }) => rawRequests, false],
    ['RAW_REQUESTS', 'on', ({ rawRequests }) => rawRequests, true],
    ['MAX_CONCURRENCY', '1', ({ maxConcurrency }) => maxConcurrency, 1],
    ['MAX_PER_HOST', '2', ({ maxPerHost }) => maxPerHost, 2],
    ['MAX_QUEUE', '0', ({ maxQueue }) => maxQueue, 0],
    ['RATE_LIMIT', '5', ({ rateLimit }) => rateLimit, 5],
    ['MAX_REQUEST_BYTES', '1024', ({ maxRequestBytes }) => maxRequestBytes, 1024],
    ['MAX_BODY_BYTES', '0', ({ maxBodyBytes }) => maxBodyBytes, 0],
    ['MAX_TOTAL_MS', '1', ({ maxTotalMs }) => maxTotalMs, 1],
    ['ROLE', 'all', ({ role }) => role, 'all'],
    ['WORKERS', 'auto', ({ workers }) => workers, 'auto'],
    ['WORKERS', '1', ({ workers }) => workers, 1],
    ['DATA_DIR', '/data', ({ dataDir }) => dataDir, '/data'],
    ['DATABASE_URL', 'postgres://db/x', ({ databaseUrl }) => databaseUrl, 'postgres://db/x'],
    ['SESSION_TTL_MS', '60000', ({ sessionTtlMs }) => sessionTtlMs, 60_000],
    ['SHUTDOWN_MS', '0', ({ shutdownMs }) => shutdownMs, 0],
    ['LOG_LEVEL', 'silent', ({ logLevel }) => logLevel, 'silent'],
  ])('WIREFETCH_%s=%s', (name, value, read, expected) => {
    expect(read(settingsOf({ [`WIREFETCH_${name}`]: value }))).toEqual(expected);
  });
});

describe('a bad value names its variable and itself', () => {
  const NUMBERS = ['-1', '1.5', '1e3', 'many', '0x10', '1 2', '99999999999999999999'];

  it.each<[name: string, ...values: string[]]>([
    ['HOST', 'example.com', '127.0.0.1:80', '1.2.3', '*'],
    ['PORT', '65536', '-1', '80a', '8080.0'],
    ['AUTH', 'ON', 'yes', 'none'],
    [
      'ALLOW_CIDRS',
      '10.0.0.0/33',
      '10.0.0/8',
      'example.com',
      '10.0.0.0/8:0',
      '10.0.0.0/8:65536',
      'fd00::/129',
      '::ffff:10.0.0.0/104',
    ],
    ['DENY_CIDRS', '10.0.0.0/8/8', '256.0.0.1', '[::1'],
    ['ALLOW_HOSTS', 'http://a', 'a/b', '*', 'a.*', '*.*.a', 'a b', '-'],
    ['DENY_HOSTS', '@', '*x.example', 'a:80x'],
    ['ALLOW_PORTS', '0', '65536', '80-90', 'http'],
    ['RAW_REQUESTS', 'true', 'no'],
    ...['MAX_CONCURRENCY', 'MAX_PER_HOST', 'RATE_LIMIT', 'WORKERS', 'SESSION_TTL_MS', 'MAX_TOTAL_MS'].map(
      (name): [string, ...string[]] => [name, '0', ...NUMBERS],
    ),
    ['MAX_QUEUE', ...NUMBERS],
    ['MAX_BODY_BYTES', ...NUMBERS],
    ['MAX_REQUEST_BYTES', '1023', '536870889', ...NUMBERS],
    ['MAX_TOTAL_MS', '2147483648'],
    ['SHUTDOWN_MS', '2147483648', ...NUMBERS],
    ['ROLE', 'web', 'ALL'],
    ['WORKERS', 'AUTO'],
    ['LOG_LEVEL', 'verbose', 'INFO'],
  ])('WIREFETCH_%s', (name, ...values) => {
    for (const value of values) {
      const mistakes = mistakesIn({ [`WIREFETCH_${name}`]: value });
      expect([value, mistakes]).toEqual([value, [expect.stringMatching(`^WIREFETCH_${name}: `)]]);
      expect(mistakes[0]).toContain(`"${value}"`);
    }
  });

  it.each(['api', 'worker'])('a role of %s has others to share a database with', (role) => {
    expect(mistakesIn({ WIREFETCH_ROLE: role })).toEqual([
      expect.stringMatching(/^WIREFETCH_ROLE: .*WIREFETCH_DATABASE_URL/),
    ]);
    const shared = { WIREFETCH_ROLE: role, WIREFETCH_DATABASE_URL: 'postgresql://db/x' };
    expect(settingsOf(shared).role).toBe(role);
  });

  it('more than one process have a database to share', () => {
    expect(mistakesIn({ WIREFETCH_WORKERS: '2' })).toEqual([
      expect.stringMatching(/^WIREFETCH_WORKERS: 2 .*WIREFETCH_DATABASE_URL/),
    ]);
    const shared = { WIREFETCH_DATABASE_URL: 'postgresql://db/x' };
    expect(settingsOf({ ...shared, WIREFETCH_WORKERS: '4' }).workers).toBe(4);
    expect(settingsOf({ ...shared, WIREFETCH_WORKERS: '256' }).workers).toBe(256);
    expect(mistakesIn({ ...shared, WIREFETCH_WORKERS: '257' })).toEqual([
      expect.stringMatching(/^WIREFETCH_WORKERS: "257"/),
    ]);
  });

  it('but for a database, whose URL holds a password', () => {
    const [mistake, ...others] = mistakesIn({ WIREFETCH_DATABASE_URL: 'mysql://u:secret@db/x' });
    expect(others).toEqual([]);
    expect(mistake).toMatch(/^WIREFETCH_DATABASE_URL: is not/);
    expect(mistake).not.toContain('secret');
  });

  it('but for API keys, which are secrets', () => {
    for (const key of ['with blank', 'schlüssel', 'tab\there']) {
      const [mistake, ...others] = mistakesIn({ WIREFETCH_API_KEYS: `good,${key}` });
      expect(mistake).toMatch(/^WIREFETCH_API_KEYS: /);
      expect(mistake).not.toContain(key);
      expect(others).toEqual([]);
    }
  });

  it('beside all others at once', () => {
    const mistakes = mistakesIn({
      WIREFETCH_PORT: 'x',
      WIREFETCH_ALLOW_CIDRS: 'a,127.0.0.1,b',
      WIREFETCH_LOG_LEVEL: 'loud',
      WIREFETCH_HOST: '0.0.0.0',
    });
    expect(mistakes.map((mistake) => mistake.split(':')[0])).toEqual([
      'WIREFETCH_PORT',
      'WIREFETCH_ALLOW_CIDRS',
      'WIREFETCH_ALLOW_CIDRS',
      'WIREFETCH_LOG_LEVEL',
      'WIREFETCH_API_KEYS',
    ]);
  });
});

describe('what lets everybody in', () => {
  const OPEN_HOSTS = ['0.0.0.0', '::', '192.0.2.1', 'fd00::1', '::ffff:128.0.0.1', '128.0.0.1'];

  it.each(OPEN_HOSTS)('is refused on %s without keys', (host) => {
    const [mistake] = mistakesIn({ WIREFETCH_HOST: host });
    expect(mistake).toMatch(/^WIREFETCH_API_KEYS: .*WIREFETCH_AUTH=off/);
  });

  it.each(OPEN_HOSTS)('is taken on %s with keys, or with AUTH=off', (host) => {
    expect(mistakesIn({ WIREFETCH_HOST: host, ...KEYS })).toEqual([]);
    expect(mistakesIn({ WIREFETCH_HOST: host, WIREFETCH_AUTH: 'off' })).toEqual([]);
  });

  it.each(['127.0.0.1', '127.255.255.255', '::1', '::ffff:127.0.0.1', 'localhost'])(
    'is taken on %s',
    (host) => {
      expect(mistakesIn({ WIREFETCH_HOST: host })).toEqual([]);
    },
  );

  it.each(['127.0.0.1', '0.0.0.0'])('is not what a list of nothing gives, on %s', (host) => {
    expect(mistakesIn({ WIREFETCH_HOST: host, WIREFETCH_API_KEYS: ' , ' })).toEqual([
      'WIREFETCH_API_KEYS: holds no key',
    ]);
  });
});

describe('a plain PORT and HOST, as container platforms set them', () => {
  it('count when the prefixed ones are absent', () => {
    expect(settingsOf({ PORT: '3000', HOST: '127.0.0.3' })).toMatchObject({ port: 3000, host: '127.0.0.3' });
    expect(settingsOf({ PORT: '3000', WIREFETCH_PORT: '4000' }).port).toBe(4000);
    expect(settingsOf({ HOST: '127.0.0.3', WIREFETCH_HOST: '::1' }).host).toBe('::1');
  });

  it('name themselves when they are bad', () => {
    expect(mistakesIn({ PORT: 'tcp://10.0.0.1:80' })).toEqual([expect.stringMatching(/^PORT: /)]);
    expect(mistakesIn({ PORT: 'bad', WIREFETCH_PORT: '80' })).toEqual([]);
  });

  it('a HOST that is a machine’s name does not count', () => {
    expect(settingsOf({ HOST: 'my-laptop' }).host).toBe('127.0.0.1');
  });

  it('a HOST that opens the service still needs keys', () => {
    expect(mistakesIn({ HOST: '0.0.0.0' })).toHaveLength(1);
  });
});

describe('warnings', () => {
  it('name what there is not', () => {
    const { warnings } = readSettings({
      WIREFETCH_PROT: '80',
      WIREFETCH_: 'x',
      wirefetch_port: '80',
      WIREFETCH_WORKERS: 'auto',
      WIREFETCH_SESSION_TTL_MS: '5',
      WIREFETCH_PORT: '80',
      PATH: '/bin',
    });
    expect(warnings.map((warning) => warning.split(':')[0])).toEqual(['WIREFETCH_PROT', 'WIREFETCH_']);
  });

  it('do not name what npm run jobs reads', () => {
    const { warnings } = readSettings({ WIREFETCH_URL: 'http://127.0.0.1:8080', WIREFETCH_API_KEY: 'k' });
    expect(warnings).toEqual([]);
  });
});

it.each([
  ['0.0.0.0', 1],
  ['127.0.0.1', 0],
])('warn where nobody needs a key to reach it: %s', (host, count) => {
  const { warnings } = readSettings({ WIREFETCH_HOST: host, WIREFETCH_AUTH: 'off' });
  expect(warnings.filter((warning) => warning.startsWith('WIREFETCH_AUTH=off'))).toHaveLength(count);
});

it('cannot be changed, however deep', () => {
  const settings = settingsOf({ WIREFETCH_ALLOW_CIDRS: '127.0.0.1', ...KEYS });
  const parts: unknown[] = [settings];
  for (const part of parts) {
    if (typeof part !== 'object' || part === null) continue;
    expect(Object.isFrozen(part)).toBe(true);
    parts.push(...(Object.values(part) as unknown[]));
  }
  expect(parts.length).toBeGreaterThan(20);
});
