import type { ConsoleRequest } from './draft';
import { escapedJson } from './unseen';

/** A request as others take it. */

/** The longest argument that Linux takes is 128 KiB. */
export const MOST_IN_ARGUMENT = 100_000;

/** @param endpoint URL of POST /fetch
 *  @param needsKey the command then takes the key from the environment: it is not written out
 *  @returns a command for sh that calls the service */
export function curlOf(request: ConsoleRequest, endpoint: string, needsKey: boolean): string {
  const json = jsonOf(request);
  const key = needsKey ? ` \\\n  -H "X-API-Key: $WIREFETCH_KEY"` : '';
  const call = `curl -sS ${quoted(endpoint)} \\\n  -H 'Content-Type: application/json'${key} \\\n  --data-binary`;
  // JSON is one line, and begins with a brace.
  return json.length > MOST_IN_ARGUMENT ? `${call} @- <<'END'\n${json}\nEND` : `${call} ${quoted(json)}`;
}

/** @returns JSON in one line of characters that can be seen */
export function jsonOf(request: ConsoleRequest): string {
  return escapedJson(JSON.stringify(request));
}

/** POSIX.1 XCU §2.2.2: all within single quotes is itself, but a single quote. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
