import type { FastifyRequest } from 'fastify';
import { type Settings, readSettings } from '../../src/config/settings';
import { hostCheck } from '../../src/edge/host-check';
import type { ProblemCode } from '../../src/problems/problem-table';

interface Head {
  readonly host?: string | readonly string[];
  readonly target?: string;
  readonly httpVersion?: '1.1' | '1.0';
}

function requestWith({ host = [], target = '/', httpVersion = '1.1' }: Head): FastifyRequest {
  const hosts = [host].flat();
  const rawHeaders = ['Accept', 'host', ...hosts.flatMap((one) => ['Host', one])];
  const headers = hosts.length === 0 ? {} : { host: hosts[0] };
  return { raw: { rawHeaders, headers, url: target, httpVersion } } as FastifyRequest;
}

function settingsOf(env: NodeJS.ProcessEnv = {}): Settings {
  return readSettings(env).settings;
}

/** @returns the code of the refusal, or null */
function refusalOf(head: Head, env?: NodeJS.ProcessEnv): ProblemCode | null {
  return hostCheck(settingsOf(env))(requestWith(head))?.code ?? null;
}

const LOOPBACK = [
  'localhost',
  'LocalHost',
  'localhost.',
  'localhost:8080',
  'localhost.:1',
  'localhost:',
  '127.0.0.1',
  '127.0.0.1:8080',
  '127.255.255.254',
  '[::1]',
  '[::1]:8080',
  '[0:0:0:0:0:0:0:1]',
  '[::ffff:127.0.0.1]:80',
  '[::FFFF:7f00:1]',
];

const STRANGE = [
  '',
  'evil.test',
  'evil.test:8080',
  'localhost.evil.test',
  'evil.localhost',
  'localhost:80:80',
  'localhost@evil.test',
  'user@localhost',
  'localhost evil.test',
  'localhost,evil.test',
  '127.0.0.1.evil.test',
  '127.1',
  '0177.0.0.1',
  '128.0.0.1',
  '0.0.0.0',
  '10.0.0.1',
  '::1',
  '[::1',
  '[::2]',
  '[::ffff:10.0.0.1]',
  '[::ffff:0:127.0.0.1]',
  '[1:2:3]',
  '[127.0.0.1]',
  '[localhost]',
];

describe('bound to loopback, and without keys', () => {
  it.each(LOOPBACK)('Host %s is this service', (host) => {
    expect(refusalOf({ host })).toBe(null);
  });

  it.each(STRANGE)('Host %j is not', (host) => {
    expect(refusalOf({ host })).toBe('misdirected-request');
  });

  it('a target in absolute-form says whom it means as well as Host does', () => {
    expect(refusalOf({ host: 'localhost', target: 'http://localhost/x' })).toBe(null);
    expect(refusalOf({ host: 'localhost', target: 'http://evil.test/x' })).toBe('misdirected-request');
    expect(refusalOf({ host: 'evil.test', target: 'http://localhost/x' })).toBe('misdirected-request');
    expect(refusalOf({ host: 'localhost', target: '*' })).toBe(null);
  });

  it('HTTP/1.0 without Host is no browser', () => {
    expect(refusalOf({ httpVersion: '1.0' })).toBe(null);
    expect(refusalOf({ httpVersion: '1.0', host: 'evil.test' })).toBe('misdirected-request');
  });

  it.each<[what: string, env: NodeJS.ProcessEnv]>([
    ['on ::1', { WIREFETCH_HOST: '::1' }],
    ['on localhost', { WIREFETCH_HOST: 'localhost' }],
    ['on another address of this machine', { WIREFETCH_HOST: '127.0.0.2' }],
    ['because keys are switched off', { WIREFETCH_API_KEYS: 'key', WIREFETCH_AUTH: 'off' }],
  ])('%s it is the same', (_, env) => {
    expect(refusalOf({ host: 'evil.test' }, env)).toBe('misdirected-request');
  });
});

describe.each<[what: string, env: NodeJS.ProcessEnv]>([
  ['with keys', { WIREFETCH_API_KEYS: 'key' }],
  ['bound to all addresses', { WIREFETCH_HOST: '0.0.0.0', WIREFETCH_AUTH: 'off' }],
])('%s', (_, env) => {
  it('Host may be any', () => {
    for (const host of ['wirefetch.example', '10.0.0.1']) expect(refusalOf({ host }, env)).toBe(null);
  });

  it.each<[what: string, head: Head]>([
    ['no', {}],
    ['two', { host: ['localhost', 'localhost'] }],
    ['two, in HTTP/1.0', { host: ['localhost', 'localhost'], httpVersion: '1.0' }],
  ])('there must not be %s of it: RFC 9112 §3.2', (__, head) => {
    expect(refusalOf(head, env)).toBe('invalid-request');
  });
});
