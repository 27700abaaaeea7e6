import { setFlagsFromString } from 'node:v8';

/** of Node: the first whose V8 knows all the flags that are used here; others would complain of them */
const MIN_NODE_MAJOR = 24;

/** Whether V8 can be told how to go about it while it runs. */
export const CAN_TELL_V8 = Number(process.versions.node.split('.', 1)[0]) >= MIN_NODE_MAJOR;

/** Sets flags of V8; those that are used here are read at each collection and compilation. */
export function tellV8(flags: readonly string[]): void {
  for (const flag of flags) setFlagsFromString(flag);
}
