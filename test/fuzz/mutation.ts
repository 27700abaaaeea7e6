import type { Random } from './random';

const MAX_MUTATIONS = 5;
const MAX_INSERTED = 16;

const TOKENS = [
  'HTTP/1.1 ',
  'HTTP/1.0 ',
  'HTTP/2 ',
  'HTTP/',
  '100',
  '101',
  '200',
  '204',
  '304',
  '999',
  ' OK',
  'Content-Length: ',
  'Content-Length: 5\r\n',
  'Transfer-Encoding: ',
  'Transfer-Encoding: chunked\r\n',
  'Connection: close\r\n',
  'chunked',
  'identity',
  'gzip',
  'HTTP/1.1 100 Continue\r\n\r\n',
  '0\r\n\r\n',
  '5\r\nhello\r\n',
  'ffffffffffffffff',
  ';a=b',
  ';a="b\\"',
  ' ',
  '\t',
  '\v',
  ':',
  ' :',
  ',',
  ';',
  '"',
  '=',
  '\0',
  '\x7f',
  '\x80',
  '\xff',
].map(octets);

const LINE_ENDS = [
  '\n',
  '\r',
  '\r\n',
  '\r\r\n',
  '\n\n',
  '\r\n\r\n',
  '\r\n ',
  '\r\n\t',
  '\n\r',
  ' \r\n',
  '',
].map(octets);

const NUMERALS = [
  '0',
  '00',
  '1',
  '5',
  '-1',
  '+5',
  '0x5',
  '5,5',
  '5, 6',
  '16384',
  '9007199254740991',
  '9007199254740992',
  '1fffffffffffff',
  '20000000000000',
  '18446744073709551616',
  '0000000000000005',
  '00000000000000005',
].map(octets);

function octets(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}

type Mutation = (input: Buffer, random: Random, seeds: readonly Buffer[]) => Buffer;

/** Replaces octets from one place to another. */
function splice(input: Buffer, from: number, to: number, inserted: Buffer): Buffer {
  return Buffer.concat([input.subarray(0, from), inserted, input.subarray(to)]);
}

function placeIn(input: Buffer, random: Random): number {
  return random.below(input.length + 1);
}

function sliceOf(input: Buffer, random: Random, maxBytes: number): [from: number, to: number] {
  const from = placeIn(input, random);
  return [from, Math.min(input.length, from + random.below(maxBytes) + 1)];
}

/** @returns where the first match at or after a random place lies, or the place itself */
function findFrom(input: Buffer, random: Random, is: (octet: number) => boolean): [from: number, to: number] {
  const place = placeIn(input, random);
  let from = place;
  while (from < input.length && !is(input[from]!)) from++;
  if (from === input.length) return [place, place];
  let to = from;
  while (to < input.length && is(input[to]!)) to++;
  return [from, to];
}

const MUTATIONS: readonly Mutation[] = [
  function flipBit(input, random) {
    if (input.length === 0) return input;
    const flipped = Buffer.from(input);
    const at = random.below(input.length);
    flipped[at] = flipped[at]! ^ (1 << random.below(8));
    return flipped;
  },
  function insertToken(input, random) {
    const at = placeIn(input, random);
    return splice(input, at, at, random.pick(TOKENS));
  },
  function replaceByToken(input, random) {
    const [from, to] = sliceOf(input, random, 4);
    return splice(input, from, to, random.pick(TOKENS));
  },
  function remove(input, random) {
    const [from, to] = sliceOf(input, random, 12);
    return splice(input, from, to, Buffer.alloc(0));
  },
  function repeat(input, random) {
    const [from, to] = sliceOf(input, random, 40);
    return splice(input, to, to, input.subarray(from, to));
  },
  function changeLineEnd(input, random) {
    const [from, to] = findFrom(input, random, (octet) => octet === 0x0d || octet === 0x0a);
    return splice(input, from, to, random.pick(LINE_ENDS));
  },
  function changeNumber(input, random) {
    const [from, to] = findFrom(input, random, (octet) => octet >= 0x30 && octet <= 0x39);
    return splice(input, from, to, random.pick(NUMERALS));
  },
  function spliceWithAnother(input, random, seeds) {
    const other = random.pick(seeds);
    return Buffer.concat([input.subarray(0, placeIn(input, random)), other.subarray(placeIn(other, random))]);
  },
  function insertNoise(input, random) {
    const at = placeIn(input, random);
    const noise = Buffer.from(Array.from({ length: random.below(MAX_INSERTED) }, () => random.below(256)));
    return splice(input, at, at, noise);
  },
  function cut(input, random) {
    return input.subarray(0, placeIn(input, random));
  },
];

/** @returns one of the seeds, damaged a few times */
export function mutate(random: Random, seeds: readonly Buffer[]): Buffer {
  let input = random.pick(seeds);
  for (let left = random.below(MAX_MUTATIONS) + 1; left > 0; left--)
    input = random.pick(MUTATIONS)(input, random, seeds);
  return input;
}

/** @returns a damaged seed with a part of it repeated until it is long: where work grows faster than its input,
 *    this shows it */
export function stretch(random: Random, seeds: readonly Buffer[], bytes: number): Buffer {
  const input = mutate(random, seeds);
  const [from, to] = sliceOf(input, random, 24);
  const part = to > from ? input.subarray(from, to) : octets('x');
  const repeated = Buffer.alloc(bytes, part);
  return splice(input, to, to, repeated);
}
