import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { deflateRaw, inflateRaw } from 'node:zlib';

/** characters of JSON that are compressed together: what several results repeat is stored once, and whoever reads one of
 *  them does not wait for the others */
const BLOCK_CHARACTERS = 262_144;
/** What is longer is compressed by itself, and at once: until it is recorded it would take too much memory. */
const LONG_CHARACTERS = 16_384;
/** zlib's fastest: JSON is mostly names, which any level finds */
const OPTIONS = { level: 1 } as const;

const deflate = promisify<string, typeof OPTIONS, Buffer>(deflateRaw);
const inflate = promisify<Uint8Array, Buffer>(inflateRaw);

/** What came of an item, until it is stored: JSON, or a block that holds nothing else. */
export type ResultContent = string | Uint8Array;

/** Results of one job as they are stored: their JSON, one a line, as UTF-8 under DEFLATE (RFC 1951). Not as text, because
 *  PostgreSQL's own types refuse U+0000, which contents may hold. */
export interface ResultBlock {
  readonly id: string;
  readonly job: string;
  readonly octets: Uint8Array;
}

/** Where a result is. */
export interface ResultPlace {
  readonly block: string;
  /** from 0 */
  readonly line: number;
}

/** A block that takes more. */
interface OpenBlock {
  readonly id: string;
  readonly lines: string[];
  characters: number;
}

/** @param json without line ends, as JSON.stringify makes it */
export function toContent(json: string): ResultContent | Promise<ResultContent> {
  return json.length <= LONG_CHARACTERS ? json : deflate(json, OPTIONS);
}

/** Puts results into as few blocks as there may be. Those of a job that follow each other there follow each other here.
 *  @returns the blocks, and the place of each result, null where there is none */
export async function toBlocks(
  results: readonly { readonly job: string; readonly content: ResultContent | null }[],
): Promise<{ readonly blocks: ResultBlock[]; readonly places: (ResultPlace | null)[] }> {
  const open = new Map<string, OpenBlock>();
  const made: Promise<ResultBlock>[] = [];
  const blocks: ResultBlock[] = [];
  const close = (job: string): void => {
    const block = open.get(job);
    if (block !== undefined) made.push(compressed(job, block));
    open.delete(job);
  };
  const places = results.map(({ job, content }): ResultPlace | null => {
    if (content === null) return null;
    if (typeof content !== 'string') {
      close(job);
      const id = randomUUID();
      blocks.push({ id, job, octets: content });
      return { block: id, line: 0 };
    }
    if ((open.get(job)?.characters ?? 0) + content.length > BLOCK_CHARACTERS) close(job);
    const block = open.get(job) ?? { id: randomUUID(), lines: [], characters: 0 };
    open.set(job, block);
    block.characters += content.length;
    return { block: block.id, line: block.lines.push(content) - 1 };
  });
  for (const job of open.keys()) close(job);
  blocks.push(...(await Promise.all(made)));
  return { blocks, places };
}

async function compressed(job: string, { id, lines }: OpenBlock): Promise<ResultBlock> {
  return { id, job, octets: await deflate(lines.join('\n'), OPTIONS) };
}

/** @returns the JSON of each result in it */
export async function linesOf(octets: Uint8Array): Promise<string[]> {
  return (await inflate(octets)).toString('utf8').split('\n');
}
