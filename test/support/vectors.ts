import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type Reading, eventsOf } from './split';

/** Test data that this project did not write; it lies beside the repository and may be absent. */
export const VECTORS = path.join(__dirname, '../../../shared/vectors');

/** Runs a suite over one file of vectors, or says that there are none. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- it is the caller who knows the file
export function describeVectors<File>(name: string, file: string, suite: (file: File) => void): void {
  if (existsSync(VECTORS))
    describe(name, () => suite(JSON.parse(readFileSync(path.join(VECTORS, file), 'utf8')) as File));
  // todo, not skip: a run says its name
  else describe(`${name}: not run, ../shared/vectors is absent`, () => it.todo(`needs ${file}`));
}

export function fromBase64(base64: string): Buffer {
  return Buffer.from(base64, 'base64');
}

/** How a response ended for its client. */
export type Verdict =
  'accept' | 'accept_on_eof' | 'upgrade' | 'reject_head' | 'reject_body' | 'truncated_body';

export function verdictOf(reading: Reading): Verdict {
  if (eventsOf(reading, 'head').length === 0) return 'reject_head';
  if (reading.error !== null) return 'reject_body';
  const [end] = eventsOf(reading, 'end');
  if (end === undefined) return 'truncated_body';
  if (end.by === 'upgrade') return 'upgrade';
  return end.by === 'close' ? 'accept_on_eof' : 'accept';
}

/** Whether the message was taken as whole. */
export function isAccepted(reading: Reading): boolean {
  return ['accept', 'accept_on_eof', 'upgrade'].includes(verdictOf(reading));
}

/** The title of tests of vectors that this project decides otherwise than their authors: the figures count
 *  them apart. */
export const DECIDED_OTHERWISE = 'decided otherwise';

/** What this project decides of such vectors, and why. */
export type Differences = Readonly<Record<string, { readonly verdict: Verdict; readonly because: string }>>;
