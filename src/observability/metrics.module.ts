import { Module } from '@nestjs/common';
import { FetchModule } from '../fetch/fetch.module';
import { LimitsModule } from '../limits/limits.module';
import { LoadMetrics } from './load-metrics';
import { MetricsController } from './metrics.controller';

@Module({
  imports: [FetchModule, LimitsModule],
  controllers: [MetricsController],
  providers: [LoadMetrics],
})
export class MetricsModule {}
