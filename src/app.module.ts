import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { ConfigModule } from './config/config.module';
import type { Settings } from './config/settings';
import { ConsoleModule } from './console/console.module';
import { FetchModule } from './fetch/fetch.module';
import { HealthModule } from './health/health.module';
import { JobsModule } from './jobs/jobs.module';
import { MetricsModule } from './observability/metrics.module';
import { ObservabilityModule } from './observability/observability.module';
import { ProblemFilter } from './problems/problem.filter';
import { ProblemsModule } from './problems/problems.module';
import { SessionsModule } from './sessions/sessions.module';

@Module({})
export class AppModule {
  static forRoot(settings: Settings): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ConfigModule.forRoot(settings),
        ObservabilityModule.forRoot(settings),
        FetchModule,
        SessionsModule,
        JobsModule,
        HealthModule,
        MetricsModule,
        ProblemsModule,
        ConsoleModule,
      ],
      providers: [{ provide: APP_FILTER, useClass: ProblemFilter }],
    };
  }
}
