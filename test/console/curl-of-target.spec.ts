import { execFile, execFileSync } from 'node:child_process';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { curlOfTarget } from '../../src/console/page/curl-of-target';
import type { ConsoleRequest } from '../../src/console/page/draft';
import { answeringThenFin, response, useOrigins } from '../support/origin';

const run = promisify(execFile);
const startOrigin = useOrigins();

/** What a shell makes of a command. */
function argumentsOf(command: string): string[] {
  const script = `curl() { for a; do printf '%s\\0' "$a"; done; }\n${command}\n`;
  return execFileSync('/bin/sh', ['-s'], { input: script, encoding: 'utf8' }).split('\0').slice(0, -1);
}

const URL_ = 'http://a.example/';

describe('a command that asks the target itself', () => {
  it.each<[what: string, request: Partial<ConsoleRequest>, options: string[]]>([
    ['reads as this service does', {}, ['--location', '--max-redirs', '10', '--cookie', '']],
    ['is not led on', { redirects: { follow: false } }, ['--globoff']],
    ['is led on for a while', { redirects: { max: 3 } }, ['--max-redirs', '3']],
    ['speaks HTTP/1.0', { httpVersion: '1.0' }, ['--http1.0']],
    ['speaks HTTP/1.1', {}, ['--http1.1']],
    ['asks for the head', { method: 'HEAD' }, ['--head']],
    ['has another method', { method: 'PURGE' }, ['--request', 'PURGE']],
    ['takes any certificate', { tls: { verify: false } }, ['--insecure']],
    ['dials IPv6', { network: { family: 6 } }, ['-6']],
    ['bounds all', { timeouts: { totalMs: 1_500 } }, ['--max-time', '1.5']],
    ['bounds connecting', { timeouts: { connectMs: 500 } }, ['--connect-timeout', '0.5']],
    ['bounds silence', { timeouts: { idleMs: 4_000 } }, ['--speed-limit', '1', '--speed-time', '4']],
    ['bounds content', { read: { maxBodyBytes: 9 } }, ['--max-filesize', '9']],
    ['has headers', { headers: [{ name: 'X-A', value: "it's" }] }, ['--header', "X-A: it's"]],
    ['has empty headers', { headers: [{ name: 'X-A', value: '' }] }, ['--header', 'X-A;']],
    ['adds none', { defaultHeaders: false }, ['--header', 'User-Agent:', '--header', 'Accept:']],
    ['undoes codings', {}, ['--compressed']],
    ['sends text', { method: 'POST', body: { text: "@it's\n" } }, ['--data-raw', "@it's\n"]],
    ['sends nothing', { method: 'POST' }, ['--data-raw', '']],
  ])('%s', (_, request, options) => {
    const args = argumentsOf(curlOfTarget({ url: URL_, ...request }));
    expect(args[0]).toBe('-i');
    expect(args.slice(-2)).toEqual(['--url', URL_]);
    expect(args.join('\0')).toContain(options.join('\0'));
  });

  it('asks under another name where the handshake is to', () => {
    const request = { url: 'https://127.0.0.1:8443/x', tls: { serverName: 'b.example' } };
    const args = argumentsOf(curlOfTarget(request));
    expect(args.join(' ')).toContain('--connect-to ::127.0.0.1:8443 --header Host: 127.0.0.1:8443');
    expect(args.at(-1)).toBe('https://b.example:8443/x');
  });

  it('reads no file, whatever a link says', () => {
    const headers = [{ name: '@/etc/passwd', value: '' }];
    const request = { url: 'file:///etc/passwd', method: '-K', headers, body: { text: '@/etc/passwd' } };
    const args = argumentsOf(curlOfTarget(request));
    expect(args).toContain('--proto');
    expect(args).toContain('=http,https');
    expect(args.some((one) => one.startsWith('@/etc') && args[args.indexOf(one) - 1] !== '--data-raw')).toBe(
      false,
    );
    expect(args[args.indexOf('-K') - 1]).toBe('--request');
  });

  it('means to the shell what was meant, and shows what would not be seen', () => {
    const nasty = fc.string({
      unit: fc.constantFrom("'", '"', '\\', '$', '`', '%', '!', '\u202e', '\x1b', '한', 'a'),
    });
    fc.assert(
      fc.property(nasty, (text) => {
        const command = curlOfTarget({ url: URL_, headers: [{ name: 'X-A', value: `${text}.` }] });
        expect(argumentsOf(command)).toContain(`X-A: ${text}.`);
        expect(command).not.toMatch(/[\u202e\x1b]/);
      }),
      { numRuns: 40 },
    );
  });

  it('is understood by curl, which sends the same', async () => {
    if ((await run('curl', ['--version']).catch(() => null)) === null) {
      console.warn('curl is not there: the command was not run');
      return;
    }
    const origin = await startOrigin(answeringThenFin(response('200 OK', 'whole')));
    const command = curlOfTarget({
      url: origin.url('/a?b=[c]'),
      method: 'PUT',
      headers: [{ name: 'X-Note', value: "it's $HOME" }],
      body: { base64: 'AAEC/w==' },
    });
    const { stdout } = await run('sh', ['-c', command]);
    expect(stdout).toContain('whole');
    const request = origin.requests[0]!;
    expect(request).toMatch(/^PUT \/a\?b=\[c\] HTTP\/1\.1\r\n/);
    expect(request).toContain("X-Note: it's $HOME\r\n");
    expect(request).toContain('Content-Length: 4\r\n');
    expect(request).not.toMatch(/content-type/i);
    expect(request.endsWith('\0\x01\x02\xff')).toBe(true);
  });
});
