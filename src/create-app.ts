import type { DynamicModule, NestApplicationOptions } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { AppModule } from './app.module';
import type { Settings } from './config/settings';
import { AppLogger } from './observability/app-logger';
import { serveApiDescription } from './openapi';
import { Problem } from './problems/problem';
import { answerProblem } from './problems/problem.filter';

type Assemble = (
  module: DynamicModule,
  adapter: FastifyAdapter,
  options: NestApplicationOptions,
) => Promise<NestFastifyApplication>;

/** The whole service, wired and not yet listening.
 *  @param assemble makes the application; tests put other parts in */
export async function createApp(
  settings: Settings,
  assemble: Assemble = (module, adapter, options) => NestFactory.create(module, adapter, options),
): Promise<NestFastifyApplication> {
  const app = await assemble(AppModule.forRoot(settings), createAdapter(settings), {
    bodyParser: false,
    bufferLogs: true,
    abortOnError: false,
  });
  app.useLogger(app.get(AppLogger));
  serveApiDescription(app);
  return app;
}

function createAdapter({ maxRequestBytes }: Settings): FastifyAdapter {
  const adapter = new FastifyAdapter({
    bodyLimit: maxRequestBytes,
    // OpenAnswers has seen to it that none is cut.
    forceCloseConnections: true,
    // While it closes, requests are refused as the others were while it drained.
    return503OnClosing: false,
    // A path that is no text reaches no route, and no filter.
    frameworkErrors: (error: FastifyError, { url }: FastifyRequest, reply: FastifyReply) =>
      answerProblem(reply, new Problem('not-found', error.message), url),
  });
  // JSON alone is read: anything else is 415.
  adapter.getInstance().removeContentTypeParser('text/plain');
  return adapter;
}
