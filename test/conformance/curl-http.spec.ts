import type { FetchOutcome } from '../../src/exchange/outcome';
import { type Peer, useOrigins } from '../support/origin';
import { type SpecOverrides, fetchUrl, textOf } from '../support/spec';
import { DECIDED_OTHERWISE, describeVectors, fromBase64 } from '../support/vectors';

interface Reply {
  readonly base64: string;
  /** curl's server gives the next part to the next request of the same path */
  readonly bounce: boolean;
}

interface Case {
  readonly id: number;
  readonly name: string;
  readonly servers: readonly string[];
  readonly method: string;
  readonly options: readonly (readonly [name: string, value?: string])[];
  readonly urls: readonly string[];
  /** by the part of the test that a path asks for */
  readonly replies: Readonly<Record<string, Reply>>;
  readonly expected_exit: number;
  readonly expected_final: {
    readonly response_count?: number;
    readonly status?: number;
    readonly http_version?: string;
    readonly reason?: string;
    readonly body_base64?: string;
    readonly body_may_include_trailers?: boolean;
  } | null;
}

/** What decides nothing of the response that is shown. */
const NEUTRAL = ['-s', '--silent', '-i', '-w', '--write-out', '-D', '-c', '-g'];
const FOLLOWING = ['-L', '--location'];

/** Why a case asks for what one GET or HEAD over http, as the API has it, cannot do; the first that is true. */
const EXCLUSIONS: readonly (readonly [reason: string, is: (test: Case) => boolean])[] = [
  [
    'sends a body',
    ({ method, options }) => !['GET', 'HEAD'].includes(method) || has(options, '-d', '-T', '--json'),
  ],
  ['needs https or IPv6 servers of curl’s suite', ({ servers }) => servers.join() !== 'http'],
  ['makes several fetches', ({ urls }) => urls.length !== 1 || /[[{]/.test(withoutPort(urls[0]!))],
  ['has credentials in the URL, which are a 400 here', ({ urls }) => /\/\/[^/]*@/.test(urls[0]!)],
  [
    'reads credentials or cookies from files, or writes them',
    ({ options }) => has(options, '-u', '-b', '--netrc', '--netrc-optional'),
  ],
  ['shows the transfer coding instead of undoing it', ({ options }) => has(options, '--raw')],
  ['undoes transfer codings other than chunked', ({ options }) => has(options, '--tr-encoding')],
  ['allows HTTP/0.9', ({ options }) => has(options, '--http0.9')],
  ['is about an option of curl’s', ({ options }) => !options.every(([name, value]) => isUsable(name, value))],
  [
    'states no response',
    ({ expected_exit, expected_final }) => expected_exit === 0 && expected_final?.status === undefined,
  ],
];

/** Cases that this project decides otherwise: whether it reads the reply, and why. */
const DIFFERENCES: Readonly<Record<number, { readonly isRead: boolean; readonly because: string }>> = {
  770: {
    isRead: false,
    because:
      'Content-Length 6 and 06 are one number but not one numeral: what decides a length is never guessed',
  },
  1495: {
    isRead: true,
    because: 'chunked that is not the final coding is read to close, with a warning: RFC 9112 §6.3 item 4',
  },
  2105: { isRead: true, because: 'a bare CR is replaced by SP, with a warning: RFC 9112 §2.2' },
};

function has(options: Case['options'], ...names: readonly string[]): boolean {
  return options.some(([name]) => names.includes(name));
}

function isUsable(name: string, value = ''): boolean {
  if (name === '-H') return /^[A-Za-z-]+: .+$/.test(value) && !/^host:/i.test(value);
  return [...NEUTRAL, ...FOLLOWING, '--compressed', '-I', '--head', '-r'].includes(name);
}

function withoutPort(text: string): string {
  return text.replaceAll('{{HTTPPORT}}', '');
}

function exclusionOf(test: Case): string | null {
  return EXCLUSIONS.find(([, is]) => is(test))?.[0] ?? null;
}

function overridesOf({ options }: Case): SpecOverrides {
  const fields = options.flatMap(([name, value]) => (name === '-H' ? [value!] : []));
  const ranges = options.flatMap(([name, value]) => (name === '-r' ? [`Range: bytes=${value}`] : []));
  return {
    method: has(options, '-I', '--head') ? 'HEAD' : 'GET',
    headers: [...fields, ...ranges],
    redirects: { follow: has(options, ...FOLLOWING), max: 20 },
    decodeContent: has(options, '--compressed'),
  };
}

describeVectors<{ cases: Case[] }>('curl’s HTTP tests', 'curl/http_dev.json', ({ cases }) => {
  const startOrigin = useOrigins();
  const included = cases.filter((test) => exclusionOf(test) === null);

  /** Plays curl's server: the digits after a test's number say which part of it is asked for. */
  async function run(test: Case): Promise<{ outcome: FetchOutcome; port: number }> {
    let bounces = 0;
    const origin = await startOrigin(async (peer: Peer) => {
      const [, target = ''] = (await peer.request()).split(' ', 2);
      const part = Number(new RegExp(`${test.id}(\\d{4})`).exec(target)?.[1] ?? 0) + bounces;
      const reply = test.replies[String(part)]!;
      if (reply.bounce) bounces++;
      await peer.send(withPort(fromBase64(reply.base64), origin.port));
      peer.fin();
    });
    const url = test.urls[0]!.replaceAll('{{HTTPPORT}}', String(origin.port));
    const outcome = await fetchUrl(url.includes('//') ? url : `http://${url}`, overridesOf(test));
    return { outcome, port: origin.port };
  }

  // what is left out says why; docs/wire-behaviour.md counts it
  it('are left out for reasons that all apply to some', () => {
    const reasons = new Set(cases.map(exclusionOf));
    expect(reasons).toEqual(new Set([...EXCLUSIONS.map(([reason]) => reason), null]));
  });

  const others = included.filter(({ id }) => !(id in DIFFERENCES));

  it.each(others.filter(({ expected_exit }) => expected_exit === 0))('$id: $name', async (test) => {
    const { outcome, port } = await run(test);
    const { hops, last } = outcome;
    const { response_count, status, http_version, reason, body_base64, body_may_include_trailers } =
      test.expected_final!;
    expect({
      status: last.head?.status,
      httpVersion: last.head?.httpVersion,
      reason: last.head?.statusText.trimEnd(),
      responses: hops.length + last.informational.length + 1,
      complete: last.complete,
    }).toEqual({ status, httpVersion: http_version, reason, responses: response_count, complete: true });
    const body = withPort(fromBase64(body_base64!), port).toString('latin1');
    const content = textOf(last.content);
    expect(content).toBe(body_may_include_trailers === true ? body.slice(0, content.length) : body);
  });

  it.each(others.filter(({ expected_exit }) => expected_exit !== 0))(
    '$id: $name: curl ends with $expected_exit',
    async (test) => {
      const { outcome } = await run(test);
      expect(outcome.failure ?? outcome.last.failure).not.toBeNull();
    },
  );

  it.each(
    included.flatMap((test) => (test.id in DIFFERENCES ? [{ test, ours: DIFFERENCES[test.id]! }] : [])),
  )(`${DECIDED_OTHERWISE}: $test.id: $test.name: $ours.because`, async ({ test, ours }) => {
    const { outcome } = await run(test);
    expect(outcome.failure === null && outcome.last.complete).toBe(ours.isRead);
  });
});

/** Puts the port where a payload has its placeholder. */
function withPort(octets: Buffer, port: number): Buffer {
  return Buffer.from(octets.toString('latin1').replaceAll('{{HTTPPORT}}', String(port)), 'latin1');
}
