import { type DynamicModule, Module } from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';
import { Registry } from 'prom-client';
import type { Settings } from '../config/settings';
import { AppLogger } from './app-logger';
import { CallMetrics } from './call-metrics';
import { CallObserver } from './call-observer';
import { FetchLog } from './fetch-log';
import { FetchMetrics } from './fetch-metrics';
import { FetchReport } from './fetch-report';
import { RefusalLog } from './refusal-log';

/** What may never be read in a log. The parents are named: a wildcard would have every line copied. */
const SECRETS = ['authorization', 'cookie', 'proxy-authorization', 'set-cookie', 'x-api-key'];
const PARENTS = ['', 'headers', 'req.headers', 'res.headers'];
const REDACTED = PARENTS.flatMap((parent) => SECRETS.map((name) => `${parent}["${name}"]`));

/** Logs by pino, as JSON, pretty when a person has started the service in a terminal; and what is counted. */
@Module({})
export class ObservabilityModule {
  static forRoot({ logLevel }: Settings): DynamicModule {
    const transport = process.stdout.isTTY
      ? {
          transport: { target: 'pino-pretty', options: { singleLine: true, ignore: 'pid,hostname,context' } },
        }
      : {};
    return {
      module: ObservabilityModule,
      global: true,
      imports: [
        LoggerModule.forRoot({
          // FetchLog and RefusalLog write what is to be known; a line for each HTTP request would say it twice.
          forRoutes: [],
          pinoHttp: {
            level: logLevel,
            autoLogging: false,
            redact: REDACTED,
            ...transport,
          },
        }),
      ],
      providers: [
        AppLogger,
        FetchLog,
        FetchMetrics,
        FetchReport,
        CallMetrics,
        CallObserver,
        RefusalLog,
        // One for each service: tests have several in a process.
        { provide: Registry, useFactory: () => new Registry() },
      ],
      exports: [AppLogger, FetchReport, Registry],
    };
  }
}
