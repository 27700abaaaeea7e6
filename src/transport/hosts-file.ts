import { readFileSync, statSync } from 'node:fs';
import { isIP } from 'node:net';

export interface ResolvedAddress {
  readonly address: string;
  readonly family: 4 | 6;
}

/** how long the file's modification time is trusted */
const TRUSTED_MS = 1_000;

/** The names of the machine's hosts file. Read again when the file has changed, and never more than
 *  once a second, because container runtimes and people edit it. */
export class HostsFile {
  private names: ReadonlyMap<string, readonly ResolvedAddress[]> = new Map();
  private version: string | null = null;
  private checkedAt = -Infinity;

  constructor(private readonly path: string) {}

  /** @param name in lower case
   *  @returns its addresses in the file's order, none if it is not listed */
  lookup(name: string): readonly ResolvedAddress[] {
    const now = performance.now();
    if (now - this.checkedAt > TRUSTED_MS) {
      this.refresh();
      this.checkedAt = now;
    }
    return this.names.get(name) ?? [];
  }

  private refresh(): void {
    try {
      const { mtimeMs, size } = statSync(this.path);
      const version = `${mtimeMs}:${size}`;
      if (version === this.version) return;
      this.names = parseHosts(readFileSync(this.path, 'utf8'));
      this.version = version;
    } catch {
      // Images without a hosts file, or one that cannot be read, know no names.
      this.names = new Map();
      this.version = null;
    }
  }
}

/** hosts(5): an address and its names on each line, comments after "#" */
export function parseHosts(text: string): Map<string, ResolvedAddress[]> {
  const names = new Map<string, ResolvedAddress[]>();
  for (const line of text.split('\n')) {
    const [address = '', ...aliases] = line.replace(/#.*/, '').trim().split(/\s+/);
    const family = isIP(address);
    if (family !== 4 && family !== 6) continue;
    for (const alias of aliases) {
      const name = alias.toLowerCase();
      const known = names.get(name);
      if (known === undefined) names.set(name, [{ address, family }]);
      else known.push({ address, family });
    }
  }
  return names;
}
