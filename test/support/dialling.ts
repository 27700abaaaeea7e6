import { Connection } from '../../src/transport/connection';

type Dial = typeof Connection.dial;

const LOOPBACK = /^(?:::ffff:)?127\.[\d.]+$|^::1$|^0\.0\.0\.0$/;

/** Has something stand in for what dials, in the tests of a file or a group.
 *  @returns what a test has tried to dial so far, as "address:port" */
function useDialling(standIn: (dial: Dial) => Dial): readonly string[] {
  const dialled: string[] = [];
  beforeEach(() => {
    const dial = standIn(Connection.dial.bind(Connection));
    jest.spyOn(Connection, 'dial').mockImplementation((options) => {
      dialled.push(`${options.address}:${options.port}`);
      return dial(options);
    });
  });
  afterEach(() => {
    jest.restoreAllMocks();
    dialled.length = 0;
  });
  return dialled;
}

/** Lets nothing be dialled: whatever is tried finds nobody listening. */
export function useRefusedDialling(): readonly string[] {
  return useDialling(() => () => {
    const refusal = Object.assign(new Error('nothing is dialled in this test'), { code: 'ECONNREFUSED' });
    return { connected: Promise.reject(refusal), abandon: () => undefined };
  });
}

/** Lets loopback alone be dialled: a hole in the policy must not send anything away. */
export function useLoopbackDialling(): readonly string[] {
  return useDialling((dial) => (options) => {
    if (!LOOPBACK.test(options.address)) throw new Error(`${options.address} would have been dialled`);
    return dial(options);
  });
}
