import path from 'node:path';
import { parseArgs } from 'node:util';
import { type Failure, fuzz, replay } from './fuzz';
import { ownSeeds, vectorSeeds } from './seeds';

/** `npm run fuzz -- [--runs 200000] [--seed 1] [--vectors ../shared/vectors]`, or `--input BASE64` to look at
 *  one input again. Without a seed the clock gives one, which is told. Ends with 1 when something was found. */

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '200000' },
    seed: { type: 'string' },
    vectors: { type: 'string', default: path.join(process.cwd(), '../shared/vectors') },
    input: { type: 'string' },
  },
});

function numberFrom(name: string, text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 0)
    throw new Error(`--${name} is a natural number, not ${text}`);
  return number;
}

function look(base64: string): void {
  const complaints = replay(Buffer.from(base64, 'base64'));
  console.log(complaints.length === 0 ? 'nothing is wrong with it' : complaints.join('\n'));
  process.exitCode = complaints.length === 0 ? 0 : 1;
}

function tell(seed: number, { run, complaint, input, options }: Failure): void {
  console.log(`FOUND in run ${run} of seed ${seed}: ${complaint}`);
  console.log(`  options ${JSON.stringify(options)}`);
  console.log(`  input   ${JSON.stringify(input.toString('latin1'))}`);
  console.log(`  again   npm run fuzz -- --input ${input.toString('base64')}`);
  process.exitCode = 1;
}

function hunt(): void {
  const seed = values.seed === undefined ? Date.now() % 2 ** 32 : numberFrom('seed', values.seed);
  const runs = numberFrom('runs', values.runs);
  const own = ownSeeds();
  const vectors = vectorSeeds(values.vectors);
  console.log(`seed ${seed}, ${own.length} seeds of our own, ${vectors.length} of ${values.vectors}`);
  const startedAt = performance.now();
  const onProgress = (done: number): void => {
    if (done % 200_000 === 0) console.log(`${done} runs`);
  };
  const failure = fuzz({ runs, seed, seeds: [...own, ...vectors], onProgress });
  const seconds = (performance.now() - startedAt) / 1_000;
  if (failure !== null) tell(seed, failure);
  else
    console.log(
      `${runs} runs in ${seconds.toFixed(1)} s (${Math.round(runs / seconds)} a second): nothing found`,
    );
}

if (values.input === undefined) hunt();
else look(values.input);
