import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { HostsFile, parseHosts } from '../../src/transport/hosts-file';

describe('hosts(5)', () => {
  it.each<[string, text: string, Record<string, string[]>]>([
    ['is empty', '', {}],
    ['an address with its names', '10.0.0.1 a b', { a: ['10.0.0.1'], b: ['10.0.0.1'] }],
    ['blanks of any kind', '\t 10.0.0.1 \t\t a\tb  ', { a: ['10.0.0.1'], b: ['10.0.0.1'] }],
    ['CRLF', '10.0.0.1 a\r\n10.0.0.2 b\r\n', { a: ['10.0.0.1'], b: ['10.0.0.2'] }],
    ['comments', '# 10.0.0.1 a\n10.0.0.2 b # c\n10.0.0.3 d#e', { b: ['10.0.0.2'], d: ['10.0.0.3'] }],
    ['names in any case', '10.0.0.1 Host.Example', { 'host.example': ['10.0.0.1'] }],
    ['an address without a name', '10.0.0.1\n10.0.0.2 #a', {}],
    ['what is no address', 'a 10.0.0.1\n10.0.0 b\n0x7f.1 c\n10.0.0.1:80 d', {}],
    [
      'several addresses of a name, in their order',
      '10.0.0.2 a\n::1 a\n10.0.0.1 b a',
      { a: ['10.0.0.2', '::1', '10.0.0.1'], b: ['10.0.0.1'] },
    ],
  ])('%s', (_, text, expected) => {
    const names = [...parseHosts(text)].map(([name, found]) => [name, found.map(({ address }) => address)]);
    expect(Object.fromEntries(names)).toEqual(expected);
  });

  it('tells the family of each address', () => {
    expect(parseHosts('127.0.0.1 a\n::1 a\n::ffff:127.0.0.1 a').get('a')).toEqual([
      { address: '127.0.0.1', family: 4 },
      { address: '::1', family: 6 },
      { address: '::ffff:127.0.0.1', family: 6 },
    ]);
  });

  it('may hold names that objects have', () => {
    expect(parseHosts('10.0.0.1 constructor').get('constructor')).toHaveLength(1);
    expect(parseHosts('').get('constructor')).toBeUndefined();
  });
});

describe('a hosts file', () => {
  let folder: string;
  let file: string;
  let now: number;

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'hosts-file-'));
    file = path.join(folder, 'hosts');
    now = 1_000_000;
    jest.spyOn(performance, 'now').mockImplementation(() => now);
  });

  afterEach(() => {
    jest.restoreAllMocks();
    rmSync(folder, { recursive: true });
  });

  function write(text: string, modifiedAt: number): void {
    writeFileSync(file, text);
    utimesSync(file, modifiedAt, modifiedAt);
  }

  function addressesOf(hosts: HostsFile, name: string): string[] {
    return hosts.lookup(name).map(({ address }) => address);
  }

  it('knows its names, and no others', () => {
    write('10.0.0.1 a', 1);
    const hosts = new HostsFile(file);
    expect(addressesOf(hosts, 'a')).toEqual(['10.0.0.1']);
    expect(addressesOf(hosts, 'b')).toEqual([]);
  });

  it('is read again when it has changed, at most once a second', () => {
    write('10.0.0.1 a', 1);
    const hosts = new HostsFile(file);
    expect(addressesOf(hosts, 'a')).toEqual(['10.0.0.1']);
    write('10.0.0.2 a', 2);
    now += 1_000;
    expect(addressesOf(hosts, 'a')).toEqual(['10.0.0.1']);
    now += 1;
    expect(addressesOf(hosts, 'a')).toEqual(['10.0.0.2']);
  });

  it('is read again when only its size tells that it has changed', () => {
    write('10.0.0.1 a', 1);
    const hosts = new HostsFile(file);
    expect(addressesOf(hosts, 'b')).toEqual([]);
    write('10.0.0.1 a b', 1);
    now += 1_001;
    expect(addressesOf(hosts, 'b')).toEqual(['10.0.0.1']);
  });

  it('keeps its names while it stays as it is', () => {
    write('10.0.0.1 a', 1);
    const hosts = new HostsFile(file);
    const before = hosts.lookup('a');
    now += 1_001;
    expect(hosts.lookup('a')).toBe(before);
  });

  it('that is missing knows no names, until it is there', () => {
    const hosts = new HostsFile(file);
    expect(addressesOf(hosts, 'a')).toEqual([]);
    write('10.0.0.1 a', 1);
    now += 1_001;
    expect(addressesOf(hosts, 'a')).toEqual(['10.0.0.1']);
  });

  it('that is removed and put back the same is known again', () => {
    write('10.0.0.1 a', 1);
    const hosts = new HostsFile(file);
    expect(addressesOf(hosts, 'a')).toEqual(['10.0.0.1']);
    rmSync(file);
    now += 1_001;
    expect(addressesOf(hosts, 'a')).toEqual([]);
    write('10.0.0.1 a', 1);
    now += 1_001;
    expect(addressesOf(hosts, 'a')).toEqual(['10.0.0.1']);
  });

  it('that cannot be read knows no names', () => {
    expect(addressesOf(new HostsFile(folder), 'a')).toEqual([]);
  });
});
