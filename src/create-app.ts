import type { DynamicModule, NestApplicationOptions } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from './app.module';
import type { Settings } from './config/settings';
import { createServer } from './edge/server';
import { AppLogger } from './observability/app-logger';
import { serveApiDescription } from './openapi';

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
  const app = await assemble(AppModule.forRoot(settings), new FastifyAdapter(createServer(settings)), {
    bodyParser: false,
    bufferLogs: true,
    abortOnError: false,
  });
  app.useLogger(app.get(AppLogger));
  serveApiDescription(app);
  return app;
}
