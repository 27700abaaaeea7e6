import { pino } from 'pino';
import type { ReadSettings } from '../config/settings';
import { PortClaim, canBeShared } from '../edge/port-claim';
import { logOutput } from '../observability/log-output';
import { Primary } from './primary';

/** Has this process lead others, which are the service, and answer nobody itself.
 *  @throws Error when they cannot start */
export async function lead({ settings, warnings }: ReadSettings, processes: number): Promise<void> {
  const logger = pino({ level: settings.logLevel, ...logOutput() }).child({ context: 'wirefetch' });
  for (const warning of warnings) logger.warn(warning);
  // To the end, for those that will replace others too.
  if (canBeShared(settings)) await PortClaim.make(settings);

  const primary = new Primary(settings, processes, logger);
  process.on('uncaughtException', (error) => {
    logger.fatal(error);
    void primary.kill();
    process.exit(1);
  });
  let stopping = false;
  const stop = async (signal: string): Promise<void> => {
    if (stopping) {
      void primary.kill();
      process.exit(1);
    }
    stopping = true;
    logger.info(`${signal}: finishing what is under way`);
    const isClean = await primary.stop();
    logger.info('stopped');
    process.exit(isClean ? 0 : 1);
  };
  for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => void stop(signal));

  logger.info(`starting ${processes} processes`);
  const url = await primary.start();
  logger.info(`listening on ${url}`);
  logger.info(`console page: ${url}/`);
  logger.info(`Swagger UI: ${url}/docs`);
}
