import { Module } from '@nestjs/common';
import { FetchModule } from '../fetch/fetch.module';
import { LimitsModule } from '../limits/limits.module';
import { StoreModule } from '../store/store.module';
import { ItemRunner } from './item-runner';
import { JobSystem } from './job-system';
import { JobReport } from './job-report';
import { JobRequestPipe } from './job-request.pipe';
import { JobsController } from './jobs.controller';
import { JobsService } from './jobs.service';
import { WebhookSender } from './webhook-sender';

@Module({
  imports: [StoreModule, FetchModule, LimitsModule],
  controllers: [JobsController],
  providers: [ItemRunner, JobSystem, JobsService, JobRequestPipe, JobReport, WebhookSender],
  exports: [JobSystem],
})
export class JobsModule {}
