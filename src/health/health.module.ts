import { Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { FetchModule } from '../fetch/fetch.module';
import { HealthController } from './health.controller';

@Module({
  imports: [TerminusModule.forRoot({ logger: false }), FetchModule],
  controllers: [HealthController],
})
export class HealthModule {}
