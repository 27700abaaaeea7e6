import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { Readable, Writable } from 'node:stream';

const SCRIPT = path.join(__dirname, 'origins.mts');

interface Ports {
  readonly plain: number;
  readonly tls: number;
  readonly long: number;
}

/** The demo's pages, served by a process of its own: Jest takes no .mts, and tests shall not be in their way. */
export class DemoOrigins {
  private constructor(
    private readonly child: ChildProcessByStdio<Writable, Readable, null>,
    private readonly ports: Ports,
  ) {}

  static async start(): Promise<DemoOrigins> {
    const child = spawn(process.execPath, ['--disable-warning=MODULE_TYPELESS_PACKAGE_JSON', SCRIPT], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const ended = once(child, 'exit').then(([code]) => {
      throw new Error(`the demo's origin has ended with ${String(code)}`);
    });
    const [line] = (await Promise.race([once(child.stdout.setEncoding('utf8'), 'data'), ended])) as [string];
    // From now on it ends because it is told to.
    ended.catch(() => undefined);
    return new DemoOrigins(child, JSON.parse(line) as Ports);
  }

  /** @param page one of demo/origin.mts */
  url(page: string): string {
    return `http://127.0.0.1:${this.ports.plain}${page}`;
  }

  /** The same over TLS, with a certificate that nobody trusts. */
  secureUrl(page: string): string {
    return `https://127.0.0.1:${this.ports.tls}${page}`;
  }

  /** 10,240,000 octets of text with a Content-Length. */
  get longUrl(): string {
    return `http://127.0.0.1:${this.ports.long}/`;
  }

  async stop(): Promise<void> {
    const ended = once(this.child, 'exit');
    this.child.stdin.end();
    await ended;
  }
}
