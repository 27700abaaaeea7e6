import type { Config } from 'jest';
import all from './jest.config.ts';

const { coverageThreshold: _, testPathIgnorePatterns: __, ...same } = all;

const config: Config = {
  ...same,
  testMatch: ['<rootDir>/test/browser/**/*.spec.ts'],
  // A browser is several processes by itself.
  maxWorkers: 1,
  testTimeout: 60_000,
};

export default config;
