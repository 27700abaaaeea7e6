import type { Config } from 'jest';

const pure = { branches: 100, functions: 100, lines: 100, statements: 100 };

const config: Config = {
  rootDir: '.',
  testEnvironment: 'node',
  testMatch: ['<rootDir>/test/**/*.spec.ts'],
  // The ones kill processes again and again, and wait for leases to end: jest.kills.config.ts has them. The others need
  // a browser: jest.browser.config.ts.
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/kills/', '<rootDir>/test/browser/'],
  transform: { '^.+\\.ts$': ['ts-jest', { tsconfig: 'tsconfig.test.json' }] },
  globalSetup: '<rootDir>/test/support/global-setup.ts',
  globalTeardown: '<rootDir>/test/support/global-teardown.ts',
  // Two are what two cores are for. Modules of every file stay in a process: it is ended when they are too many.
  maxWorkers: 2,
  workerIdleMemoryLimit: '1GB',
  // Tests wait for events; a busy machine may take its time.
  testTimeout: 30_000,
  setupFiles: ['reflect-metadata'],
  // The page runs in browsers; what of it is pure is tested here all the same.
  collectCoverageFrom: ['src/**/*.ts', '!src/console/page/**'],
  coverageDirectory: 'coverage',
  coverageThreshold: {
    global: {},
    './src/http1/': pure,
    './src/semantics/': pure,
    './src/transport/address-policy.ts': pure,
    './src/transport/embedded-ipv4.ts': pure,
  },
};

export default config;
