import 'reflect-metadata';
import type { AddressInfo } from 'node:net';
import { constants, setPriority } from 'node:os';
import { Logger } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { Registry, collectDefaultMetrics } from 'prom-client';
import { InvalidSettings, type ReadSettings, readSettings } from './config/settings';
import { createApp } from './create-app';
import { InFlight } from './fetch/in-flight';
import { OpenAnswers } from './fetch/open-answers';
import { saveInCrowds } from './process/crowded-heap';
import { keepLean } from './process/quiet-heap';

/** What is left of a pool of small buffers lives as long as its longest-lived one: those of 64 KiB that the runtime has
 *  held several times what hundreds of slow fetches had asked for. */
const POOL_BYTES = 8_192;

async function main(): Promise<void> {
  Buffer.poolSize = POOL_BYTES;
  const { settings, warnings } = settingsOrExit();
  // Who answers callers on the same machine goes first.
  if (settings.role === 'worker') setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  const app = await createApp(settings);
  const logger = new Logger('wirefetch');
  for (const warning of warnings) logger.warn(warning);

  // Here, and not in the application: what it starts can never be stopped, as tests with many services would have to.
  collectDefaultMetrics({ register: app.get(Registry) });
  process.on('uncaughtException', (error) => {
    logger.fatal(error);
    process.exit(1);
  });

  let stopping = false;
  const stop = async (signal: string): Promise<void> => {
    if (stopping) process.exit(1);
    stopping = true;
    logger.log(`${signal}: finishing what is under way`);
    app.get(InFlight).stopAccepting();
    await app.close();
    logger.log('stopped');
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => void stop(signal));

  const server: FastifyInstance = app.getHttpAdapter().getInstance();
  await app.listen(await server.wideDoor.listenOptions());
  const [answers, inFlight] = [app.get(OpenAnswers), app.get(InFlight)];
  keepLean({
    begun: () => answers.calls() + inFlight.begun,
    isBusy: () => answers.isAnswering() || inFlight.isBusy,
  });
  saveInCrowds(answers);
  const url = urlOf(app, settings.host);
  logger.log(`listening on ${url}`);
  logger.log(`Swagger UI: ${url}/docs`);
}

/** Nest's own `getUrl` tells of 127.0.0.1 where the service listens on every address.
 *  @param host as it was set */
function urlOf(app: NestFastifyApplication, host: string): string {
  const { port } = app.getHttpServer().address() as AddressInfo;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function settingsOrExit(): ReadSettings {
  try {
    return readSettings(process.env);
  } catch (error) {
    if (!(error instanceof InvalidSettings)) throw error;
    process.stderr.write(`wirefetch cannot start:\n${error.message}\n`);
    process.exit(1);
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`wirefetch cannot start: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
