import { ReadTurns, type TurnTaker } from '../../src/transport/read-turns';
import { nextTurn } from '../support/sockets';

const TURN_MS = 8;

let now: number;
beforeEach(() => {
  now = 0;
  jest.spyOn(performance, 'now').mockImplementation(() => now);
});
afterEach(() => void jest.restoreAllMocks());

/** Connections that always have something to say; each read takes its time. */
class Reader implements TurnTaker {
  lastRead = 0;
  isReading = false;
  reads = 0;

  constructor(
    private readonly turns: ReadTurns,
    private readonly readMs: number,
  ) {}

  stop(): void {
    this.isReading = false;
  }

  goOn(): void {
    this.isReading = true;
  }

  read(): void {
    if (!this.isReading) return;
    const began = now;
    this.reads++;
    now += this.readMs;
    this.turns.done(this, began);
  }
}

function readers(turns: ReadTurns, ...readMs: readonly number[]): Reader[] {
  const all = readMs.map((ms) => new Reader(turns, ms));
  for (const reader of all) turns.join(reader);
  return all;
}

/** A turn of the event loop, in which each is offered so many reads. */
async function turn(all: readonly Reader[], offers = 1): Promise<number[]> {
  for (const reader of all) for (let offer = 0; offer < offers; offer++) reader.read();
  await nextTurn();
  return all.map(({ reads }) => reads);
}

it('all read as long as a turn has not taken long', async () => {
  const all = readers(new ReadTurns(TURN_MS), 1, 1, 1);
  expect(await turn(all, 2)).toEqual([2, 2, 2]);
  expect(all.every(({ isReading }) => isReading)).toBe(true);
});

it('all stop when a turn has taken long, until the next', async () => {
  const all = readers(new ReadTurns(TURN_MS), 4, 4, 4, 4);
  for (const reader of all) reader.read();
  expect(all.map(({ reads }) => reads)).toEqual([1, 1, 0, 0]);
  expect(all.some(({ isReading }) => isReading)).toBe(false);
  await nextTurn();
  expect(all.every(({ isReading }) => isReading)).toBe(true);
});

it('those go on first that have waited longest, so that nobody waits for ever', async () => {
  const turns = new ReadTurns(TURN_MS);
  const all = readers(turns, 4, 4, 4, 4, 4);
  const went: Reader[] = [];
  for (const reader of all) {
    reader.goOn = () => {
      reader.isReading = true;
      went.push(reader);
    };
  }
  for (let round = 0; round < 10; round++) {
    // The event loop looks first at those who were told first.
    await turn(went.length === 0 ? all : went.splice(0));
  }
  expect(all.map(({ reads }) => reads)).toEqual([4, 4, 4, 4, 4]);
});

it('one that comes goes on after those that have waited longer', async () => {
  const turns = new ReadTurns(TURN_MS);
  const [first, second, third] = readers(turns, 4, 4, 4);
  const went: Reader[] = [];
  const note = (reader: Reader): void => {
    reader.goOn = () => {
      reader.isReading = true;
      went.push(reader);
    };
  };
  await turn([first!, second!, third!]);
  await turn([third!, first!]);
  const late = new Reader(turns, 4);
  [first!, second!, third!, late].forEach(note);
  turns.join(late);
  went.length = 0;
  await turn([second!, third!]);
  expect(went).toEqual([first, late, second, third]);
});

it('one that joins when a turn is over goes on in the next', async () => {
  const turns = new ReadTurns(TURN_MS);
  const [slow] = readers(turns, 9);
  slow!.read();
  const [late] = readers(turns, 1);
  expect(late!.isReading).toBe(false);
  await nextTurn();
  expect(late!.isReading).toBe(true);
});

it('one that has left is neither stopped nor told to go on', async () => {
  const turns = new ReadTurns(TURN_MS);
  const [slow, left] = readers(turns, 9, 1);
  turns.leave(left!);
  slow!.read();
  expect(left!.isReading).toBe(true);
  left!.isReading = false;
  await nextTurn();
  expect(left!.isReading).toBe(false);
});

it('one is behind that was stopped without having read, until it has been looked at', async () => {
  const turns = new ReadTurns(TURN_MS);
  const all = readers(turns, 9, 1, 1);
  const behind = (): boolean[] => all.map((reader) => turns.isBehind(reader));
  all[0]!.read();
  expect(behind()).toEqual([false, true, true]);
  await nextTurn();
  expect(behind()).toEqual([false, true, true]);
  all[1]!.read();
  expect(behind()).toEqual([false, false, true]);
  // The event loop has looked at the third too, and found nothing.
  await nextTurn();
  expect(behind()).toEqual([false, false, false]);
});

it('one that others keep from being looked at is behind for a second, and no longer', async () => {
  const turns = new ReadTurns(TURN_MS);
  const [slow, silent] = readers(turns, 9, 1);
  let behindMs = 0;
  do {
    slow!.read();
    behindMs = now - 9;
    await nextTurn();
  } while (turns.isBehind(silent!) && behindMs < 5_000);
  expect(behindMs).toBeGreaterThanOrEqual(991);
  expect(behindMs).toBeLessThan(1_010);
});

it('one stays behind when the next turn is over before its end too', async () => {
  const turns = new ReadTurns(TURN_MS);
  const [slow, other] = readers(turns, 9, 1);
  slow!.read();
  await nextTurn();
  slow!.read();
  expect(turns.isBehind(other!)).toBe(true);
  await nextTurn();
  expect(turns.isBehind(other!)).toBe(true);
  turns.leave(other!);
  expect(turns.isBehind(other!)).toBe(false);
});
