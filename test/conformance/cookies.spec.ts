import { parseDate } from 'tough-cookie';
import { CookieJar } from '../../src/exchange/cookie-jar';
import { type TestService, useService } from '../support/app';
import { type Origin, useOrigins } from '../support/origin';
import { describeVectors } from '../support/vectors';
import { resultOf } from '../api/contract';

interface Vector {
  readonly id: string;
  readonly received_from: string;
  readonly set_cookie: readonly string[];
  readonly sent_to: string;
  readonly expected_cookie_header: string | null;
  readonly rfc6265bis_may_differ: boolean;
}

interface DateVector {
  readonly id: string;
  readonly input: string;
  readonly expected_utc: string | null;
}

/** The suite is RFC 6265's. Where RFC 6265bis says otherwise: what it says, and why. */
const DIFFERENCES: Readonly<Record<string, { readonly cookie: string; readonly because: string }>> = {
  'http-state-0004': { cookie: 'foo', because: 'without "=" there is a value alone: §5.6 step 3' },
  'http-state-0026': { cookie: 'foo', because: 'a value alone; blanks alone are none: §5.6 steps 3 and 4' },
  'http-state-0027': { cookie: 'bar', because: 'nameless cookies are one cookie: §5.7' },
  'http-state-chromium0009': { cookie: 'BLAHHH', because: 'a value alone: §5.6 step 3' },
  'http-state-mozilla0012': {
    cookie: 'test="fubar! = foo; five',
    because: 'a value alone: §5.6 step 3',
  },
  'http-state-mozilla0016': { cookie: 'eight', because: 'the name before "=" may be empty: §5.6 step 3' },
  'http-state-mozilla0017': {
    cookie: 'eight; test=six',
    because: 'the nameless one was created first: §5.8.3',
  },
  'http-state-name0025': { cookie: '==a=bar', because: 'the name before "=" may be empty: §5.6 step 3' },
};

describeVectors<{ vectors: Vector[] }>(
  'http-state’s Set-Cookie to Cookie',
  'cookies/http_state_parser_dev.json',
  ({ vectors }) => {
    const cases = vectors.map(({ id, expected_cookie_header, ...others }) => ({
      id,
      ...others,
      cookie: DIFFERENCES[id]?.cookie ?? expected_cookie_header,
      because: DIFFERENCES[id] === undefined ? '' : `, unlike RFC 6265: ${DIFFERENCES[id].because}`,
    }));

    it('differs only where RFC 6265bis may, in at most 3 of 100 otherwise', () => {
      const others = vectors.filter(
        ({ id, rfc6265bis_may_differ }) => id in DIFFERENCES && !rfc6265bis_may_differ,
      );
      expect(others.length / vectors.length).toBeLessThanOrEqual(0.03);
    });

    it.each(cases)('$id in a jar$because', ({ received_from, set_cookie, sent_to, cookie }) => {
      const jar = new CookieJar();
      jar.receive(new URL(received_from), set_cookie, Date.now());
      expect(jar.cookieFor(new URL(sent_to), Date.now())).toBe(cookie);
    });

    describe('through the service, in a session', () => {
      const start = useOrigins();
      const service = useService();

      it.each(cases)('$id$because', async ({ id, received_from, set_cookie, sent_to, cookie }) => {
        const setting = await start(async (peer) => {
          await peer.request();
          const fields = set_cookie.map((line) => `Set-Cookie: ${line}\r\n`).join('');
          await peer.send(`HTTP/1.1 200 OK\r\n${fields}Content-Length: 0\r\n\r\n`);
          peer.fin();
        });
        await fetchFrom(service(), setting, received_from, id);
        const asking = await start(async (peer) => {
          await peer.request();
          await peer.send('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
          peer.fin();
        });
        await fetchFrom(service(), asking, sent_to, id);
        expect(/\r\nCookie: (.*)\r\n/.exec(asking.requests[0]!)?.[1] ?? null).toBe(cookie);
      });
    });
  },
);

/** Fetches a URL of the suite from a loopback origin: its own port stands for that of the suite. */
async function fetchFrom(service: TestService, origin: Origin, url: string, session: string): Promise<void> {
  const { port } = origin;
  const answer = await service.fetch({
    url: url.replace(':8888', `:${port}`),
    session,
    network: { address: '127.0.0.1' },
  });
  expect(resultOf(answer).status).toBe(200);
}

describeVectors<{ vectors: DateVector[] }>(
  'http-state’s cookie-dates',
  'cookies/cookie_dates_dev.json',
  ({ vectors }) => {
    it.each(vectors)('$id: $input is $expected_utc', ({ input, expected_utc }) => {
      expect(parseDate(input)?.toUTCString() ?? null).toBe(expected_utc);
      const url = new URL('http://a.example/');
      const [told] = new CookieJar().receive(url, [`a=1; Expires=${input}`], Date.now());
      expect(told!.expires?.toUTCString() ?? null).toBe(expected_utc);
    });
  },
);
