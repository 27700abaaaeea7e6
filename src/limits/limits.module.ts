import { Module } from '@nestjs/common';
import { SETTINGS } from '../config/config.module';
import type { Settings } from '../config/settings';
import { Admission } from './admission';
import { FetchLimits } from './fetch-limits';

@Module({
  providers: [
    FetchLimits,
    { provide: Admission, inject: [SETTINGS], useFactory: (settings: Settings) => new Admission(settings) },
  ],
  exports: [FetchLimits, Admission],
})
export class LimitsModule {}
