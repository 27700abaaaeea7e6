/** Read buffers of the usual size go round; a garbage collector that is told of 64 KiB a fetch runs all the time. */
const POOLED_BYTES = 65_536;
const MAX_POOLED = 128;
const pool: Buffer[] = [];

/** @param bytes the most that one read may return
 *  @returns a buffer of exactly that size; what is in it is of no meaning */
export function takeReadBuffer(bytes: number): Buffer {
  return (bytes === POOLED_BYTES ? pool.pop() : undefined) ?? Buffer.allocUnsafeSlow(bytes);
}

/** Gives back a buffer that no socket reads into any more. */
export function giveReadBuffer(buffer: Buffer): void {
  if (buffer.length === POOLED_BYTES && pool.length < MAX_POOLED) pool.push(buffer);
}
