import type { DoneItem, JobArchive } from './job-archive';
import { linesOf } from './result-blocks';

/** Octets of blocks, as they are stored, that are asked for together, and held until they are read: slow targets leave a
 *  block for each result. One that is larger is asked for by itself. */
const AHEAD_BYTES = 524_288;

/** Reads the results of items that were done one after the other: one block is there as text, and those that follow as they
 *  are stored. */
export class BlockReader {
  /** those that will be wanted, in that order */
  private readonly wanted: readonly string[];
  private ahead = new Map<string, Uint8Array>();
  /** the block that was read last: results that follow each other are in the same one */
  private last: { readonly id: string; readonly lines: readonly string[] } | null = null;

  /** @param items whose results will be wanted */
  constructor(
    private readonly archive: JobArchive,
    private readonly job: string,
    items: readonly DoneItem[],
  ) {
    this.wanted = [...new Set(items.flatMap(({ place }) => place?.block ?? []))];
  }

  /** @returns the JSON of each result in a block; null: the job is kept no longer */
  async lines(id: string): Promise<readonly string[] | null> {
    if (this.last?.id === id) return this.last.lines;
    this.last = null;
    const octets = await this.octets(id);
    if (octets === null) return null;
    const lines = await linesOf(octets);
    this.last = { id, lines };
    return lines;
  }

  private async octets(id: string): Promise<Uint8Array | null> {
    if (!this.ahead.has(id)) {
      const next = this.wanted.slice(this.wanted.indexOf(id));
      this.ahead = await this.archive.blocks(this.job, next, AHEAD_BYTES);
    }
    const octets = this.ahead.get(id) ?? null;
    this.ahead.delete(id);
    return octets;
  }
}
