import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { octetsOf } from '../../src/console/page/base64';
import type { FetchResult } from '../../src/console/page/data';
import { loopOutput, printedLines, tutorialProgram } from '../../src/console/page/panes/tutorial';
import { jsonOf, useService } from '../support/app';
import { type Serve, answering, answeringThenFin, response, useOrigins } from '../support/origin';

const service = useService();
const startOrigin = useOrigins();
const run = promisify(execFile);

async function fetched(serve: Serve, request: object): Promise<FetchResult> {
  const origin = await startOrigin(serve);
  const include = { rawHead: true, reads: 'full' };
  return jsonOf(await service().fetch({ url: origin.url('/a?b=c'), include, ...request }));
}

function programOf(result: FetchResult): string {
  return tutorialProgram(result, octetsOf(result.request.rawHead!));
}

const PAGE = response('200 OK', 'x'.repeat(2_500));

describe('the loop', () => {
  it('ends with nothing where the peer closed', async () => {
    const result = await fetched(answeringThenFin(PAGE), { read: { until: 'close', bufferBytes: 1_024 } });
    expect(loopOutput(result)).toMatchObject({ end: 'closed', seen: true });
    expect(printedLines(loopOutput(result))).toEqual(['1024', '1024', String(PAGE.length - 2_048), "b''"]);
  });

  it('ends with a timeout where the peer kept the connection', async () => {
    const read = { until: 'idle', bufferBytes: 4_096 };
    const result = await fetched(answering(PAGE), { read, timeouts: { idleMs: 50 } });
    expect(loopOutput(result)).toMatchObject({ end: 'timed-out', seen: true });
    expect(printedLines(loopOutput(result))).toEqual([String(PAGE.length), 'timed out']);
  });

  it.each<[what: string, headers: object[], end: string]>([
    ['asked to close', [], 'closed'],
    ['asked to stay', [{ name: 'Connection', value: 'keep-alive' }], 'timed-out'],
  ])('that was not waited for ends as the connection would: %s', async (_, headers, end) => {
    const result = await fetched(answering(PAGE), { headers });
    expect(loopOutput(result)).toMatchObject({ end, seen: false });
  });

  it('goes on where reading was stopped', async () => {
    const result = await fetched(answering(PAGE), { read: { bufferBytes: 1_024, maxReads: 1 } });
    expect(loopOutput(result)).toMatchObject({ sizes: [1_024], end: 'unknown' });
    expect(printedLines(loopOutput(result))).toEqual(['1024', '…']);
  });

  it('tells how many reads it does not show', async () => {
    const result = await fetched(answeringThenFin(PAGE), { read: { bufferBytes: 1 } });
    const lines = printedLines(loopOutput(result));
    expect(lines).toHaveLength(1_002);
    expect(lines[1_000]).toBe(`… (+${result.chunks.count - 1_000})`);
  });
});

describe('the program', () => {
  it('is for this host, port, request and buffer', async () => {
    const result = await fetched(answeringThenFin(PAGE), {
      headers: [{ name: 'X-A', value: "it's \\ \xe9" }],
      read: { bufferBytes: 512 },
    });
    const program = programOf(result);
    expect(program).toContain("b'GET /a?b=c HTTP/1.1\\r\\n'");
    expect(program).toContain(String.raw`b'X-A: it\'s \\ \xe9\r\n'`);
    expect(program).toContain(`s.connect(('127.0.0.1', ${new URL(result.url).port}))`);
    expect(program).toContain('s.recv(512)');
  });

  it('speaks TLS where the fetch did, and trusts whom it trusted', async () => {
    const result = await fetched(answeringThenFin(PAGE), {});
    const tls = { authorized: false, serverName: null } as NonNullable<FetchResult['connection']['tls']>;
    const program = tutorialProgram(
      { ...result, finalUrl: 'https://[::1]/', connection: { ...result.connection, family: 6, tls } },
      null,
    );
    expect(program).toContain("s.connect(('::1', 443))");
    expect(program).toContain('AF_INET6');
    expect(program).toContain("context.wrap_socket(s, server_hostname='::1')");
    expect(program).toContain('ssl.CERT_NONE');
  });

  it('prints what is said that it would, where there is a Python to run it', async () => {
    const version = await run('python3', ['--version']).catch(() => null);
    if (version === null) {
      console.warn('python3 is not there: the program was not run');
      return;
    }
    const result = await fetched(answeringThenFin(PAGE), { read: { until: 'close', bufferBytes: 1_024 } });
    const again = await startOrigin(answeringThenFin(PAGE));
    const program = programOf(result).replaceAll(new URL(result.url).port, new URL(again.url('/')).port);
    const { stdout } = await run('python3', ['-c', program]);
    expect(stdout.trimEnd().split('\n')).toEqual(printedLines(loopOutput(result)));
  });
});
