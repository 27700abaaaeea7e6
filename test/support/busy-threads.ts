import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, open, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** of the runtime's pool, where decompressors do their work */
const THREADS = Number(process.env['UV_THREADPOOL_SIZE'] ?? 4);

/** Keeps every thread of the runtime's pool busy until it is released: what is to be decoded waits. Each thread
 *  opens a pipe that nobody writes to. */
export class BusyThreads {
  private readonly folder = mkdtempSync(path.join(tmpdir(), 'wirefetch-'));
  private readonly pipe = path.join(this.folder, 'pipe');
  private readonly opened: Promise<number>[];
  private released: Promise<void> | null = null;

  constructor() {
    execFileSync('mkfifo', [this.pipe]);
    this.opened = Array.from({ length: THREADS }, () => opening(this.pipe));
  }

  release(): Promise<void> {
    return (this.released ??= this.free());
  }

  private async free(): Promise<void> {
    const writer = openSync(this.pipe, 'r+');
    for (const fd of [writer, ...(await Promise.all(this.opened))]) closeSync(fd);
    rmSync(this.folder, { recursive: true });
  }
}

function opening(pipe: string): Promise<number> {
  return new Promise((resolve, reject) => {
    open(pipe, 'r', (error, fd) => (error === null ? resolve(fd) : reject(error)));
  });
}
