import { type DynamicModule, Module } from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';
import type { Settings } from '../config/settings';
import { AppLogger } from './app-logger';
import { FetchLog } from './fetch-log';

/** What may never be read in a log, whoever logs it and however deep. */
const SECRETS = ['authorization', 'cookie', 'proxy-authorization', 'set-cookie', 'x-api-key'];
const REDACTED = SECRETS.flatMap((name) => [`["${name}"]`, `*["${name}"]`, `*.headers["${name}"]`]);

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
