import { isIP } from 'node:net';
import type { FetchSpec } from '../../src/exchange/fetch-spec';
import { readFetchSpec } from '../../src/fetch/fetch-spec.reader';
import { Problem } from '../../src/problems/problem';
import type { ProblemDto } from '../../src/problems/problem.dto';
import type { ProblemCode } from '../../src/problems/problem-table';
import { hostOf, portOf } from '../../src/semantics/origin';
import { AddressPolicy } from '../../src/transport/address-policy';
import { jsonOf, useService } from '../support/app';
import { useRefusedDialling } from '../support/dialling';
import { describeVectors } from '../support/vectors';
import { problemOf } from '../api/contract';

type ErrorKind = 'blocked_address' | 'invalid_url' | 'unsupported_scheme';

interface UrlVector {
  readonly url: string;
  readonly must_block: boolean;
  readonly expected_error_kind?: ErrorKind;
  readonly why: string;
  readonly whatwg:
    | { readonly parse_error: true }
    | {
        readonly scheme: string;
        readonly hostname: string;
        readonly port: string;
        readonly username?: string;
      };
  readonly needs_dns?: Readonly<Record<string, readonly string[]>>;
}

/** The codes that may be told for each kind. */
const CODES: Readonly<Record<ErrorKind, readonly ProblemCode[]>> = {
  blocked_address: ['address-denied', 'port-denied'],
  invalid_url: ['invalid-request'],
  unsupported_scheme: ['unsupported-scheme'],
};

/** RFC 6761 §6.3; the service's own resolver says so, too. */
const LOCALHOST = { localhost: ['127.0.0.1', '::1'], 'localhost.': ['127.0.0.1', '::1'] };

/** What an operator gets who sets nothing. */
const UNCHANGED = new AddressPolicy({
  allowCidrs: [],
  denyCidrs: [],
  allowHosts: null,
  denyHosts: [],
  allowPorts: [80, 443, 8080, 8443],
});

describeVectors<{ vectors: readonly UrlVector[] }>(
  'URLs to block and to allow',
  'ssrf/urls_dev.json',
  ({ vectors }) => {
    const names = Object.assign(
      {},
      LOCALHOST,
      ...vectors.map(({ needs_dns }) => needs_dns ?? {}),
    ) as Readonly<Record<string, readonly string[]>>;
    const blocked = vectors.filter((vector) => vector.must_block);
    const controls = vectors.filter((vector) => !vector.must_block);

    /** What becomes of a URL before anything would be dialled, by its reading and the policy alone. */
    function verdictOf(url: string): ProblemCode | 'allowed' {
      const spec = read(url);
      return spec instanceof Problem ? spec.code : judge(spec.url);
    }

    function judge(url: URL): ProblemCode | 'allowed' {
      const [host, port] = [hostOf(url), portOf(url)];
      const denial = UNCHANGED.judgeTarget(host, port);
      if (denial !== null) return denial.code;
      const addresses = isIP(host) === 0 ? names[host]! : [host];
      const denials = addresses.map((address) => UNCHANGED.judgeAddress(address, port)?.code ?? 'allowed');
      // All of a name's addresses are denied, or all are allowed: else the vector says too little.
      expect(new Set(denials).size).toBe(1);
      return denials[0]!;
    }

    it('are of both kinds', () => {
      expect([blocked.length > 0, controls.length > 0]).toEqual([true, true]);
    });

    describe('that must be blocked', () => {
      const dialled = useRefusedDialling();
      const service = useService({ WIREFETCH_ALLOW_CIDRS: '' }, names);

      it.each(blocked)('$url: $expected_error_kind ($why)', async (vector) => {
        const answer = await service().fetch({ url: vector.url });
        const { code } = jsonOf<ProblemDto>(answer);
        expect(allowedCodes(vector)).toContain(code);
        expect([400, 403]).toContain(answer.status);
        const problem = problemOf(answer, code as ProblemCode);
        expect(problem.connection?.attempts ?? []).toEqual([]);
        expect(dialled).toEqual([]);
        expect(code).toBe(verdictOf(vector.url));
      });
    });

    describe('read as browsers read them', () => {
      it.each(vectors)('$url', ({ url, whatwg }) => {
        const spec = read(url);
        if ('parse_error' in whatwg) {
          expect(spec).toMatchObject({ code: 'invalid-request' });
          return;
        }
        const { protocol, hostname, port } = spec instanceof Problem ? new URL(url) : spec.url;
        expect({ scheme: protocol, hostname, port }).toEqual({
          scheme: whatwg.scheme,
          hostname: whatwg.hostname,
          port: whatwg.port,
        });
      });
    });

    describe('that must not be blocked', () => {
      it.each(controls)('$url ($why)', ({ url, whatwg }) => {
        expect(judge(new URL(url))).toBe('allowed');
        // The contract has Authorization for this.
        const verdict = 'username' in whatwg ? 'invalid-request' : 'allowed';
        expect(verdictOf(url)).toBe(verdict);
      });
    });
  },
);

/** A user name in a URL is refused before its host is looked at. */
function allowedCodes({ whatwg, expected_error_kind }: UrlVector): readonly ProblemCode[] {
  return 'username' in whatwg ? ['invalid-request'] : CODES[expected_error_kind!];
}

/** @returns the problem that a URL is, if it is one */
function read(url: string): FetchSpec | Problem {
  try {
    return readFetchSpec(
      { url },
      {
        maxTotalMs: 120_000,
        maxBodyBytes: 52_428_800,
        rawRequests: true,
        schemes: new Set(['http:', 'https:']),
      },
    );
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
}
