import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { DirectoryLock } from '../../src/store/directory-lock';
import { useDirectories } from '../support/store';

jest.setTimeout(60_000);

const BUILT = path.join(__dirname, '../../dist/store/directory-lock.js');
/** Takes the lock of each directory that it is told, and leaves it when it is told ''. */
const TAKER = `
  const { DirectoryLock } = require(process.argv[1]);
  let lock = null;
  process.on('message', (directory) => {
    try {
      if (directory === '') lock?.release();
      lock = directory === '' ? null : DirectoryLock.take(directory);
      process.send(lock === null ? 'left' : 'taken');
    } catch (error) {
      process.send(error.message);
    }
  });
  process.send('ready');
`;
const TAKERS = 6;
const ROUNDS = 300;
const GONE = { pid: 1, host: 'gone.example', startTicks: null, id: 'gone' };

const directory = useDirectories();

const takers: ChildProcess[] = [];
afterEach(async () => {
  await Promise.all(takers.splice(0).map(kill));
});

async function kill(taker: ChildProcess): Promise<void> {
  if (taker.signalCode !== null) return;
  const closed = once(taker, 'close');
  taker.kill('SIGKILL');
  await closed;
}

async function start(): Promise<ChildProcess> {
  const taker = spawn(process.execPath, ['-e', TAKER, BUILT], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  takers.push(taker);
  await once(taker, 'message');
  return taker;
}

async function tell(taker: ChildProcess, what: string): Promise<string> {
  const answered = once(taker, 'message') as Promise<[string]>;
  taker.send(what);
  const [answer] = await answered;
  return answer;
}

function lockIn(dataDir: string): string {
  return path.join(dataDir, 'wirefetch.lock');
}

describe('the lock of a directory', () => {
  it.each([
    ['of a machine that is gone', (round: number) => JSON.stringify({ ...GONE, id: String(round) })],
    [
      'of a process that is gone',
      (round: number) => JSON.stringify({ ...GONE, host: hostname(), startTicks: `-${round}` }),
    ],
    ['that was never whole', () => ''],
  ])('%s is taken by one of many who find it at once', async (_, stale) => {
    const all = await Promise.all(Array.from({ length: TAKERS }, start));
    const dataDir = directory();
    for (let round = 0; round < ROUNDS; round++) {
      writeFileSync(lockIn(dataDir), stale(round));
      const answers = await Promise.all(all.map((taker) => tell(taker, dataDir)));
      const [, ...others] = answers.toSorted((a, b) => Number(b === 'taken') - Number(a === 'taken'));
      expect(answers).toContain('taken');
      for (const other of others) expect(other).toContain('is in use by process ');
      expect(readdirSync(dataDir)).toEqual(['wirefetch.lock']);
      await Promise.all(all.map((taker) => tell(taker, '')));
      expect(readdirSync(dataDir)).toEqual([]);
    }
  });

  it('is held by a process until it is killed', async () => {
    const dataDir = directory();
    const holder = await start();
    expect(await tell(holder, dataDir)).toBe('taken');
    expect(() => DirectoryLock.take(dataDir)).toThrow(`in use by process ${holder.pid} on ${hostname()}`);
    await kill(holder);
    DirectoryLock.take(dataDir).release();
    expect(readdirSync(dataDir)).toEqual([]);
  });

  it('is taken where somebody was killed who was replacing one that was stale', () => {
    const dataDir = directory();
    const stale = JSON.stringify(GONE);
    writeFileSync(lockIn(dataDir), stale);
    const digest = createHash('sha256').update(stale).digest('hex').slice(0, 16);
    writeFileSync(`${lockIn(dataDir)}.${digest}`, JSON.stringify({ ...GONE, id: 'killed' }));
    const lock = DirectoryLock.take(dataDir);
    expect(readdirSync(dataDir)).toEqual(['wirefetch.lock']);
    lock.release();
  });

  it('is left to who has taken it over', () => {
    const dataDir = directory();
    const lock = DirectoryLock.take(dataDir);
    writeFileSync(lockIn(dataDir), JSON.stringify(GONE));
    lock.release();
    expect(readdirSync(dataDir)).toEqual(['wirefetch.lock']);
  });
});
