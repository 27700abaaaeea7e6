import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Longer replies would only slow the fuzzer down: what they have, shorter ones have too. */
const MAX_SEED_BYTES = 2_048;

const OK = 'HTTP/1.1 200 OK\r\n';
const CHUNKED = `${OK}Transfer-Encoding: chunked\r\n\r\n`;

/** One reply for each way through the parser. */
const OWN_SEEDS = [
  `${OK}\r\nuntil close`,
  `${OK}Content-Length: 5\r\n\r\nhello`,
  `${OK}Content-Length: 5\r\nContent-Length: 5, 5\r\n\r\nhello and more`,
  `${OK}A: b\r\n c\r\n\td\r\nB : \xe9\r\nC D: \x01\r\nE: f\rg\r\n\r\n`,
  'HTTP/1.0 404\r\nServer: x\r\nConnection: close\r\n\r\nnone',
  'HTTP/1.1\t200  OK\nContent-Length: 2\n\nok',
  '\r\n\r\nHTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nextra',
  'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n',
  'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n\0\x81raw',
  'HTTP/1.1 304 Not Modified\r\nContent-Length: 10\r\n\r\n',
  `${CHUNKED}5\r\nhello\r\n1\r\n \r\n0\r\n\r\n`,
  `${CHUNKED}5;a=b;c="d\\"e" ; f\r\nhello\r\n0;g\r\nX-Sum: 1\r\nA: b\r\n c\r\n\r\nmore`,
  `${CHUNKED}5 \r\nhello\r\n00A\r\n0123456789\r\n0;\r\nA: b\n\n`,
  `${OK}Transfer-Encoding: gzip, chunked\r\nContent-Length: 3\r\n\r\n3\r\n\x1f\x8b\x08\r\n0\r\n\r\n`,
  `${OK}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n`,
  'HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked, Chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n',
  'HTTP/2 200\r\nTransfer-Encoding:\r\n\r\n',
  '220 ready\r\n',
];

const FILES = [
  'llhttp/response_dev.json',
  'wpt/h1_response_vectors_dev.json',
  'chunked/chunked_vectors_dev.json',
  'curl/raw_replies_oracle_dev.json',
  'fuzz_seeds/curl_fuzzer_responses_oracle_dev.json',
];

interface Vector {
  readonly base64?: string;
  readonly input_base64?: string;
  readonly response_base64?: string;
}

export function ownSeeds(): Buffer[] {
  return OWN_SEEDS.map((seed) => Buffer.from(seed, 'latin1'));
}

/** @returns the replies of other projects' suites, none where the folder is absent */
export function vectorSeeds(folder: string): Buffer[] {
  if (!existsSync(folder)) return [];
  return FILES.flatMap((file) => {
    const { vectors } = JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as { vectors: Vector[] };
    return vectors.map(({ base64, input_base64, response_base64 }) =>
      Buffer.from(base64 ?? input_base64 ?? response_base64 ?? '', 'base64'),
    );
  }).filter(({ length }) => length <= MAX_SEED_BYTES);
}
