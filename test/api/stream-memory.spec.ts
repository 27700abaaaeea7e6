import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { turn, useOrigins } from '../support/origin';
import { useProcesses } from '../support/service-process';

const GIBIBYTE = 1_073_741_824;
const MOST_GROWTH = 64_000_000;
const start = useOrigins();
const run = useProcesses();

jest.setTimeout(120_000);

/** Resident octets of a process: proc(5). */
function resident(pid: number): number {
  const [, kilobytes] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))!;
  return Number(kilobytes) * 1024;
}

/** @returns octets of the answer, and how it ends */
async function stream(url: string, body: object): Promise<{ bytes: number; last: string }> {
  const headers = { 'content-type': 'application/json', accept: 'application/x-ndjson' };
  const outgoing = request(`${url}/fetch`, { method: 'POST', headers, agent: false });
  outgoing.end(JSON.stringify(body));
  const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
  let bytes = 0;
  let last = '';
  for await (const some of incoming as AsyncIterable<Buffer>) {
    bytes += some.length;
    last = (last + some.toString('latin1')).slice(-20_000);
  }
  return { bytes, last };
}

it('a gibibyte passes through in little memory', async () => {
  const piece = Buffer.alloc(65_536, 'what comes over the wire, 32 at a time\n');
  const origin = await start(async (peer) => {
    const head = await peer.request();
    const bytes = Number(/\/(\d+) /.exec(head)![1]);
    await peer.send(`HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: ${bytes}\r\n\r\n`);
    for (let sent = 0; sent < bytes; sent += piece.length) {
      await peer.send(piece);
      if (sent % GIBIBYTE === 0) await turn();
    }
  });
  const service = await run({ WIREFETCH_MAX_BODY_BYTES: String(GIBIBYTE), WIREFETCH_LOG_LEVEL: 'info' }, [
    '--min-semi-space-size=2',
    '--max-semi-space-size=8',
    '--expose-gc',
    '--v8-pool-size=2',
    '--concurrent-marking-max-worker-num=1',
  ]);
  const asked = (bytes: number): object => ({
    url: origin.url(`/${bytes}`),
    read: { maxBodyBytes: GIBIBYTE },
    timeouts: { totalMs: 120_000 },
    include: { body: 'base64' },
  });
  // What a process has when it has just begun is not what it has when it is idle.
  await stream(service.url, asked(1_048_576));
  const idle = resident(service.pid);
  let most = idle;
  const watch = setInterval(() => (most = Math.max(most, resident(service.pid))), 20);
  const { bytes, last } = await stream(service.url, asked(GIBIBYTE));
  clearInterval(watch);
  expect(last).toContain('"endedBy":"content-length"');
  expect(last).toContain(`"bytes":${GIBIBYTE},"wireBytes":${GIBIBYTE}`);
  expect(bytes).toBeGreaterThan((GIBIBYTE / 3) * 4);
  expect(most - idle).toBeLessThan(MOST_GROWTH);
});
