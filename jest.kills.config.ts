import type { Config } from 'jest';
import all from './jest.config.ts';

const { coverageThreshold: _, testPathIgnorePatterns: __, ...same } = all;

const config: Config = { ...same, testMatch: ['<rootDir>/test/kills/**/*.spec.ts'] };

export default config;
