import { type DynamicModule, Module } from '@nestjs/common';
import type { Settings } from './settings';

/** Injection token of the settings. */
export const SETTINGS = Symbol('settings');

/** Gives the settings to every module. */
@Module({})
export class ConfigModule {
  static forRoot(settings: Settings): DynamicModule {
    return {
      module: ConfigModule,
      global: true,
      providers: [{ provide: SETTINGS, useValue: settings }],
      exports: [SETTINGS],
    };
  }
}
