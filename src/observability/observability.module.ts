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
import { logOutput } from './log-output';
import { RefusalLog } from './refusal-log';
import { ServiceMetrics } from './service-metrics';

/** What may never be read in a log. The parents are named: a wildcard would have every line copied. */
const SECRETS = ['authorization', 'cookie', 'proxy-authorization', 'set-cookie', 'x-api-key'];
const PARENTS = ['', 'headers', 'req.headers', 'res.headers'];
const REDACTED = PARENTS.flatMap((parent) => SECRETS.map((name) => `${parent}["${name}"]`));

/** Logs by pino, and what is counted. */
@Module({})
export class ObservabilityModule {
  static forRoot({ logLevel }: Settings): DynamicModule {
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
            ...logOutput(),
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
        ServiceMetrics,
        // One for each service: tests have several in a process.
        { provide: Registry, useFactory: () => new Registry() },
      ],
      exports: [AppLogger, FetchReport, Registry, ServiceMetrics],
    };
  }
}
