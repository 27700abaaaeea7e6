import type { ResponseParserOptions } from '../../src/http1/response-parser';
import { mutate, stretch } from './mutation';
import { type ParserMaker, type Split, complaintOf, makeParser } from './oracle';
import { Random } from './random';

/** Every so many runs the input is long, and the time it takes is looked at. */
const RUNS_A_STRETCH = 2_000;
const STRETCHED_BYTES = 65_536;
/** Linear, it takes some 30 ms; quadratic work on so many octets takes seconds. CPU time, tried again before
 *  it is believed: what else the machine does must not count. */
const MOST_STRETCHED_MS = 500;
const TIMINGS = 3;

/** Reading octet by octet costs most: always for short inputs, of longer ones only some. */
const SHORT_BYTES = 128;
const LONG_BY_ONE = 16;
const MAX_READ_BYTES = 40;
const MAX_READS = 6;

const METHODS = ['GET', 'GET', 'GET', 'POST', 'HEAD', 'CONNECT'];

export interface Failure {
  readonly run: number;
  readonly complaint: string;
  readonly input: Buffer;
  readonly options: ResponseParserOptions;
}

export interface FuzzOptions {
  readonly runs: number;
  readonly seed: number;
  readonly seeds: readonly Buffer[];
  /** told every ten thousand runs */
  readonly onProgress?: (runs: number) => void;
  readonly make?: ParserMaker;
}

/** Damages seeds and lets the oracle judge what the parser makes of them.
 *  @returns the first failure, made as short as it can be, or null */
export function fuzz({ runs, seed, seeds, onProgress, make = makeParser }: FuzzOptions): Failure | null {
  const random = new Random(seed);
  for (let run = 1; run <= runs; run++) {
    const stretched = run % RUNS_A_STRETCH === 0;
    const input = stretched ? stretch(random, seeds, STRETCHED_BYTES) : mutate(random, seeds);
    const options = optionsFrom(random);
    const splits = splitsFrom(random, input.length, stretched);
    const complaint = stretched
      ? (complaintOf(input, options, splits, make) ?? slowness(input, options, splits, make))
      : complaintOf(input, options, splits, make);
    if (complaint !== null) return shrink({ run, complaint, input, options }, splits, make);
    if (run % 10_000 === 0) onProgress?.(run);
  }
  return null;
}

function optionsFrom(random: Random): ResponseParserOptions {
  return {
    requestMethod: random.pick(METHODS),
    strict: random.oneIn(2),
    maxHeadBytes: random.oneIn(16) ? 5 + random.below(200) : 65_536,
    maxFieldLines: random.oneIn(16) ? random.below(4) : 1_000,
    keepRawHead: true,
  };
}

function splitsFrom(random: Random, bytes: number, stretched: boolean): Split[] {
  const split = Array.from({ length: 1 + random.below(MAX_READS) }, () => 1 + random.below(MAX_READ_BYTES));
  const byOne = stretched || bytes <= SHORT_BYTES || random.oneIn(LONG_BY_ONE);
  return byOne ? [split, [1]] : [split];
}

function slowness(
  input: Buffer,
  options: ResponseParserOptions,
  splits: readonly Split[],
  make: ParserMaker,
): string | null {
  const times = Array.from({ length: TIMINGS }, () => {
    const before = process.cpuUsage();
    complaintOf(input, options, splits, make);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000;
  });
  const least = Math.min(...times);
  return least > MOST_STRETCHED_MS ? `${input.length} octets took ${least} ms` : null;
}

/** Cuts out what the failure does not need. */
function shrink(failure: Failure, splits: readonly Split[], make: ParserMaker): Failure {
  let { input, complaint } = failure;
  const complain = (shorter: Buffer): string | null =>
    complaintOf(shorter, failure.options, [...splits, ...twoWaySplits(shorter.length)], make);
  if (complain(input) === null) return failure;
  for (let size = input.length >> 1; size > 0; size >>= 1)
    for (let at = 0; at + size <= input.length;) {
      const shorter = Buffer.concat([input.subarray(0, at), input.subarray(at + size)]);
      const still = complain(shorter);
      if (still === null) at += size;
      else [input, complaint] = [shorter, still];
    }
  return { ...failure, input, complaint };
}

/** The most that says something of a failure without taking long. */
function twoWaySplits(bytes: number): Split[] {
  if (bytes > 300) return [[1]];
  return [[1], ...Array.from({ length: Math.max(0, bytes - 1) }, (_, at) => [at + 1, bytes])];
}

/** One input in both modes and for every method, in every two-way split. */
export function replay(input: Buffer): string[] {
  return [true, false].flatMap((strict) =>
    ['GET', 'HEAD', 'CONNECT'].flatMap((requestMethod) => {
      const options = {
        requestMethod,
        strict,
        maxHeadBytes: 65_536,
        maxFieldLines: 1_000,
        keepRawHead: true,
      };
      const complaint = complaintOf(input, options, twoWaySplits(input.length));
      return complaint === null ? [] : [`${requestMethod}, ${strict ? 'strict' : 'lenient'}: ${complaint}`];
    }),
  );
}
