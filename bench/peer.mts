import { LogController, fastify } from 'fastify';
import type { Way } from './contract.mts';
import { fetchBy } from './fetching.mts';

/** The least service that does the job with an HTTP library: POST /fetch {"url"} → status, headers, body.
 *  Like wirefetch it writes one line a fetch; unlike it, it checks and tells nothing more. */

const fetchPage = fetchBy(process.argv[2] as Way);
const app = fastify({
  logger: { level: 'info' },
  logController: new LogController({ disableRequestLogging: true }),
});

app.post<{ Body: { readonly url: string } }>('/fetch', async ({ body: { url }, log }) => {
  const { status, headers, content } = await fetchPage(url);
  log.info({ url, status, octets: content.length }, 'fetch');
  return { url, status, headers, body: { text: content.toString('utf8') } };
});

await app.listen({ host: '127.0.0.1', port: 0 });
