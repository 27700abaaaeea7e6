import { spawn } from 'node:child_process';
import { selfSignedCertificate } from './certificate.mts';
import { pages, startOrigin } from './origin.mts';
import { ORIGIN_PORT, SERVICE_PORT, TLS_PORT, orExit } from './ports.mts';

/** `npm run demo`: the service, and an origin on loopback, over TCP and over TLS, that its policy lets it fetch. */

const origin = await orExit(ORIGIN_PORT, startOrigin(ORIGIN_PORT));
await orExit(TLS_PORT, startOrigin(TLS_PORT, await selfSignedCertificate()));

process.stdout.write('Pages to fetch:\n');
for (const { url, what } of pages(origin)) process.stdout.write(`  ${url.padEnd(36)} ${what}\n`);
process.stdout
  .write(`  ${`https://127.0.0.1:${TLS_PORT}/`.padEnd(36)} all of them over TLS, with a certificate signed by itself

Fetch one through the service:
  curl localhost:${SERVICE_PORT}/fetch -H 'content-type: application/json' -d '{"url":"http://127.0.0.1:${ORIGIN_PORT}/bursts"}'
or in a browser, and watch: http://localhost:${SERVICE_PORT}/

`);

const service = spawn(process.execPath, ['dist/main.js'], {
  stdio: 'inherit',
  // Where README's tour looks for it, whatever the terminal has set.
  env: {
    ...process.env,
    WIREFETCH_HOST: '127.0.0.1',
    WIREFETCH_PORT: String(SERVICE_PORT),
    WIREFETCH_ALLOW_CIDRS: `127.0.0.1/32:${ORIGIN_PORT},127.0.0.1/32:${TLS_PORT}`,
  },
});
service.once('exit', (code) => process.exit(code ?? 1));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => service.kill(signal));
