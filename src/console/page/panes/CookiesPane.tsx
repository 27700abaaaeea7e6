import type { Cookie, Hop } from '../data';
import { type Said, language, say, sayWith } from '../language';
import { visible } from '../unseen';
import { lifetimeOf, momentOf } from './lifetime';
import { FINDING_WORDS, REJECTION_WORDS } from './cookie-words';

const TEXTS = {
  caption: { en: 'Cookies that were set', ko: '설정된 쿠키' },
  none: { en: 'No cookie was set.', ko: '설정된 쿠키가 없습니다.' },
  counts: {
    en: '{cookies} {cookies:cookie|cookies}: {refused} refused, {odd} of the accepted easy to hijack',
    ko: '쿠키 {cookies}개: 거부 {refused}개, 저장된 것 가운데 탈취 위험 {odd}개',
  },
  cookie: { en: 'Cookie', ko: '쿠키' },
  scope: { en: 'Sent to', ko: '전송 대상' },
  attributes: { en: 'Attributes', ko: '속성' },
  verdict: { en: 'Verdict', ko: '판정' },
  accepted: { en: 'Accepted', ko: '저장됨' },
  rejected: { en: 'Refused', ko: '거부됨' },
  hostOnly: { en: 'this host alone', ko: '이 호스트만' },
  subdomains: { en: 'and subdomains', ko: '하위 도메인 포함' },
  session: { en: 'until the browser is closed', ko: '브라우저를 닫을 때까지' },
  expires: { en: 'until {date}', ko: '{date}까지' },
  maxAge: { en: 'for {time}', ko: '{time} 동안' },
  deletes: { en: 'deletes the stored one', ko: '저장된 쿠키를 삭제함' },
  noAttributes: { en: 'none', ko: '없음' },
  nameless: { en: '(no name)', ko: '(이름 없음)' },
  setBy: { en: 'set by exchange {hop}', ko: '{hop}번째 요청·응답에서 설정' },
  setByLast: { en: 'set by the final response', ko: '최종 응답에서 설정' },
  findings: { en: 'What makes it easy to hijack', ko: '탈취 위험 요소' },
} as const satisfies Record<string, Said>;

interface CookiesPaneProps {
  /** of the final response */
  readonly cookies: readonly Cookie[];
  /** the exchanges before it, with theirs */
  readonly hops: readonly Pick<Hop, 'cookies' | 'url'>[];
}

/** A cookie, and where it came from. */
interface Row {
  readonly cookie: Cookie;
  /** from 1; null: the final response */
  readonly hop: number | null;
  readonly url: string | null;
}

/** Every cookie of every hop: as a browser understands it, and what is to be thought of it. */
export function CookiesPane({ cookies, hops }: CookiesPaneProps) {
  const rows: Row[] = [
    ...hops.flatMap(({ cookies: set, url }, i) => set.map((cookie) => ({ cookie, hop: i + 1, url }))),
    ...cookies.map((cookie) => ({ cookie, hop: null, url: null })),
  ];
  if (rows.length === 0) return <p class="pane pane-cookies pane-soft">{say(TEXTS.none)}</p>;
  const refused = rows.filter(({ cookie }) => !cookie.accepted).length;
  const odd = rows.filter(({ cookie }) => cookie.accepted && cookie.findings.length > 0).length;
  return (
    <div class="pane pane-cookies">
      <p>{sayWith(TEXTS.counts, { cookies: rows.length, refused, odd })}</p>
      <div class="pane-scroll" tabIndex={0} role="region" aria-label={say(TEXTS.caption)}>
        <table class="pane-table pane-cards" role="table">
          <caption class="pane-unseen">{say(TEXTS.caption)}</caption>
          <thead role="rowgroup">
            <tr role="row">
              <th scope="col" role="columnheader">
                {say(TEXTS.cookie)}
              </th>
              <th scope="col" role="columnheader">
                {say(TEXTS.scope)}
              </th>
              <th scope="col" role="columnheader">
                {say(TEXTS.attributes)}
              </th>
              <th scope="col" role="columnheader">
                {say(TEXTS.verdict)}
              </th>
            </tr>
          </thead>
          <tbody role="rowgroup">
            {rows.map((row, i) => (
              <CookieRow key={i} {...row} withHop={hops.length > 0} />
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

function CookieRow({ cookie, hop, url, withHop }: Row & { readonly withHop: boolean }) {
  return (
    <tr role="row">
      <th scope="row" role="rowheader" class="pane-cookie-name">
        <code>{cookie.name === '' ? say(TEXTS.nameless) : visible(cookie.name)}</code>
        <code class="pane-cookie-value">{visible(cookie.value)}</code>
        {withHop && (
          <span class="pane-soft" title={url ?? undefined}>
            {hop === null ? say(TEXTS.setByLast) : sayWith(TEXTS.setBy, { hop })}
          </span>
        )}
      </th>
      <td role="cell" data-label={say(TEXTS.scope)}>
        {cookie.domain !== null && (
          <>
            <code>
              {visible(cookie.domain)}
              {visible(cookie.path ?? '')}
            </code>
            <div class="pane-soft">{say(cookie.hostOnly ? TEXTS.hostOnly : TEXTS.subdomains)}</div>
          </>
        )}
      </td>
      <td role="cell" data-label={say(TEXTS.attributes)}>
        <Attributes cookie={cookie} />
      </td>
      <td role="cell" data-label={say(TEXTS.verdict)}>
        <Verdict cookie={cookie} />
      </td>
    </tr>
  );
}

function Attributes({ cookie }: { readonly cookie: Cookie }) {
  const { secure, httpOnly, sameSite, partitioned } = cookie;
  const flags = [
    secure && 'Secure',
    httpOnly && 'HttpOnly',
    sameSite !== null && `SameSite=${sameSite}`,
    partitioned && 'Partitioned',
  ].filter((flag) => flag !== false);
  return (
    <>
      {flags.length === 0 ? (
        <span class="pane-soft">{say(TEXTS.noAttributes)}</span>
      ) : (
        <ul class="pane-flags">
          {flags.map((flag) => (
            <li key={flag}>
              <code>{flag}</code>
            </li>
          ))}
        </ul>
      )}
      <div class="pane-soft" title={cookie.maxAge === null ? undefined : `Max-Age=${cookie.maxAge}`}>
        {lifetime(cookie)}
      </div>
    </>
  );
}

/** RFC 6265bis §5.7: Max-Age beats Expires. */
function lifetime({ maxAge, expires }: Cookie): string {
  if (maxAge !== null)
    return maxAge <= 0
      ? say(TEXTS.deletes)
      : sayWith(TEXTS.maxAge, { time: lifetimeOf(maxAge, language.value) });
  if (expires === null) return say(TEXTS.session);
  const date = new Date(expires);
  return date.getTime() <= Date.now()
    ? say(TEXTS.deletes)
    : sayWith(TEXTS.expires, { date: momentOf(date, language.value) });
}

function Verdict({ cookie }: { readonly cookie: Cookie }) {
  const { accepted, rejectedBecause, findings } = cookie;
  const rejection = rejectedBecause === null ? undefined : REJECTION_WORDS[rejectedBecause];
  return (
    <>
      <span class={accepted ? 'pane-badge pane-good' : 'pane-badge pane-bad'}>
        {say(accepted ? TEXTS.accepted : TEXTS.rejected)}
      </span>
      {rejectedBecause !== null && (
        <div>
          {rejection !== undefined && say(rejection)} <code class="pane-code">{rejectedBecause}</code>
        </div>
      )}
      {findings.length > 0 && (
        <ul class="pane-findings" aria-label={say(TEXTS.findings)}>
          {findings.map((finding) => (
            <li key={finding}>
              {say(FINDING_WORDS[finding])} <code class="pane-code">{finding}</code>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
