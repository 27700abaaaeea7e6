import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** `npm run conformance`: runs test/conformance and sums up by set: how many of its rows were met, how many are
 *  decided otherwise (each with its reason, in the test's name), how many failed. Beside it, of the rows that
 *  are met or decided otherwise, those that node:http and curl met when the vectors were observed. */

const root = join(import.meta.dirname, '..');
const vectors = join(root, '../shared/vectors');
const DECIDED_OTHERWISE = /decided otherwise/i;

interface TestResult {
  readonly ancestorTitles: readonly string[];
  readonly title: string;
  readonly status: 'passed' | 'failed' | 'pending' | 'todo' | 'skipped' | 'disabled' | 'focused';
}

interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly assertionResults: readonly TestResult[];
  }[];
}

interface Sum {
  met: number;
  otherwise: number;
  failed: number;
  notRun: number;
}

/** How many rows each client met, of how many. */
interface Peers {
  readonly nodeHttp: readonly [met: number, of: number];
  readonly curl: readonly [met: number, of: number];
}

function runTests(): Report {
  const folder = mkdtempSync(join(tmpdir(), 'wirefetch-conformance-'));
  const output = join(folder, 'report.json');
  const flags = ['--experimental-vm-modules', '--no-warnings=ExperimentalWarning'];
  const jest = join(root, 'node_modules/jest/bin/jest.js');
  try {
    spawnSync(
      process.execPath,
      [...flags, jest, 'test/conformance', '--json', `--outputFile=${output}`, '--silent'],
      { cwd: root, stdio: ['ignore', 'ignore', 'ignore'] },
    );
    return JSON.parse(readFileSync(output, 'utf8')) as Report;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Sums by the outer two describes: the set, and how it was run. */
function sumUp({ testResults }: Report): Map<string, Sum> {
  const sums = new Map<string, Sum>();
  for (const { assertionResults } of testResults)
    for (const { ancestorTitles, title, status } of assertionResults) {
      const set = ancestorTitles.filter((outer) => !DECIDED_OTHERWISE.test(outer)).slice(0, 2);
      const name = set.length === 0 ? title : set.join(': ');
      const sum = sums.get(name) ?? { met: 0, otherwise: 0, failed: 0, notRun: 0 };
      sums.set(name, sum);
      if (status === 'failed') sum.failed++;
      else if (status !== 'passed') sum.notRun++;
      else if (DECIDED_OTHERWISE.test([...ancestorTitles, title].join(' '))) sum.otherwise++;
      else sum.met++;
    }
  return sums;
}

interface Observed {
  readonly advisory?: boolean;
  readonly expected: { readonly outcome: 'accept' | 'reject' | 'truncated' | 'either' };
  readonly observed: { readonly node_http_llhttp_9_3_1: string; readonly curl_7_88_1: string };
}

interface Oracle {
  readonly consensus: string;
  readonly head_line_endings?: string;
  readonly oracles: Readonly<
    Record<'curl' | 'node_http', { readonly outcome: string; readonly body_sha256?: string }>
  >;
}

function read<Vector>(file: string): Vector[] {
  return (JSON.parse(readFileSync(join(vectors, file), 'utf8')) as { vectors: Vector[] }).vectors;
}

/** Whether a client's "ok" or "error" is what was expected of it; `either` cannot be missed. */
function meets({ expected: { outcome } }: Observed, observed: string): boolean {
  return outcome === 'either' || observed.startsWith('ok') === (outcome === 'accept');
}

function observedOf(file: string): Peers {
  const rows = read<Observed>(file).filter(({ advisory }) => advisory !== true);
  const met = (client: keyof Observed['observed']): number =>
    rows.filter((row) => meets(row, row.observed[client])).length;
  return {
    nodeHttp: [met('node_http_llhttp_9_3_1'), rows.length],
    curl: [met('curl_7_88_1'), rows.length],
  };
}

/** What all clients agree on, all met; heads with LF are read as curl reads them. */
function oraclesOf(file: string): Peers {
  const agreed = read<Oracle>(file).filter(({ consensus }) =>
    ['accept-same-body', 'reject'].includes(consensus),
  );
  const asCurl = read<Oracle>(file).filter(
    ({ consensus, head_line_endings }) => consensus === 'split' && head_line_endings === 'LF',
  );
  const of = agreed.length + asCurl.length;
  const alike = asCurl.filter(
    ({ oracles: { curl, node_http } }) =>
      curl.outcome === node_http.outcome && curl.body_sha256 === node_http.body_sha256,
  );
  return { nodeHttp: [agreed.length + alike.length, of], curl: [of, of] };
}

function peersOf(): Map<string, Peers> {
  if (!existsSync(vectors)) return new Map();
  const chunked = observedOf('chunked/chunked_vectors_dev.json');
  return new Map([
    ['web-platform HTTP/1 replies, strict', observedOf('wpt/h1_response_vectors_dev.json')],
    ['the chunked transfer coding, good and bad: strict', chunked],
    ['the chunked transfer coding, good and bad: lenient', chunked],
    ['distinct replies of curl’s suite, lenient', oraclesOf('curl/raw_replies_oracle_dev.json')],
    ['seeds of curl’s fuzzer', oraclesOf('fuzz_seeds/curl_fuzzer_responses_oracle_dev.json')],
  ]);
}

function row(cells: readonly (string | number)[]): string {
  return `| ${cells.join(' | ')} |`;
}

function fraction(pair: readonly [met: number, of: number] | undefined): string {
  return pair === undefined ? '' : `${pair[0]} of ${pair[1]}`;
}

const sums = sumUp(runTests());
const peers = peersOf();
console.log(row(['Set', 'met', 'decided otherwise', 'failed', '', 'node:http', 'curl']));
console.log(row(['---', '---:', '---:', '---:', '---:', '---', '---']));
for (const [name, { met, otherwise, failed, notRun }] of [...sums].sort(([a], [b]) => (a < b ? -1 : 1))) {
  const of = met + otherwise + failed;
  const share = of === 0 ? `${notRun} not run` : `${((100 * met) / of).toFixed(1)} %`;
  const { nodeHttp, curl } = peers.get(name) ?? {};
  console.log(row([name, met, otherwise, failed, share, fraction(nodeHttp), fraction(curl)]));
}
process.exitCode = [...sums.values()].some(({ failed }) => failed > 0) ? 1 : 0;
