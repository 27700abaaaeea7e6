import { createHook } from 'node:async_hooks';
import { once } from 'node:events';
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { type AddressInfo, type Server, type Socket, connect, createServer } from 'node:net';
import { Worker } from 'node:worker_threads';

/** A server on loopback. It reads from no one and closes no one unless told to. */
export class LoopbackServer {
  /** all connections so far */
  readonly accepted: Socket[] = [];
  private taken = 0;

  private constructor(
    private readonly server: Server,
    readonly host: string,
  ) {}

  /** @param onAccept is given each connection at once
   *  @param port 0: any that is free */
  static async listen(
    host = '127.0.0.1',
    onAccept: (peer: Socket) => void = () => undefined,
    port = 0,
  ): Promise<LoopbackServer> {
    const server = createServer({ pauseOnConnect: true, allowHalfOpen: true });
    const loopback = new LoopbackServer(server, host);
    server.on('connection', (peer) => {
      // Clients of tests reset and vanish.
      peer.on('error', () => undefined);
      loopback.accepted.push(peer);
      onAccept(peer);
    });
    server.listen({ host, port });
    await once(server, 'listening');
    return loopback;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** The next connection, as soon as there is one. */
  async next(): Promise<Socket> {
    while (this.accepted.length === this.taken) await once(this.server, 'connection');
    return this.accepted[this.taken++]!;
  }

  async close(): Promise<void> {
    for (const peer of this.accepted) peer.destroy();
    this.server.close();
    await once(this.server, 'close');
  }
}

/** A peer that runs beside the test, so that neither waits for the other's event loop. */
export class ThreadPeer {
  private constructor(
    private readonly worker: Worker,
    readonly port: number,
  ) {}

  /** @param script JavaScript; posts the port it listens on
   *  @param data is its `workerData` */
  static async run(script: string, data: unknown = null): Promise<ThreadPeer> {
    const worker = new Worker(script, { eval: true, workerData: data });
    const [port] = (await once(worker, 'message')) as [number];
    return new ThreadPeer(worker, port);
  }

  async close(): Promise<void> {
    await this.worker.terminate();
  }
}

const NEVER_ACCEPTS = `
  const { parentPort } = require('node:worker_threads');
  const server = require('node:net').createServer();
  server.listen({ host: '127.0.0.1', port: 0, backlog: 1 }, () => {
    parentPort.postMessage(server.address().port);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  });
`;

/** A server that accepts nobody and whose queue is full: a connection to it never stands. */
export class DeafServer {
  private constructor(
    private readonly thread: ThreadPeer,
    private readonly fillers: readonly Socket[],
  ) {}

  static async listen(): Promise<DeafServer> {
    const thread = await ThreadPeer.run(NEVER_ACCEPTS);
    // More than its queue holds. Those that will ever stand have done so when the first one tells.
    const fillers = Array.from({ length: 8 }, () => connect({ host: '127.0.0.1', port: thread.port }));
    for (const filler of fillers) filler.on('error', () => undefined);
    await Promise.race(fillers.map((filler) => once(filler, 'connect')));
    return new DeafServer(thread, fillers);
  }

  get port(): number {
    return this.thread.port;
  }

  async close(): Promise<void> {
    for (const filler of this.fillers) filler.destroy();
    await this.thread.close();
  }
}

/** How many connections to a port of loopback are neither made nor given up. */
export function connecting(port: number): number {
  const peer = `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return readFileSync('/proc/net/tcp', 'latin1').split(`${peer} ${SYN_SENT} `).length - 1;
}

/** as the kernel writes it: include/net/tcp_states.h */
const SYN_SENT = '02';

export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Handles and requests that keep this process busy, and the sockets that the system knows of. */
function activeResources(): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  // The test runner has timers of its own, which come and go.
  const kinds = process.getActiveResourcesInfo().filter((kind) => !['Immediate', 'Timeout'].includes(kind));
  for (const kind of [...kinds, ...openSockets()]) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}

/** c-ares' sockets are no handles of Node's. */
function openSockets(): string[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`).startsWith('socket:') ? ['socket'] : [];
    } catch {
      // the descriptor that read the directory
      return [];
    }
  });
}

const { setTimeout: set, clearTimeout: clear } = globalThis;

/** The timers that are set while `act` runs, as long as they are neither cleared nor due. */
async function watchingTimers(act: (pending: ReadonlySet<unknown>) => Promise<unknown>): Promise<void> {
  const pending = new Set<unknown>();
  const setting = jest.spyOn(globalThis, 'setTimeout').mockImplementation(((
    callback: () => void,
    ms?: number,
  ) => {
    const timer = set(() => {
      pending.delete(timer);
      callback();
    }, ms);
    pending.add(timer);
    return timer;
  }) as typeof setTimeout);
  const clearing = jest.spyOn(globalThis, 'clearTimeout').mockImplementation((timer) => {
    pending.delete(timer);
    clear(timer);
  });
  try {
    await act(pending);
  } finally {
    setting.mockRestore();
    clearing.mockRestore();
  }
}

/** The decompressors that are made while `act` runs, as long as they are not closed. */
async function watchingDecompressors(act: (open: ReadonlySet<number>) => Promise<unknown>): Promise<void> {
  const open = new Set<number>();
  // The runtime tells that one is gone only when its memory is.
  const watching = createHook({
    init(asyncId, type, _, resource) {
      if (type !== 'ZLIB') return;
      const handle = resource as { close: () => void };
      const { close } = handle;
      open.add(asyncId);
      handle.close = () => {
        open.delete(asyncId);
        close.call(handle);
      };
    },
  }).enable();
  try {
    await act(open);
  } finally {
    watching.disable();
  }
}

/** Fails when something that `act` began is still there when it is over.
 *  @param act is given the timers that are set at each time */
export async function expectNothingLeft(
  act: (timers: ReadonlySet<unknown>) => Promise<unknown>,
): Promise<void> {
  const expectNoMore = countingResources();
  await watchingDecompressors(async (decompressors) => {
    await watchingTimers(async (timers) => {
      await act(timers);
      expect(timers.size).toBe(0);
    });
    expect(decompressors.size).toBe(0);
  });
  await expectNoMore();
}

/** @returns what fails when there are more handles, requests and sockets than now */
export function countingResources(): () => Promise<void> {
  const before = activeResources();
  const left = (): [kind: string, count: number][] =>
    [...activeResources()].filter(([kind, count]) => count > (before.get(kind) ?? 0));
  return async () => {
    const patience = performance.now() + 2_000;
    // A handle that is being closed is gone a few turns of the event loop later.
    while (left().length > 0 && performance.now() < patience) await nextTurn();
    expect(left()).toEqual([]);
  };
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** How many sockets of this machine listen on a port of 127.0.0.1: proc_pid_net(5). */
export function listeningOn(port: number): number {
  const local = `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const lines = readFileSync('/proc/net/tcp', 'utf8').split('\n');
  return lines.filter((line) => new RegExp(`^ *\\d+: ${local} \\S+ 0A `).test(line)).length;
}
