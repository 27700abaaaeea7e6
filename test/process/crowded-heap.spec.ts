import { CrowdedHeap, saveInCrowds } from '../../src/process/crowded-heap';
import type { HeapManner } from '../../src/process/v8-heap';

const MB = 1_000_000;

let manners: HeapManner[];
let heap: CrowdedHeap;
/** of a busy crowd's heap there is another before each look */
let collections: number;
beforeEach(() => {
  manners = [];
  collections = 0;
  heap = new CrowdedHeap((manner) => void manners.push(manner));
});

function callers(...numbers: readonly number[]): void {
  for (const number of numbers) heap.note(number);
}

function holes(...sizes: readonly number[]): void {
  for (const size of sizes) heap.look(size, ++collections);
}

function looks(times: number, size = 20 * MB): void {
  for (let n = 0; n < times; n++) heap.look(size, ++collections);
}

function idleLooks(times: number): void {
  for (let n = 0; n < times; n++) heap.look(15 * MB, collections);
}

it('few callers leave V8 alone, however many holes there are', () => {
  callers(1, 64, 127, 0);
  expect(heap.isAtRest).toBe(true);
  holes(100 * MB, 0);
  expect(manners).toEqual([]);
});

it('V8 saves memory as soon as a crowd has come, and until two seconds after it has gone', () => {
  callers(127, 128);
  expect(manners).toEqual([]);
  looks(1);
  expect(manners).toEqual(['thrifty']);
  callers(1_000, 127, 65);
  looks(100);
  expect(manners).toEqual(['thrifty']);
  callers(64, 0, 127);
  looks(39, 15 * MB);
  expect(manners).toEqual(['thrifty']);
  expect(heap.isAtRest).toBe(false);
  looks(1);
  expect(manners).toEqual(['thrifty', 'usual']);
  expect(heap.isAtRest).toBe(true);
});

it('a crowd that has gone before anybody looked changes nothing', () => {
  callers(128);
  expect(heap.isAtRest).toBe(false);
  callers(0);
  expect(heap.isAtRest).toBe(true);
  looks(100);
  expect(manners).toEqual([]);
});

it('a crowd that comes again soon is there all the time', () => {
  callers(128);
  looks(20);
  callers(0);
  looks(39, 15 * MB);
  callers(128);
  looks(100);
  expect(manners).toEqual(['thrifty']);
});

it('V8 compacts the heap when there are many holes, and until there are few', () => {
  callers(128);
  looks(20, 40 * MB);
  expect(manners).toEqual(['thrifty']);
  holes(41 * MB, 17 * MB);
  expect(manners).toEqual(['thrifty', 'compacting']);
  holes(16 * MB, 17 * MB, 40 * MB);
  expect(manners).toEqual(['thrifty', 'compacting', 'thrifty']);
});

it('V8 does not compact the heap within a second after a crowd has come', () => {
  callers(128);
  looks(19, 41 * MB);
  expect(manners).toEqual(['thrifty']);
  looks(1, 41 * MB);
  expect(manners).toEqual(['thrifty', 'compacting']);
});

it('what a crowd has left behind is compacted when there are fewer holes already', () => {
  callers(128);
  holes(15 * MB, 40 * MB);
  callers(0);
  holes(16 * MB);
  expect(manners).toEqual(['thrifty']);
  holes(17 * MB);
  expect(manners).toEqual(['thrifty', 'compacting']);
  looks(38, 15 * MB);
  expect(manners).toEqual(['thrifty', 'compacting', 'thrifty', 'usual']);
});

it('V8 looks for garbage once more when it has collected none of a crowd for a second', () => {
  callers(128);
  looks(10);
  idleLooks(19);
  expect(manners).toEqual(['thrifty']);
  idleLooks(1);
  expect(manners).toEqual(['thrifty', 'marking']);
  looks(1);
  expect(manners).toEqual(['thrifty', 'marking', 'thrifty']);
  idleLooks(100);
  expect(manners).toEqual(['thrifty', 'marking', 'thrifty']);
  looks(1);
  idleLooks(20);
  expect(manners).toEqual(['thrifty', 'marking', 'thrifty', 'marking']);
});

it('V8 looks for garbage half a second after a crowd has come', () => {
  callers(128);
  idleLooks(9);
  expect(manners).toEqual(['thrifty']);
  idleLooks(1);
  expect(manners).toEqual(['thrifty', 'marking']);
  looks(1);
  idleLooks(100);
  expect(manners).toEqual(['thrifty', 'marking', 'thrifty']);
});

it('V8 does not when it has collected some of a crowd by then', () => {
  callers(128);
  looks(3);
  idleLooks(19);
  expect(manners).toEqual(['thrifty']);
});

it('what V8 has collected before it was told to save is not what is waited for, though it is told of later', () => {
  callers(128);
  idleLooks(1);
  looks(1);
  idleLooks(7);
  expect(manners).toEqual(['thrifty']);
  idleLooks(1);
  expect(manners).toEqual(['thrifty', 'marking']);
});

it('a crowd that comes after another is given half a second as well', () => {
  callers(128);
  looks(3);
  callers(0);
  idleLooks(39);
  callers(128);
  idleLooks(9);
  expect(manners).toEqual(['thrifty']);
  idleLooks(1);
  expect(manners).toEqual(['thrifty', 'marking']);
});

it('many holes are compacted whether V8 has collected lately or not', () => {
  callers(128);
  idleLooks(20);
  holes(41 * MB);
  expect(manners).toEqual(['thrifty', 'marking', 'compacting']);
});

describe('the heap of this process', () => {
  let tell: (callers: number) => void;
  let holesBytes: number;
  let isCounting: boolean;

  beforeEach(() => {
    jest.useFakeTimers();
    holesBytes = 20 * MB;
    isCounting = false;
    saveInCrowds(
      { watch: (told) => void (tell = told) },
      {
        become: (manner) => void manners.push(manner),
        get holesBytes() {
          return holesBytes;
        },
        get collections() {
          return collections;
        },
        countCollections: () => void (isCounting = true),
      },
    );
  });
  afterEach(() => jest.useRealTimers());

  it('is looked at at once when a crowd comes, twenty times a second, and for two seconds after', () => {
    expect(isCounting).toBe(true);
    tell(127);
    expect(jest.getTimerCount()).toBe(0);
    tell(128);
    expect(manners).toEqual(['thrifty']);
    tell(129);
    expect(jest.getTimerCount()).toBe(1);
    jest.advanceTimersByTime(50);
    collections++;
    jest.advanceTimersByTime(850);
    holesBytes = 41 * MB;
    jest.advanceTimersByTime(49);
    expect(manners).toEqual(['thrifty']);
    jest.advanceTimersByTime(1);
    expect(manners).toEqual(['thrifty', 'compacting']);
    holesBytes = 15 * MB;
    collections++;
    jest.advanceTimersByTime(50);
    expect(manners).toEqual(['thrifty', 'compacting', 'thrifty']);
    tell(0);
    jest.advanceTimersByTime(1_999);
    expect([manners.at(-1), jest.getTimerCount()]).toEqual(['thrifty', 1]);
    jest.advanceTimersByTime(1);
    expect([manners.at(-1), jest.getTimerCount()]).toEqual(['usual', 0]);
  });

  it('is looked at again when a crowd comes again', () => {
    holesBytes = 15 * MB;
    tell(128);
    tell(0);
    jest.advanceTimersByTime(2_000);
    expect(manners).toEqual(['thrifty', 'usual']);
    expect(jest.getTimerCount()).toBe(0);
    tell(128);
    expect(manners).toEqual(['thrifty', 'usual', 'thrifty']);
    expect(jest.getTimerCount()).toBe(1);
  });
});
