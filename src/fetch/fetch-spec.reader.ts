import { X509Certificate, createPrivateKey } from 'node:crypto';
import { isIP } from 'node:net';
import { createSecureContext } from 'node:tls';
import type { FetchSpec, Timeouts } from '../exchange/fetch-spec';
import type { FieldLine } from '../http1/events';
import { FIELD_VALUE, TOKEN } from '../http1/grammar';
import type { FieldErrorDto } from '../problems/problem.dto';
import { fieldValues } from '../semantics/fields';
import { hasLongHost } from '../semantics/origin';
import { DEFAULTS } from './defaults';
import { FetchRequestDto } from './dto/fetch-request.dto';
import { isJsonObject, readObject } from './dto/read-object';
import { Mistakes } from './mistakes';

const MAX_FIELD_LINES = 1_000;
/** of the URL and of each part of a head: they are gone over many times, and told again in the answer */
const MAX_HEAD_CHARACTERS = 1_048_576;
const TOO_LONG = `must be at most ${MAX_HEAD_CHARACTERS} characters`;
/** In the URL they would vanish silently (WHATWG URL §4.4 strips tabs and line ends). */
const BLANKS_OR_CONTROLS = /[\x00-\x20\x7f]/;
const LONE_SURROGATE = /\p{Surrogate}/u;
const FIELD_VALUE_RULE =
  'must hold no CR, LF, NUL or other control, and one character up to U+00FF per octet';
/** What a request written here is made of, and raw octets therefore exclude. */
export const EXCLUDED_BY_RAW = [
  'method',
  'headers',
  'body',
  'httpVersion',
  'requestTarget',
  'propagateTraceContext',
] as const;

/** What the operator lets a request ask for. */
export interface SpecLimits {
  readonly maxTotalMs: number;
  readonly maxBodyBytes: number;
  readonly rawRequests: boolean;
  /** "http:" */
  readonly schemes: ReadonlySet<string>;
}

/** What there is in the JSON of a request. */
export interface FetchReading {
  /** null when anything is wrong */
  readonly spec: FetchSpec | null;
  readonly errors: readonly FieldErrorDto[];
  /** "gopher", where that is one of the errors */
  readonly unsupportedScheme: string | null;
}

/** Turns the JSON of a request into a FetchSpec: checked once, with all mistakes told at once.
 *  @throws Problem invalid-request or unsupported-scheme */
export function readFetchSpec(input: unknown, limits: SpecLimits): FetchSpec {
  const { spec, errors, unsupportedScheme } = readFetch(input, limits);
  if (spec !== null) return spec;
  const mistakes = new Mistakes();
  mistakes.add(errors, '', unsupportedScheme);
  throw mistakes.problem();
}

/** As `readFetchSpec`, for whoever has other mistakes to tell beside. */
export function readFetch(input: unknown, limits: SpecLimits): FetchReading {
  if (!isJsonObject(input)) {
    const message = input === undefined ? 'is empty, and must be a JSON object' : 'must be a JSON object';
    return { spec: null, errors: [{ path: '', message }], unsupportedScheme: null };
  }
  const errors: FieldErrorDto[] = [];
  const dto = readObject(FetchRequestDto, input, '', errors);
  return new SpecReader(dto, limits, errors).read();
}

/** A URL, or what is wrong with it. */
export type UrlReading =
  | { readonly url: URL }
  | { readonly url: null; readonly message: string; readonly unsupportedScheme: string | null };

/** @param schemes that are spoken, "http:"
 *  @param insteadOfUserinfo what the caller may do */
export function readUrl(text: unknown, schemes: ReadonlySet<string>, insteadOfUserinfo = ''): UrlReading {
  const refused = (message: string, unsupportedScheme: string | null = null): UrlReading => ({
    url: null,
    message,
    unsupportedScheme,
  });
  if (text === undefined) return refused('is required');
  if (typeof text !== 'string') return refused('must be a string');
  if (text.length > MAX_HEAD_CHARACTERS) return refused(TOO_LONG);
  if (BLANKS_OR_CONTROLS.test(text)) return refused('must not contain blanks or controls');
  if (!URL.canParse(text)) return refused('is not an absolute URL');
  const url = new URL(text);
  if (!schemes.has(url.protocol)) {
    const scheme = url.protocol.slice(0, -1);
    const spoken = [...schemes].map((one) => one.slice(0, -1)).join(', ');
    return refused(`has the scheme ${scheme}; spoken here: ${spoken}`, scheme);
  }
  if (hasLongHost(url)) return refused('must not have a host of more than 253 octets');
  if (url.username !== '' || url.password !== '')
    return refused(`must not hold a user name or password${insteadOfUserinfo}`);
  return { url };
}

/** Checks what decorators cannot say, beside what they have found, and puts the spec together. */
class SpecReader {
  private unsupportedScheme: string | null = null;

  constructor(
    private readonly dto: FetchRequestDto,
    private readonly limits: SpecLimits,
    private readonly errors: FieldErrorDto[],
  ) {}

  read(): FetchReading {
    const { dto } = this;
    const url = this.url();
    const headers = this.headers();
    const body = this.body();
    const raw = this.raw();
    this.checkLengths(headers);
    this.checkFraming(headers, body);
    const until = dto.read?.until ?? DEFAULTS.read.until;
    const spec: Omit<FetchSpec, 'url'> = {
      method: dto.method ?? DEFAULTS.method,
      headers,
      defaultHeaders: dto.defaultHeaders ?? DEFAULTS.defaultHeaders,
      body,
      httpVersion: dto.httpVersion ?? DEFAULTS.httpVersion,
      requestTarget: dto.requestTarget ?? null,
      raw,
      timeouts: this.timeouts(until),
      read: {
        until,
        bufferBytes: dto.read?.bufferBytes ?? DEFAULTS.read.bufferBytes,
        maxReads: dto.read?.maxReads ?? DEFAULTS.read.maxReads,
        maxBodyBytes: this.capped(
          'read.maxBodyBytes',
          dto.read?.maxBodyBytes,
          DEFAULTS.read.maxBodyBytes,
          this.limits.maxBodyBytes,
        ),
        maxHeadBytes: dto.read?.maxHeadBytes ?? DEFAULTS.read.maxHeadBytes,
      },
      redirects: { ...DEFAULTS.redirects, ...defined(dto.redirects) },
      network: this.network(),
      tls: this.tls(),
      strict: (dto.parser ?? DEFAULTS.parser) === 'strict',
      decodeContent: dto.decodeContent ?? DEFAULTS.decodeContent,
      session: dto.session ?? DEFAULTS.session,
      // The body does not know it: whoever has the call puts it in.
      trace: null,
      propagateTraceContext: dto.propagateTraceContext ?? DEFAULTS.propagateTraceContext,
      include: { ...DEFAULTS.include, ...defined(dto.include) },
    };
    const { errors, unsupportedScheme } = this;
    const isRight = url !== null && errors.length === 0;
    return { spec: isRight ? { url, ...spec } : null, errors, unsupportedScheme };
  }

  private fail(path: string, message: string): void {
    this.errors.push({ path, message });
  }

  private url(): URL | null {
    const reading = readUrl(this.dto.url, this.limits.schemes, '; send an Authorization header instead');
    if (reading.url === null) {
      this.unsupportedScheme = reading.unsupportedScheme;
      this.fail('url', reading.message);
    }
    return reading.url;
  }

  private isRefused(path: string): boolean {
    return this.errors.some((error) => error.path === path);
  }

  private headers(): FieldLine[] {
    const { headers } = this.dto;
    if (headers === undefined) return [];
    if (typeof headers !== 'object' || headers === null) {
      this.fail('headers', 'must be a list of {name, value}, or an object of strings or lists of strings');
      return [];
    }
    const given = [...firstPairs(headers, MAX_FIELD_LINES + 1)];
    if (given.length > MAX_FIELD_LINES)
      this.fail('headers', `must be at most ${MAX_FIELD_LINES} field lines`);
    return given.slice(0, MAX_FIELD_LINES).flatMap((pair) => this.header(pair));
  }

  private header({ path, namePath, valuePath, name, value, unknown }: HeaderPair): FieldLine[] {
    for (const field of unknown) this.fail(`${path}.${field}`, 'is not a field of the request');
    const nameFits = typeof name === 'string' && TOKEN.test(name);
    if (!nameFits) this.fail(namePath, 'name must be a token of RFC 9110');
    const valueFits = typeof value === 'string' && FIELD_VALUE.test(value);
    if (!valueFits)
      this.fail(
        valuePath,
        typeof value === 'string' ? `value ${FIELD_VALUE_RULE}` : 'value must be a string',
      );
    return nameFits && valueFits ? [{ name, value }] : [];
  }

  private body(): Buffer | null {
    const { body } = this.dto;
    if (body === undefined || body === null) return null;
    const { text, base64 } = body;
    if ((text === undefined) === (base64 === undefined)) {
      this.fail('body', 'must have exactly one of text and base64');
      return null;
    }
    if (text === undefined) return fromBase64(base64);
    if (typeof text === 'string' && LONE_SURROGATE.test(text))
      this.fail('body.text', 'must not hold half a surrogate pair, which UTF-8 has no octets for');
    return fromText(text);
  }

  private raw(): Buffer | null {
    const { raw } = this.dto;
    if (raw === undefined || raw === null) return null;
    if (!this.limits.rawRequests) this.fail('raw', 'raw requests are switched off on this service');
    for (const field of EXCLUDED_BY_RAW)
      if (this.dto[field] !== undefined && this.dto[field] !== null)
        this.fail(field, 'must not be given together with raw');
    if (raw.base64 === '') this.fail('raw.base64', 'must not be empty');
    return fromBase64(raw.base64);
  }

  private checkLengths(headers: readonly FieldLine[]): void {
    const { method, requestTarget } = this.dto;
    const lengths = {
      method: method?.length ?? 0,
      requestTarget: requestTarget?.length ?? 0,
      headers: headers.reduce((sum, { name, value }) => sum + name.length + value.length, 0),
    };
    for (const [path, length] of Object.entries(lengths))
      if (length > MAX_HEAD_CHARACTERS) this.fail(path, TOO_LONG);
  }

  /** What decides the length of the request is written by this service alone (RFC 9112 §6). */
  private checkFraming(headers: readonly FieldLine[], body: Buffer | null): void {
    if (fieldValues(headers, 'transfer-encoding').length > 0)
      this.fail('headers', 'must not have a Transfer-Encoding: the content is sent with a Content-Length');
    if (fieldValues(headers, 'host').length > 1) this.fail('headers', 'must not have two Hosts');
    const lengths = fieldValues(headers, 'content-length');
    const actual = String(body?.length ?? 0);
    if (lengths.some((length) => length !== actual))
      this.fail('headers', `must not have another Content-Length than the body's, ${actual}`);
    if (lengths.length > 1) this.fail('headers', 'must not have two Content-Lengths');
  }

  private timeouts(until: FetchSpec['read']['until']): Timeouts {
    const given = this.dto.timeouts;
    const limit = (name: keyof Timeouts, fallback: number = DEFAULTS.timeouts[name]): number =>
      this.capped(`timeouts.${name}`, given?.[name], fallback, this.limits.maxTotalMs);
    return {
      dnsMs: limit('dnsMs'),
      connectMs: limit('connectMs'),
      tlsMs: limit('tlsMs'),
      sendMs: limit('sendMs'),
      firstByteMs: limit('firstByteMs'),
      idleMs: limit('idleMs', until === 'idle' ? DEFAULTS.idleMsUntilIdle : DEFAULTS.timeouts.idleMs),
      totalMs: limit('totalMs'),
    };
  }

  /** A value above the operator's cap is a mistake, a default above it is lowered. */
  private capped(path: string, given: number | undefined, fallback: number, cap: number): number {
    if (given === undefined) return Math.min(fallback, cap);
    if (given > cap) this.fail(path, `must be at most ${cap}, the limit of this service`);
    return given;
  }

  private tls(): FetchSpec['tls'] {
    const tls = { ...DEFAULTS.tls, ...defined(this.dto.tls) };
    this.checkPem('tls.ca', tls.ca, certificatesMistake);
    this.checkPem('tls.clientCertificate', tls.clientCertificate, identityMistake);
    return tls;
  }

  private checkPem(path: string, pem: unknown, mistakeIn: (pem: string) => string | null): void {
    // What is too long is not read.
    const mistake = typeof pem === 'string' && !this.isRefused(path) ? mistakeIn(pem) : null;
    if (mistake !== null) this.fail(path, mistake);
  }

  private network(): FetchSpec['network'] {
    const { family = DEFAULTS.network.family, address = null } = this.dto.network ?? {};
    if (typeof address !== 'string' || this.isRefused('network.address')) return { family, address };
    // RFC 4007 §11: a zone is one of this machine's links, which are none of the caller's business.
    if (address.includes('%')) this.fail('network.address', 'must not have a zone (what follows the %)');
    else if (family !== 'any' && isIP(address) !== family)
      this.fail('network.address', `is not an address of IPv${family}`);
    return { family, address };
  }
}

/** What is wrong with a list of certificates; null: nothing. */
function certificatesMistake(pem: string): string | null {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
  if (blocks.length === 0) return 'must hold a certificate in PEM';
  if (blocks.length < pem.split('-----BEGIN CERTIFICATE-----').length - 1)
    return 'holds a certificate that is cut short';
  return blocks.every(isCertificate) ? null : 'holds a certificate that cannot be read';
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem) instanceof X509Certificate;
  } catch {
    return false;
  }
}

/** What is wrong with a certificate and its key; null: nothing. */
function identityMistake(pem: string): string | null {
  const mistake = certificatesMistake(pem);
  if (mistake !== null) return mistake;
  try {
    if (!new X509Certificate(pem).checkPrivateKey(createPrivateKey(pem)))
      return 'holds a private key that is not the one of its first certificate';
  } catch {
    return 'must hold an unencrypted private key in PEM beside the certificate';
  }
  try {
    createSecureContext({ cert: pem, key: pem });
    return null;
  } catch (error) {
    // A key that is too short, for instance; OpenSSL's reasons hold nothing of the key.
    return `is refused by OpenSSL: ${(error as { readonly reason?: string }).reason ?? 'unusable'}`;
  }
}

/** A header as it was given, with the places to name in errors. */
interface HeaderPair {
  readonly path: string;
  readonly namePath: string;
  readonly valuePath: string;
  readonly name: unknown;
  readonly value: unknown;
  readonly unknown: readonly string[];
}

/** The first of what may be a million pairs. */
function* firstPairs(headers: object, count: number): Generator<HeaderPair> {
  if (Array.isArray(headers)) return yield* headers.slice(0, count).map(listedPair);
  let left = count;
  for (const [name, value] of Object.entries(headers) as [string, unknown][]) {
    const path = `headers.${name}`;
    const values: unknown[] = Array.isArray(value) ? value : [value];
    for (const [index, one] of values.slice(0, left).entries()) {
      const valuePath = Array.isArray(value) ? `${path}.${index}` : path;
      yield { path, namePath: path, valuePath, name, value: one, unknown: [] };
    }
    left -= values.length;
    if (left <= 0) return;
  }
}

function listedPair(member: unknown, index: number): HeaderPair {
  const path = `headers.${index}`;
  const { name, value, ...rest } = (typeof member === 'object' && member !== null ? member : {}) as {
    readonly name?: unknown;
    readonly value?: unknown;
  };
  return {
    path,
    namePath: `${path}.name`,
    valuePath: `${path}.value`,
    name,
    value,
    unknown: Object.keys(rest),
  };
}

function fromText(text: unknown): Buffer | null {
  return typeof text === 'string' ? Buffer.from(text, 'utf8') : null;
}

function fromBase64(base64: unknown): Buffer | null {
  return typeof base64 === 'string' ? Buffer.from(base64, 'base64') : null;
}

/** Own fields that have a value: an instance carries undefined for what was not given. */
function defined<T extends object>(object: T | undefined): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(object ?? {}).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
