import { ServiceProcess } from '../../support/service-process';
import { DemoOrigins } from './origins';

/** What `npm run demo` starts, on free ports. */
export interface Demo {
  readonly service: ServiceProcess;
  readonly origins: DemoOrigins;
}

/** Starts the built service, and the origin that its policy lets it fetch, for the tests of a suite.
 *  @param env what differs from the demo's */
export function useDemo(env: NodeJS.ProcessEnv = {}): () => Demo {
  let demo: Demo;
  beforeAll(async () => {
    const [service, origins] = await Promise.all([ServiceProcess.start(env), DemoOrigins.start()]);
    demo = { service, origins };
  });
  afterAll(() => Promise.all([demo.service.kill(), demo.origins.stop()]));
  return () => demo;
}
