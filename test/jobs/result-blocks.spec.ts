import { type ResultContent, linesOf, toBlocks, toContent } from '../../src/jobs/result-blocks';

/** What is to be read at each place, block by block. */
async function readBack(
  results: readonly { readonly job: string; readonly content: ResultContent | null }[],
): Promise<{ readonly read: (string | null)[]; readonly jobs: string[]; readonly ofEach: number[] }> {
  const { blocks, places } = await toBlocks(results);
  const lines = new Map(
    await Promise.all(blocks.map(async ({ id, octets }) => [id, await linesOf(octets)] as const)),
  );
  return {
    read: places.map((place) => (place === null ? null : lines.get(place.block)![place.line]!)),
    jobs: blocks.map(({ job }) => job),
    ofEach: blocks.map(({ id }) => lines.get(id)!.length),
  };
}

function json(name: string, characters = 10): string {
  return JSON.stringify({ name, text: '\0\n'.padEnd(characters, 'x') });
}

describe('blocks of results', () => {
  it('hold those of one job, however they are mixed, and give each back', async () => {
    const results = ['a', 'b', 'a', 'b', 'a'].map((job, n) => ({ job, content: json(`${job}${n}`) }));
    const { read, jobs, ofEach } = await readBack(results);
    expect(read).toEqual(results.map(({ content }) => content));
    expect(jobs.toSorted()).toEqual(['a', 'b']);
    expect(ofEach.toSorted((one, other) => one - other)).toEqual([2, 3]);
  });

  it('have no place for what has none', async () => {
    const { read, jobs } = await readBack([
      { job: 'a', content: null },
      { job: 'a', content: json('x') },
      { job: 'b', content: null },
    ]);
    expect(read).toEqual([null, json('x'), null]);
    expect(jobs).toEqual(['a']);
  });

  it('take no more than is read at once', async () => {
    const contents = Array.from({ length: 40 }, (_, n) => json(String(n), 16_000));
    const { read, ofEach } = await readBack(contents.map((content) => ({ job: 'a', content })));
    expect(read).toEqual(contents);
    expect(ofEach.length).toBeGreaterThan(1);
    expect(Math.max(...ofEach) * 16_000).toBeLessThan(300_000);
  });

  it('are filled by one that is long, and what follows it is not put before it', async () => {
    const contents = [json('before'), await toContent(json('long', 100_000)), json('after')];
    expect(contents[1]).toBeInstanceOf(Uint8Array);
    const { read, ofEach } = await readBack(contents.map((content) => ({ job: 'a', content })));
    expect(read).toEqual([json('before'), json('long', 100_000), json('after')]);
    expect(ofEach).toEqual([1, 1, 1]);
  });

  it('are none without results', async () => {
    expect(await toBlocks([])).toEqual({ blocks: [], places: [] });
  });
});
