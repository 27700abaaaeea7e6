import type { Socket } from 'node:net';
import type { Answer } from './app';
import { dial } from './caller';

/** Reads what a service answers, as far as it is whole.
 *  @param enough so many answers; without it, until the connection ends
 *  @returns the answers, 1xx among them */
export async function answersTo(caller: Socket, enough = Infinity): Promise<Answer[]> {
  let octets = '';
  for await (const some of caller.iterator({ destroyOnReturn: false })) {
    octets += (some as Buffer).toString('latin1');
    if (wholeAnswers(octets).length >= enough) break;
  }
  return wholeAnswers(octets);
}

/** Says something to a service over a connection of its own.
 *  @returns what it answers until it closes the connection */
export async function converse(url: string, octets: string): Promise<Answer[]> {
  const caller = await dial(url);
  caller.write(Buffer.from(octets, 'latin1'));
  const answers = await answersTo(caller);
  caller.destroy();
  return answers;
}

/** What no client of a library lets one say.
 *  @returns the only answer */
export async function answerTo(url: string, octets: string): Promise<Answer> {
  const [answer, ...others] = await converse(url, octets);
  expect(others).toEqual([]);
  return answer!;
}

function wholeAnswers(octets: string): Answer[] {
  const end = octets.indexOf('\r\n\r\n');
  if (end === -1) return [];
  const [statusLine = '', ...lines] = octets.slice(0, end).split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 2)]),
  );
  const rest = octets.slice(end + 4);
  const length = Number(headers['content-length'] ?? 0);
  if (rest.length < length) return [];
  const text = Buffer.from(rest.slice(0, length), 'latin1').toString('utf8');
  return [{ status: Number(statusLine.split(' ')[1]), headers, text }, ...wholeAnswers(rest.slice(length))];
}
