import { Module } from '@nestjs/common';
import { SETTINGS } from '../config/config.module';
import type { Settings } from '../config/settings';
import { Store } from '../store/store';
import { StoreModule } from '../store/store.module';
import { SESSION_STORE } from './session-store';
import { SessionsController } from './sessions.controller';
import { SqlSessionStore } from './sql-session-store';

@Module({
  imports: [StoreModule],
  controllers: [SessionsController],
  providers: [
    {
      provide: SESSION_STORE,
      inject: [Store, SETTINGS],
      useFactory: (store: Store, { sessionTtlMs }: Settings) =>
        new SqlSessionStore(store, sessionTtlMs, () => Date.now()),
    },
  ],
  exports: [SESSION_STORE],
})
export class SessionsModule {}
