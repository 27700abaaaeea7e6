import { createInflateRaw } from 'node:zlib';
import { type OutputBuffers, Engines } from '../../src/exchange/decoding-engine';
import { OctetBudget } from '../../src/exchange/octet-budget';

const MIB = 1_048_576;

/** What a decompressor is made with by the engines of an account. */
function buffersOf(budget: OctetBudget): OutputBuffers {
  const account = budget.open();
  const engines = new Engines(account);
  let given: OutputBuffers | null = null;
  const engine = engines.start((buffers) => {
    given = buffers;
    return createInflateRaw(buffers);
  }, 'deflate');
  engines.stop(engine);
  account.close();
  return given!;
}

it('what a decompressor makes waits in one buffer of 16 KiB', () => {
  expect(buffersOf(new OctetBudget(MIB))).toEqual({ chunkSize: 16_384, readableHighWaterMark: 16_384 });
});

it('the buffer is half as large when fetches wait for memory', () => {
  const budget = new OctetBudget(MIB);
  const [favoured, waiting] = [budget.open(), budget.open()];
  favoured.hold(2 * MIB);
  waiting.hold(MIB);
  expect(budget.waitingFetches).toBe(1);
  expect(buffersOf(budget)).toEqual({ chunkSize: 8_192, readableHighWaterMark: 8_192 });
});
