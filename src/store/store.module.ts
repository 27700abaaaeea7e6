import { Module, type OnApplicationShutdown } from '@nestjs/common';
import { SETTINGS } from '../config/config.module';
import type { Settings } from '../config/settings';
import { Store } from './store';

@Module({
  providers: [
    { provide: Store, inject: [SETTINGS], useFactory: (settings: Settings) => new Store(settings) },
  ],
  exports: [Store],
})
export class StoreModule implements OnApplicationShutdown {
  constructor(private readonly store: Store) {}

  /** After all who use it: modules that import this one are shut down before. */
  async onApplicationShutdown(): Promise<void> {
    await this.store.close();
  }
}
