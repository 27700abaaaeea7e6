import { spawn } from 'node:child_process';
import { pages, startOrigin } from './origin.mts';

/** `npm run demo`: the service, and an origin on loopback that its policy lets it fetch. */

const ORIGIN_PORT = 8081;

const origin = await startOrigin(ORIGIN_PORT).catch((error: unknown) => {
  process.stderr.write(`The demo needs port ${ORIGIN_PORT} of 127.0.0.1: ${String(error)}\n`);
  process.exit(1);
});

process.stdout.write('Pages to fetch:\n');
for (const { url, what } of pages(origin)) process.stdout.write(`  ${url.padEnd(36)} ${what}\n`);
process.stdout.write(`
Fetch one through the service:
  curl localhost:8080/fetch -H 'content-type: application/json' -d '{"url":"http://127.0.0.1:${ORIGIN_PORT}/bursts"}'

`);

const service = spawn(process.execPath, ['dist/main.js'], {
  stdio: 'inherit',
  // Where README's tour looks for it, whatever the terminal has set.
  env: {
    ...process.env,
    WIREFETCH_HOST: '127.0.0.1',
    WIREFETCH_PORT: '8080',
    WIREFETCH_ALLOW_CIDRS: `127.0.0.1/32:${ORIGIN_PORT}`,
  },
});
service.once('exit', (code) => process.exit(code ?? 1));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => service.kill(signal));
