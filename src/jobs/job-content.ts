import { MAX_VALUES, ValueScan } from '../edge/json-extent';
import { Mistakes } from '../fetch/mistakes';
import type { Problem } from '../problems/problem';
import { MAX_REQUESTS } from './job-spec';

/** so many are gone over in one step, which takes a fraction of a millisecond */
const STEP_CHARACTERS = 65_536;
const POISON_RULE = 'must not hold a member __proto__, or a constructor with a prototype';
const BLANKS: ReadonlySet<string> = new Set([' ', '\t', '\n', '\r']);

/** The JSON object of a job, taken apart. */
export interface JobContent {
  /** its members, without the list of requests */
  readonly members: object;
  /** texts of the elements of that list, each for a parser of its own; null: there is no such list */
  readonly requests: string[] | null;
}

/** Takes the text of a job apart in steps, a piece of the text each: parsed as one, 64 MiB would hold the event loop for
 *  seconds. Members but `requests`, of which there are few, are parsed; what is no JSON within a request is for whoever
 *  parses it to find.
 *
 *  Stricter than JSON.parse: a name that comes twice is refused. RFC 8259 §4 leaves open which of the two counts, and the
 *  first list of requests would have been gone over for nothing.
 *  @param text may be any pieces of it, cut anywhere
 *  @param maxCharacters of a member, and of a request
 *  @throws Problem invalid-request */
export function* readJobContent(text: Iterable<string>, maxCharacters: number): Generator<void, JobContent> {
  const reader = new TextReader(stepsOf(text), maxCharacters);
  const first = yield* reader.take();
  if (first === '') throw refusal('', 'is empty, and must be a JSON object');
  if (first !== '{') throw refusal('', 'must be a JSON object');
  const members = new Map<string, unknown>();
  let requests: string[] | null = null;
  let valuesLeft = MAX_VALUES;
  let delimiter = (yield* reader.peek()) === '}' ? yield* reader.take() : ',';
  while (delimiter === ',') {
    const name = yield* readName(reader);
    if (members.has(name) || (name === 'requests' && requests !== null))
      throw refusal(name, 'must not be given twice');
    if (name === 'requests' && (yield* reader.peek()) === '[') requests = yield* readElements(reader);
    else {
      const { place } = reader;
      const { json, values } = yield* reader.value(name, valuesLeft);
      valuesLeft -= values;
      members.set(name, parse(json, name, place));
    }
    delimiter = yield* reader.take();
  }
  if (delimiter !== '}') throw notJson('', reader.place);
  if ((yield* reader.peek()) !== '') throw notJson('', reader.place);
  const object = Object.fromEntries(members);
  if (isPoisoned(object)) throw refusal('', POISON_RULE);
  return { members: object, requests };
}

/** Parses the text of one request.
 *  @returns the value, or what is wrong with it */
export function parseRequest(json: string): { readonly value: unknown } | { readonly message: string } {
  try {
    const value: unknown = JSON.parse(json);
    return isPoisoned(value) ? { message: POISON_RULE } : { value };
  } catch {
    // The parser's own message cites the text, which may hold secrets.
    return { message: 'is not JSON' };
  }
}

function* readName(reader: TextReader): Generator<void, string> {
  const { place } = reader;
  const { json } = yield* reader.value('', MAX_VALUES);
  const name = parse(json, '', place);
  if (typeof name !== 'string' || (yield* reader.take()) !== ':') throw notJson('', place);
  return name;
}

function* readElements(reader: TextReader): Generator<void, string[]> {
  yield* reader.take();
  const elements: string[] = [];
  if ((yield* reader.peek()) === ']') {
    yield* reader.take();
    return elements;
  }
  for (;;) {
    elements.push((yield* reader.value(`requests.${elements.length}`, MAX_VALUES)).json);
    const delimiter = yield* reader.take();
    if (delimiter === ']') return elements;
    if (delimiter !== ',') throw notJson(`requests.${elements.length - 1}`, reader.place);
    if (elements.length === MAX_REQUESTS)
      throw refusal('requests', `must be a list of at most ${MAX_REQUESTS} requests`);
  }
}

function parse(json: string, path: string, place: number): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw notJson(path, place);
  }
}

/** @param place in the text, from 0 */
function notJson(path: string, place: number): Problem {
  return refusal(path, `is not JSON, from character ${place + 1} on`);
}

function refusal(path: string, message: string): Problem {
  const mistakes = new Mistakes();
  mistakes.add([{ path, message }]);
  return mistakes.problem();
}

/** As secure-json-parse has it, with which Fastify parses the content of other routes: such members change the prototype
 *  of what they are merged into by code that is careless. */
function isPoisoned(json: unknown): boolean {
  const open = [json];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (typeof value !== 'object' || value === null) continue;
    if (Object.hasOwn(value, '__proto__') || hasPrototype(value)) return true;
    for (const member of Object.values(value)) if (typeof member === 'object') open.push(member);
  }
  return false;
}

function hasPrototype(value: object): boolean {
  if (!Object.hasOwn(value, 'constructor')) return false;
  const { constructor } = value as { readonly constructor: unknown };
  return typeof constructor === 'object' && constructor !== null && Object.hasOwn(constructor, 'prototype');
}

function* stepsOf(text: Iterable<string>): Generator<string, void> {
  let isFirst = true;
  for (const piece of text) {
    // RFC 8259 §8.1: a byte order mark may be ignored, and the parser of other routes does so.
    let at = isFirst && piece.startsWith('\uFEFF') ? 1 : 0;
    for (; at < piece.length; at += STEP_CHARACTERS) yield piece.slice(at, at + STEP_CHARACTERS);
    isFirst &&= piece === '';
  }
}

/** Goes over text once, and asks for the next piece between two steps. */
class TextReader {
  private piece = '';
  private at = 0;
  /** characters of the pieces before */
  private passed = 0;

  constructor(
    private readonly pieces: Iterator<string, void>,
    private readonly maxCharacters: number,
  ) {}

  get place(): number {
    return this.passed + this.at;
  }

  /** @returns the next character that is not blank; '' at the end of the text */
  *peek(): Generator<void, string> {
    for (;;) {
      for (; this.at < this.piece.length; this.at++) {
        const character = this.piece.charAt(this.at);
        if (!BLANKS.has(character)) return character;
      }
      if (!(yield* this.next())) return '';
    }
  }

  /** As `peek`, and passes it. */
  *take(): Generator<void, string> {
    const character = yield* this.peek();
    this.at += character.length;
    return character;
  }

  /** @param path of the value, for errors
   *  @returns text up to what ends the value there */
  *value(path: string, maxValues: number): Generator<void, { json: string; values: number }> {
    const scan = new ValueScan(maxValues);
    const parts: string[] = [];
    let characters = 0;
    do {
      const from = this.at;
      this.at = scan.next(this.piece, from);
      parts.push(this.piece.slice(from, this.at));
      characters += this.at - from;
      if (scan.values > maxValues) throw refusal(path, `holds more than ${MAX_VALUES} values`);
      if (characters > this.maxCharacters)
        throw refusal(path, `must be at most ${this.maxCharacters} characters of JSON`);
    } while (this.at === this.piece.length && (yield* this.next()));
    return { json: parts.join(''), values: scan.values };
  }

  private *next(): Generator<void, boolean> {
    const { done, value } = this.pieces.next();
    if (done === true) return false;
    this.passed += this.piece.length;
    this.piece = value;
    this.at = 0;
    yield;
    return true;
  }
}
