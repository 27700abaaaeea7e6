import 'reflect-metadata';
import type { AddressInfo } from 'node:net';
import { constants, setPriority } from 'node:os';
import { Logger } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { Registry, collectDefaultMetrics } from 'prom-client';
import type { ReadSettings, Settings } from './config/settings';
import { startFailure } from './config/start-failure';
import { createApp } from './create-app';
import { InFlight } from './fetch/in-flight';
import { OpenAnswers } from './fetch/open-answers';
import { ServiceMetrics } from './observability/service-metrics';
import { saveInCrowds } from './process/crowded-heap';
import { PrimaryLink } from './process/primary-link';
import { keepLean } from './process/quiet-heap';
import { V8Heap } from './process/v8-heap';

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/** Serves callers as the only process. */
export async function serveAlone({ settings, warnings }: ReadSettings): Promise<void> {
  const app = await create(settings);
  const logger = new Logger('wirefetch');
  for (const warning of warnings) logger.warn(warning);
  if (settings.workers === 'auto' && settings.databaseUrl === null)
    logger.log('one process, because the embedded database belongs to one: more need WIREFETCH_DATABASE_URL');

  let stopping = false;
  const stop = async (signal: string): Promise<void> => {
    if (stopping) process.exit(1);
    stopping = true;
    logger.log(`${signal}: finishing what is under way`);
    await finish(app);
    logger.log('stopped');
    process.exit(0);
  };
  for (const signal of SIGNALS) process.on(signal, () => void stop(signal));

  const url = await listen(app, settings, { isClaimed: false });
  logger.log(`listening on ${url}`);
  logger.log(`console page: ${url}/`);
  logger.log(`Swagger UI: ${url}/docs`);
}

/** Serves callers beside other processes, as the primary says. */
export async function serveWithOthers(): Promise<void> {
  const primary = new PrimaryLink();
  try {
    const settings = await primary.settings;
    const app = await create(settings);
    const registry = app.get(Registry);
    app.get(ServiceMetrics).readFromAll(() => primary.metricsOfAll());

    let stopping = false;
    const stop = async (): Promise<void> => {
      // A terminal, or whoever ends a group of processes, signals to all of them, and the primary says it once more.
      if (stopping) return;
      stopping = true;
      await finish(app);
      process.exit(0);
    };
    void primary.stopped.then(stop);
    for (const signal of SIGNALS) process.on(signal, () => void stop());

    const url = await listen(app, settings, { isClaimed: true });
    primary.listens(url, () => registry.getMetricsAsJSON());
  } catch (error) {
    await primary.fails(startFailure(error));
    process.exit(1);
  }
}

async function create(settings: Settings): Promise<NestFastifyApplication> {
  // Who answers callers on the same machine goes first.
  if (settings.role === 'worker') setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  new V8Heap().keepYoungSmall();
  const app = await createApp(settings);
  // Here, and not in the application: what it starts can never be stopped, as tests with many services would have to.
  collectDefaultMetrics({ register: app.get(Registry) });
  process.on('uncaughtException', (error) => {
    new Logger('wirefetch').fatal(error);
    process.exit(1);
  });
  return app;
}

/** @returns the URL of the service */
async function listen(
  app: NestFastifyApplication,
  { host }: Settings,
  how: { readonly isClaimed: boolean },
): Promise<string> {
  const server: FastifyInstance = app.getHttpAdapter().getInstance();
  await app.listen(await server.wideDoor.listenOptions(how));
  const [answers, inFlight] = [app.get(OpenAnswers), app.get(InFlight)];
  const heap = new V8Heap();
  saveInCrowds(answers, heap);
  keepLean(
    {
      begun: () => answers.calls() + inFlight.begun,
      probed: () => answers.probes(),
      isBusy: () => answers.isAnswering() || inFlight.isBusy,
    },
    heap,
  );
  // Nest's own `getUrl` tells of 127.0.0.1 where the service listens on every address.
  const { port } = app.getHttpServer().address() as AddressInfo;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** Answers what is under way, and nothing more. */
async function finish(app: NestFastifyApplication): Promise<void> {
  app.get(InFlight).stopAccepting();
  await app.close();
}
