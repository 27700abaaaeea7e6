import type { IncomingMessage } from 'node:http';
import { StringDecoder } from 'node:string_decoder';
import type { FastifyInstance } from 'fastify';
import { turns } from '../event-loop/turns';
import { OctetStore } from '../exchange/octet-store';
import { hasContent } from '../problems/lingering';
import { MEDIA_TYPE_HINT, Problem } from '../problems/problem';
import { MAX_VALUES, TEXT_FACTOR, holdsMoreValues } from './json-extent';
import { routeConfig } from './route-config';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** whether JSON comes as its text, and may be longer */
    readonly jsonText?: boolean;
  }
}

/** so many are decoded at once, or a few more */
const PIECE_BYTES = 65_536;

/** Has a route get the text of the JSON, which may then have TEXT_FACTOR times WIREFETCH_MAX_REQUEST_BYTES, and not what
 *  it says. The body is a JsonText, or undefined without content. */
export function JsonText(): MethodDecorator {
  return routeConfig({ jsonText: true });
}

/** Text in pieces, which can be gone over once: each is let go of when the next is asked for. As one string, 64 MiB would
 *  hold the event loop for half a second before the first character is looked at. */
export type JsonText = IterableIterator<string>;

/** Lets JSON be read, and nothing else. A request without content may have any Content-Type: some clients always send
 *  one. */
export function readJsonAlone(fastify: FastifyInstance): void {
  const parse = fastify.getDefaultJsonParser('error', 'error');
  fastify.removeAllContentTypeParsers();
  fastify.addHook('onRoute', (route) => {
    const { bodyLimit } = fastify.initialConfig;
    if (route.config?.jsonText === true && bodyLimit !== undefined) route.bodyLimit = TEXT_FACTOR * bodyLimit;
  });
  fastify.addContentTypeParser('application/json', (request, payload, done) => {
    const { bodyLimit, config } = request.routeOptions;
    if (config.jsonText === true) return readText(payload, bodyLimit, done);
    readWhole(payload, bodyLimit, (error, text) => {
      if (error !== null || text === undefined) done(error, undefined);
      else if (holdsMoreValues(text, MAX_VALUES)) done(tooManyValues());
      else void parse(request, text, done);
    });
  });
  fastify.addContentTypeParser('*', ({ raw }, _, done) => {
    if (hasContent(raw)) done(new Problem('unsupported-media-type', MEDIA_TYPE_HINT));
    else done(null, undefined);
  });
}

function tooManyValues(): Problem {
  const message = `holds more than ${MAX_VALUES} values`;
  return new Problem('invalid-request', `The request ${message}; nothing was sent.`, {
    phase: 'validate',
    errors: [{ path: '', message }],
  });
}

/** @param done has undefined where there is no content */
function readText(
  payload: IncomingMessage,
  maxBytes: number,
  done: (error: Error | null, text?: JsonText) => void,
): void {
  const pieces = new TextPieces();
  collect(
    payload,
    maxBytes,
    (chunk) => pieces.add(chunk),
    (error) => {
      const texts = error === null ? pieces.end() : [];
      done(error, texts.length === 0 ? undefined : lettingGo(texts));
    },
  );
}

/** One text, and not one of pieces: of an upload it is a large string, and there is to be one of it. Contents that come
 *  later than their heads take a turn of their own: hundreds may end at once, and each has to be parsed, checked and begun.
 *  @param done has undefined where there is no content; not called when the caller has gone by that turn */
function readWhole(
  payload: IncomingMessage,
  maxBytes: number,
  done: (error: Error | null, text?: string) => void,
): void {
  const content = new OctetStore(maxBytes);
  const isHere = payload.complete;
  const end = (error: Error | null): void => {
    const text = error !== null || content.bytes === 0 ? undefined : content.octets.toString();
    content.free();
    done(error, text);
  };
  collect(
    payload,
    maxBytes,
    (chunk) => content.append(chunk),
    (error) => {
      if (error !== null || isHere) return end(error);
      turns.next(() => {
        if (payload.socket.destroyed) content.free();
        else end(null);
      });
    },
  );
}

/** Hands on what comes, up to the limit. */
function collect(
  payload: IncomingMessage,
  maxBytes: number,
  add: (chunk: Buffer) => void,
  done: (error: Error | null) => void,
): void {
  let bytes = 0;
  const end = (error: Error | null): void => {
    payload.off('data', take).off('end', whole).off('error', broken);
    done(error);
  };
  const take = (chunk: Buffer): void => {
    bytes += chunk.length;
    if (bytes > maxBytes) end(new Problem('request-too-large', `The content may have ${maxBytes} octets.`));
    else add(chunk);
  };
  const whole = (): void => end(null);
  // The caller left, which is no failure of ours.
  const broken = (error: Error): void => end(Object.assign(error, { statusCode: 400 }));
  payload.on('data', take).on('end', whole).on('error', broken);
  payload.resume();
}

/** Octets on their way to text: decoded as they come, in pieces of at least PIECE_BYTES, however small they come. */
class TextPieces {
  private readonly decoder = new StringDecoder('utf8');
  private readonly texts: string[] = [];
  private chunks: Buffer[] = [];
  private bytes = 0;

  add(chunk: Buffer): void {
    this.chunks.push(chunk);
    this.bytes += chunk.length;
    if (this.bytes >= PIECE_BYTES) this.decode();
  }

  /** @returns pieces of the text, none of which is empty */
  end(): string[] {
    this.decode();
    this.push(this.decoder.end());
    return this.texts;
  }

  private decode(): void {
    const [first, ...others] = this.chunks;
    if (first === undefined) return;
    this.push(this.decoder.write(others.length === 0 ? first : Buffer.concat(this.chunks, this.bytes)));
    this.chunks = [];
    this.bytes = 0;
  }

  private push(text: string): void {
    if (text !== '') this.texts.push(text);
  }
}

function* lettingGo(texts: string[]): JsonText {
  texts.reverse();
  for (let text = texts.pop(); text !== undefined; text = texts.pop()) yield text;
}
