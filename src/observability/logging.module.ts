import { type DynamicModule, Module } from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';
import type { Settings } from '../config/settings';
import { AppLogger } from './app-logger';
import { FetchLog } from './fetch-log';

/** What may never be read in a log. The parents are named: a wildcard would have every line copied. */
const SECRETS = ['authorization', 'cookie', 'proxy-authorization', 'set-cookie', 'x-api-key'];
const PARENTS = ['', 'headers', 'req.headers', 'res.headers'];
const REDACTED = PARENTS.flatMap((parent) => SECRETS.map((name) => `${parent}["${name}"]`));

/** pino, as JSON; pretty when a person has started the service in a terminal. */
@Module({})
export class LoggingModule {
  static forRoot({ logLevel }: Settings): DynamicModule {
    const transport = process.stdout.isTTY
      ? {
          transport: { target: 'pino-pretty', options: { singleLine: true, ignore: 'pid,hostname,context' } },
        }
      : {};
    return {
      module: LoggingModule,
      global: true,
      imports: [
        LoggerModule.forRoot({
          // One line a fetch is written by FetchLog; a line for each HTTP request would say it twice.
          forRoutes: [],
          pinoHttp: {
            level: logLevel,
            autoLogging: false,
            redact: REDACTED,
            ...transport,
          },
        }),
      ],
      providers: [AppLogger, FetchLog],
      exports: [AppLogger, FetchLog],
    };
  }
}
