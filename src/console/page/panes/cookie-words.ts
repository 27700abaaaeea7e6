import type { Cookie } from '../data';
import type { Said } from '../language';

/** What makes a cookie easy to hijack, in plain words; docs/cookies.md has the whole of it. */
export const FINDING_WORDS: Readonly<Record<Cookie['findings'][number], Said>> = {
  'sent-over-http': {
    en: 'It came over plain http: everybody on the way could read it, and change it.',
    ko: '암호화되지 않은 http로 왔습니다. 중간 경로의 누구나 읽고 바꿀 수 있었습니다.',
  },
  'prefix-broken': {
    en: 'Its name promises what its attributes do not keep: a server that trusts the name alone is deceived.',
    ko: '이름의 접두사가 약속한 속성을 갖추지 못했습니다. 이름만 믿는 서버는 속게 됩니다.',
  },
  'domain-wide': {
    en: 'It has a Domain: every subdomain gets it and can overwrite it. One weak host is enough.',
    ko: 'Domain 속성이 있어 모든 하위 도메인이 받아 보고 덮어쓸 수 있습니다. 허술한 호스트 하나면 충분합니다.',
  },
  'samesite-none-without-secure': {
    en: 'SameSite=None without Secure: browsers drop it, and older ones send it from every site, in the clear.',
    ko: 'Secure 없이 SameSite=None입니다. 브라우저는 버리고, 오래된 브라우저는 어느 사이트에서든 평문으로 보냅니다.',
  },
  'session-id-without-secure': {
    en: 'Looks like a session, without Secure: one http:// link, and it can be read on the way.',
    ko: '세션으로 보이는데 Secure가 없습니다. http:// 링크 하나면 중간에서 읽힐 수 있습니다.',
  },
  'session-id-without-httponly': {
    en: 'Looks like a session, without HttpOnly: one injected script, and it is gone.',
    ko: '세션으로 보이는데 HttpOnly가 없습니다. 스크립트 하나만 주입되어도 빼앗깁니다.',
  },
  'missing-samesite': {
    en: 'Looks like a session, without SameSite: what other sites’ requests carry is left to the browser’s default.',
    ko: '세션으로 보이는데 SameSite가 없습니다. 다른 사이트에서 보낸 요청에 실릴지는 브라우저 기본값에 달려 있습니다.',
  },
  'long-lived-session': {
    en: 'Looks like a session, and lives for more than 30 days: a stolen one is good for long.',
    ko: '세션으로 보이는데 수명이 30일을 넘습니다. 한번 도난당하면 오래 쓰입니다.',
  },
  'short-session-id': {
    en: 'Looks like a session, with room for fewer than 128 bits.',
    ko: '세션으로 보이는데 값의 길이가 128비트에 못 미칩니다.',
  },
  'low-entropy-session-id': {
    en: 'Looks like a session, and fewer than 64 bits of it are unforeseeable: it can be guessed.',
    ko: '세션으로 보이는데 예측할 수 없는 부분이 64비트가 안 됩니다. 추측될 수 있습니다.',
  },
};

/** Why a browser would not store a cookie, in plain words. */
export const REJECTION_WORDS: Readonly<Record<string, Said>> = {
  unparsable: {
    en: 'It has neither name nor value, or holds control characters.',
    ko: '이름도 값도 없거나 제어 문자가 들어 있습니다.',
  },
  'too-large': {
    en: 'Name and value together are longer than 4,096 octets.',
    ko: '이름과 값을 합쳐 4,096옥텟을 넘습니다.',
  },
  'domain-mismatch': {
    en: 'The host that sent it is not in its Domain.',
    ko: '보낸 호스트가 Domain 속성의 도메인에 속하지 않습니다.',
  },
  'public-suffix': {
    en: 'Its Domain is a public suffix, such as com or co.kr: everybody can have a name under it.',
    ko: 'Domain 속성이 com이나 co.kr 같은 공용 접미사입니다. 누구나 그 아래에 이름을 가질 수 있습니다.',
  },
  'secure-over-http': {
    en: 'It is Secure, but came over plain http.',
    ko: 'Secure 쿠키인데 암호화되지 않은 http로 왔습니다.',
  },
  'secure-cookie-exists': {
    en: 'It came over plain http and would overlay a Secure cookie of the same name.',
    ko: '암호화되지 않은 http로 왔고, 같은 이름의 Secure 쿠키를 가리게 됩니다.',
  },
  'samesite-none-without-secure': {
    en: 'SameSite=None needs Secure.',
    ko: 'SameSite=None에는 Secure가 있어야 합니다.',
  },
  'partitioned-without-secure': {
    en: 'Partitioned needs Secure.',
    ko: 'Partitioned에는 Secure가 있어야 합니다.',
  },
  'prefix-broken': {
    en: 'Its name begins with a prefix such as __Host- or __Secure-, and it lacks what that needs.',
    ko: '이름이 __Host-나 __Secure- 같은 접두사로 시작하는데 필요한 속성을 갖추지 못했습니다.',
  },
};
