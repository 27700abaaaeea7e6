import type { FastifyInstance } from 'fastify';
import { readSettings } from '../../src/config/settings';
import { createApp } from '../../src/create-app';
import { LOOPBACK_ONLY, call } from '../support/app';
import { answering, response, useOrigins } from '../support/origin';

const startOrigin = useOrigins();

it('what a request brought is used, and not kept until its answer has left', async () => {
  const origin = await startOrigin(answering(response('200 OK')));
  const { settings } = readSettings({ WIREFETCH_LOG_LEVEL: 'silent', ...LOOPBACK_ONLY });
  const app = await createApp(settings);
  const kept: unknown[] = [];
  const fastify: FastifyInstance = app.getHttpAdapter().getInstance();
  fastify.addHook('onSend', (request, _, __, done) => {
    kept.push(request.body);
    done();
  });
  await app.listen(0, settings.host);
  try {
    const body = { url: origin.url(), method: 'POST', body: { text: 'content' } };
    const answer = await call(`${await app.getUrl()}/fetch`, { method: 'POST', body });
    expect(answer.status).toBe(200);
    expect(kept).toEqual([undefined]);
  } finally {
    await app.close();
  }
});
