/** of most reads */
const USUAL_BYTES = 65_536;

/** What all connections of the process read into, so that thousands that wait cost no buffer. It can be one, because a
 *  read is never under way when another begins: the runtime has the kernel, or OpenSSL, fill it and tells of it before
 *  it turns to anything else, and whoever reads is done with the octets when `read` returns. */
let memory = Buffer.allocUnsafeSlow(USUAL_BYTES);

/** @param bytes the most that one read may return
 *  @returns a view of that size; what is in it is of no meaning */
export function readBuffer(bytes: number): Buffer {
  // Connections that have a view of the smaller one keep it.
  if (bytes > memory.length) memory = Buffer.allocUnsafeSlow(bytes);
  return memory.subarray(0, bytes);
}
