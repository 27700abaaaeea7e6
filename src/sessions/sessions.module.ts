import { Module } from '@nestjs/common';
import { SETTINGS } from '../config/config.module';
import type { Settings } from '../config/settings';
import { MemorySessionStore } from './memory-session-store';
import { SESSION_STORE } from './session-store';
import { SessionsController } from './sessions.controller';

@Module({
  controllers: [SessionsController],
  providers: [
    {
      provide: SESSION_STORE,
      inject: [SETTINGS],
      useFactory: ({ sessionTtlMs }: Settings) => new MemorySessionStore(sessionTtlMs, () => Date.now()),
    },
  ],
  exports: [SESSION_STORE],
})
export class SessionsModule {}
