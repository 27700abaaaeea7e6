import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { octetsOf } from '../../src/console/page/base64';
import type { FetchResult } from '../../src/console/page/data';
import { framingOf, loopOutput, printedLines, tutorialProgram } from '../../src/console/page/panes/tutorial';
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
  return tutorialProgram(result, octetsOf(result.request.rawHead!), IDLE_MS);
}

/** the service's own */
const IDLE_MS = 10_000;
const PAGE = response('200 OK', 'x'.repeat(2_500));

describe('the loop', () => {
  it('ends with nothing where the peer closed', async () => {
    const result = await fetched(answeringThenFin(PAGE), { read: { until: 'close', bufferBytes: 1_024 } });
    expect(loopOutput(result, IDLE_MS)).toMatchObject({ end: 'closed', seen: true });
    expect(printedLines(loopOutput(result, IDLE_MS))).toEqual([
      '1024',
      '1024',
      String(PAGE.length - 2_048),
      "b''",
    ]);
  });

  it('ends with a timeout where the peer kept the connection', async () => {
    const read = { until: 'idle', bufferBytes: 4_096 };
    const result = await fetched(answering(PAGE), { read, timeouts: { idleMs: 50 } });
    expect(loopOutput(result, IDLE_MS)).toMatchObject({ end: 'timed-out', seen: true });
    expect(printedLines(loopOutput(result, IDLE_MS))).toEqual([String(PAGE.length), 'timed out']);
  });

  it.each<[what: string, headers: object[], end: string]>([
    ['asked to close', [], 'closed'],
    ['asked to stay', [{ name: 'Connection', value: 'keep-alive' }], 'timed-out'],
  ])('that was not waited for ends as the connection would: %s', async (_, headers, end) => {
    const result = await fetched(answering(PAGE), { headers });
    expect(loopOutput(result, IDLE_MS)).toMatchObject({ end, seen: false });
  });

  it('goes on where reading was stopped', async () => {
    const result = await fetched(answering(PAGE), { read: { bufferBytes: 1_024, maxReads: 1 } });
    expect(loopOutput(result, IDLE_MS)).toMatchObject({ sizes: [1_024], end: 'unknown' });
    expect(printedLines(loopOutput(result, IDLE_MS))).toEqual(['1024', '…']);
  });

  it('does not bear a silence longer than its timeout', async () => {
    const result = await fetched(answering(PAGE), {});
    const at = (...times: number[]): FetchResult => ({
      ...result,
      endedBy: 'close',
      timings: { ...result.timings, wait: 40 },
      chunks: { ...result.chunks, count: times.length, items: times.map((atMs) => ({ atMs, bytes: 7 })) },
    });
    expect(loopOutput(at(50, 100, 3_000, 3_100), 1_200)).toEqual({
      sizes: [7, 7],
      omitted: 0,
      end: 'timed-out',
      seen: true,
    });
    expect(loopOutput(at(50, 100, 3_000), 10_000)).toMatchObject({ sizes: [7, 7, 7], end: 'closed' });
    expect(loopOutput(at(50, 100), 30)).toMatchObject({ sizes: [], end: 'timed-out' });
  });

  it('goes on where the time for everything ran out, unless it had waited too long by then', async () => {
    const result = await fetched(answering(PAGE), {});
    const after = (total: number): FetchResult => ({
      ...result,
      endedBy: 'total-timeout',
      timings: { ...result.timings, wait: 1, total },
      chunks: { ...result.chunks, lastAtMs: 20, items: [{ atMs: 20, bytes: 7 }] },
    });
    expect(loopOutput(after(500), 1_200).end).toBe('unknown');
    expect(loopOutput(after(1_300), 1_200).end).toBe('timed-out');
  });

  it('tells how many reads it does not show', async () => {
    const result = await fetched(answeringThenFin(PAGE), { read: { bufferBytes: 1 } });
    const lines = printedLines(loopOutput(result, IDLE_MS));
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
      1_200,
    );
    expect(program).toContain("s.connect(('::1', 443))");
    expect(program).toContain('AF_INET6');
    expect(program).toContain("context.wrap_socket(s, server_hostname='::1')");
    expect(program).toContain('ssl.CERT_NONE');
    expect(program).toContain('s.settimeout(1.2)');
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
    expect(stdout.trimEnd().split('\n')).toEqual(printedLines(loopOutput(result, IDLE_MS)));
  });
});

describe('what HTTP had said of the end', () => {
  it.each<[answer: string, request: object, framing: object]>([
    [PAGE, {}, { kind: 'length', bytes: '2500' }],
    [PAGE, { method: 'HEAD' }, { kind: 'no-content' }],
    ['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n', {}, { kind: 'chunked' }],
    ['HTTP/1.1 200 OK\r\n\r\nx', {}, { kind: 'close' }],
  ])('is told of %s', async (answer, request, framing) => {
    const result = await fetched(answeringThenFin(answer), { read: { until: 'close' }, ...request });
    expect(result.endedBy).toBe('close');
    expect(framingOf(result)).toEqual(framing);
  });
});
