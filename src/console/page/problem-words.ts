import type { ProblemCode } from './data';
import type { Said } from './language';
import { isOfDemo } from './presets';

/** What a problem means, and what can be done. */
export interface Words {
  readonly means: Said;
  readonly advice: Said;
}

const KEY: Said = {
  en: 'Enter a key above; the operator of this service gives them out.',
  ko: '위에 API 키를 입력하세요. 이 서비스의 운영자가 발급합니다.',
};
const RETRY: Said = { en: 'Wait a moment and fetch again.', ko: '잠시 뒤에 다시 시도하세요.' };
const PAGE: Said = {
  en: 'This page should not have caused it: reload it, and tell the operator if it stays.',
  ko: '이 페이지가 일으킬 문제가 아닙니다. 새로 고쳐도 계속되면 운영자에게 알려 주세요.',
};
const POLICY: Said = {
  en: 'Only the operator can open it: “More about” below tells by which setting.',
  ko: '운영자만 열 수 있습니다. 어느 설정인지는 아래의 ‘자세히’에 있습니다.',
};
const LONGER: Said = {
  en: 'Try a longer limit under “Timeouts”, or see whether the target is up.',
  ko: '‘타임아웃’에서 한도를 늘리거나 대상이 살아 있는지 확인하세요.',
};
const UNVERIFIED: Said = {
  en: 'Switch “Verify the certificate” off to look at the answer all the same; the TLS tab shows the chain.',
  ko: '‘인증서 검증’을 끄면 그래도 응답을 볼 수 있습니다. TLS 탭에 인증서 체인이 있습니다.',
};
const TARGET: Said = {
  en: 'See what was received below: it tells what the target speaks.',
  ko: '아래의 받은 내용을 보면 대상이 무엇을 말하는지 알 수 있습니다.',
};

export const PROBLEM_WORDS: Readonly<Record<ProblemCode, Words>> = {
  'invalid-request': {
    means: {
      en: 'The service found mistakes in the request; nothing was sent.',
      ko: '요청에 잘못된 곳이 있어 아무것도 보내지 않았습니다.',
    },
    advice: { en: 'Fix the fields that are marked.', ko: '표시된 항목을 고치세요.' },
  },
  'unsupported-scheme': {
    means: { en: 'Only http and https are supported.', ko: '여기서는 http와 https만 지원합니다.' },
    advice: {
      en: 'Begin the URL with http:// or https://.',
      ko: 'URL을 http:// 또는 https://로 시작하세요.',
    },
  },
  unauthorized: {
    means: { en: 'The service wants an API key.', ko: '서비스가 API 키를 요구합니다.' },
    advice: KEY,
  },
  'not-found': {
    means: {
      en: 'The service was asked for something that it does not have.',
      ko: '서비스에 없는 것을 요청했습니다.',
    },
    advice: PAGE,
  },
  'method-not-allowed': {
    means: {
      en: 'The service does not take this method there.',
      ko: '서비스가 그곳에서 이 메서드를 받지 않습니다.',
    },
    advice: PAGE,
  },
  'not-acceptable': {
    means: {
      en: 'The service cannot tell of a fetch while it runs.',
      ko: '서비스가 진행 중인 가져오기를 전달하지 못합니다.',
    },
    advice: PAGE,
  },
  'idempotency-mismatch': {
    means: {
      en: 'The same idempotency key was used for something else.',
      ko: '같은 멱등 키가 다른 요청에 쓰였습니다.',
    },
    advice: PAGE,
  },
  'request-timeout': {
    means: {
      en: 'The request did not reach the service in time.',
      ko: '요청이 제때 서비스에 도착하지 않았습니다.',
    },
    advice: RETRY,
  },
  'request-too-large': {
    means: {
      en: 'The request is larger than the service takes.',
      ko: '요청이 서비스가 받는 크기를 넘습니다.',
    },
    advice: { en: 'Send a smaller body.', ko: '더 작은 본문을 보내세요.' },
  },
  'unsupported-media-type': {
    means: { en: 'The service takes only JSON.', ko: '서비스는 JSON만 받습니다.' },
    advice: PAGE,
  },
  'misdirected-request': {
    means: {
      en: 'The service is bound to this machine, and was called by another name.',
      ko: '서비스가 이 기기에만 묶여 있는데 다른 이름으로 호출되었습니다.',
    },
    advice: {
      en: 'Open this page as http://localhost with its port.',
      ko: '이 페이지를 http://localhost와 포트 번호로 여세요.',
    },
  },
  'address-denied': {
    means: {
      en: 'The address is private, local, or otherwise not allowed from here.',
      ko: '사설·로컬 주소이거나 여기서 연결하면 안 되는 주소입니다.',
    },
    advice: POLICY,
  },
  'port-denied': {
    means: { en: 'The port is not one of those that are allowed.', ko: '허용된 포트가 아닙니다.' },
    advice: POLICY,
  },
  'host-denied': {
    means: {
      en: 'The operator does not let this host be fetched from.',
      ko: '운영자가 이 호스트를 허용하지 않았습니다.',
    },
    advice: POLICY,
  },
  'rate-limited': {
    means: {
      en: 'You fetch more often than is allowed.',
      ko: '허용된 것보다 자주 가져오고 있습니다.',
    },
    advice: RETRY,
  },
  overloaded: {
    means: {
      en: 'The service has as much to do as it can.',
      ko: '서비스가 처리할 수 있는 만큼 이미 일하고 있습니다.',
    },
    advice: RETRY,
  },
  'store-unavailable': {
    means: {
      en: 'Sessions are kept in a store that cannot be reached now.',
      ko: '세션 저장소에 지금 연결할 수 없습니다.',
    },
    advice: { en: 'Fetch without a session, or wait.', ko: '세션 없이 가져오거나 기다리세요.' },
  },
  'dns-not-found': {
    means: { en: 'There is no such name in DNS.', ko: '이 이름을 아는 서버가 없습니다.' },
    advice: { en: 'Check the spelling of the host name.', ko: '호스트 이름에 오타가 없는지 확인하세요.' },
  },
  'dns-failed': {
    means: { en: 'The name servers gave no usable answer.', ko: '네임 서버가 쓸 만한 답을 주지 않았습니다.' },
    advice: RETRY,
  },
  'connection-refused': {
    means: {
      en: 'The machine is there, and nothing listens on this port.',
      ko: '기기는 있지만 이 포트에서 듣는 프로그램이 없습니다.',
    },
    advice: { en: 'Check the port, and whether the server runs.', ko: '포트와 서버 실행 여부를 확인하세요.' },
  },
  'connection-reset': {
    means: {
      en: 'The target broke the connection off before a whole response head.',
      ko: '응답 헤더가 다 오기 전에 대상이 연결을 끊었습니다.',
    },
    advice: TARGET,
  },
  'connection-closed': {
    means: {
      en: 'The target closed before a whole response head.',
      ko: '응답 헤더가 다 오기 전에 대상이 연결을 닫았습니다.',
    },
    advice: TARGET,
  },
  'host-unreachable': {
    means: { en: 'There is no route to the target from here.', ko: '여기서 대상까지 가는 경로가 없습니다.' },
    advice: {
      en: 'See the attempts below; another address family may do.',
      ko: '아래의 연결 시도를 보고 다른 주소 체계를 써 보세요.',
    },
  },
  'tls-handshake-failed': {
    means: {
      en: 'The two sides did not agree on how to speak TLS.',
      ko: '양쪽이 TLS 방식에 합의하지 못했습니다.',
    },
    advice: { en: 'Check that the port speaks TLS at all.', ko: '그 포트가 TLS를 쓰는지부터 확인하세요.' },
  },
  'tls-certificate-expired': {
    means: {
      en: 'The certificate was valid once, and no longer is.',
      ko: '인증서의 유효 기간이 지났습니다.',
    },
    advice: UNVERIFIED,
  },
  'tls-certificate-not-yet-valid': {
    means: {
      en: 'The certificate is not valid yet, or a clock is wrong.',
      ko: '인증서가 아직 유효하지 않거나 시계가 틀립니다.',
    },
    advice: UNVERIFIED,
  },
  'tls-certificate-self-signed': {
    means: {
      en: 'Nobody but the target itself vouches for it.',
      ko: '대상 자신 말고는 아무도 보증하지 않는 인증서입니다.',
    },
    advice: UNVERIFIED,
  },
  'tls-certificate-untrusted': {
    means: {
      en: 'Nobody trusted vouches for the certificate.',
      ko: '신뢰할 수 있는 기관이 보증하지 않는 인증서입니다.',
    },
    advice: UNVERIFIED,
  },
  'tls-certificate-name-mismatch': {
    means: { en: 'The certificate is for another name.', ko: '다른 이름을 위한 인증서입니다.' },
    advice: UNVERIFIED,
  },
  'tls-certificate-invalid': {
    means: { en: 'The certificate cannot be verified.', ko: '인증서를 검증할 수 없습니다.' },
    advice: UNVERIFIED,
  },
  'malformed-response': {
    means: {
      en: 'What came is not HTTP/1.1, or contradicts itself.',
      ko: '받은 것이 HTTP/1.1이 아니거나 앞뒤가 맞지 않습니다.',
    },
    advice: TARGET,
  },
  'head-too-large': {
    means: {
      en: 'The response head is larger than maxHeadBytes, or has too many lines.',
      ko: '응답 헤더가 maxHeadBytes보다 크거나 줄이 너무 많습니다.',
    },
    advice: { en: 'Raise maxHeadBytes under “Reading”.', ko: '‘읽기’에서 maxHeadBytes를 늘리세요.' },
  },
  'too-many-redirects': {
    means: {
      en: 'It was redirected more often than allowed, perhaps in a circle.',
      ko: '허용된 횟수보다 많이 리다이렉트되었습니다. 돌고 있을 수 있습니다.',
    },
    advice: {
      en: 'See where they lead below; set how many are followed under “Connection”.',
      ko: '아래에서 어디로 가는지 보세요. 따라갈 횟수는 ‘연결’에서 정합니다.',
    },
  },
  'invalid-redirect': {
    means: {
      en: 'The redirect leads to a place that cannot be fetched.',
      ko: '따라갈 수 없는 곳으로 리다이렉트했습니다.',
    },
    advice: {
      en: 'Do not follow redirects, and read the Location yourself.',
      ko: '리다이렉트를 끄고 Location을 직접 확인하세요.',
    },
  },
  'dns-timeout': {
    means: {
      en: 'The name servers did not answer within dnsMs.',
      ko: 'dnsMs 안에 네임 서버가 답하지 않았습니다.',
    },
    advice: LONGER,
  },
  'connect-timeout': {
    means: {
      en: 'No connection was made within connectMs; a firewall may drop the packets.',
      ko: 'connectMs 안에 연결되지 않았습니다. 방화벽이 막고 있을 수 있습니다.',
    },
    advice: LONGER,
  },
  'tls-timeout': {
    means: {
      en: 'The TLS handshake was not over within tlsMs.',
      ko: 'tlsMs 안에 TLS 핸드셰이크가 끝나지 않았습니다.',
    },
    advice: LONGER,
  },
  'send-timeout': {
    means: {
      en: 'The target did not take the request within sendMs.',
      ko: 'sendMs 안에 대상이 요청을 받아 가지 않았습니다.',
    },
    advice: LONGER,
  },
  'first-byte-timeout': {
    means: {
      en: 'The target took the request, and sent nothing within firstByteMs.',
      ko: '대상이 요청을 받고도 firstByteMs 안에 아무것도 보내지 않았습니다.',
    },
    advice: LONGER,
  },
  'head-timeout': {
    means: {
      en: 'The target fell silent within the response head.',
      ko: '응답 헤더 도중에 대상이 조용해졌습니다.',
    },
    advice: LONGER,
  },
  'total-timeout': {
    means: { en: 'The whole fetch took longer than totalMs.', ko: '전체 시간이 totalMs를 넘었습니다.' },
    advice: LONGER,
  },
  'internal-error': {
    means: {
      en: 'Something failed in the service itself; its log says what.',
      ko: '서비스 안에서 문제가 생겼습니다. 로그에 내용이 있습니다.',
    },
    advice: {
      en: 'Tell the operator, with the instance below.',
      ko: '아래의 instance와 함께 운영자에게 알려 주세요.',
    },
  },
};

/** The service's titles in Korean: it says them in English alone. */
export const KOREAN_TITLES: Readonly<Record<ProblemCode, string>> = {
  'invalid-request': '요청이 올바르지 않음',
  'unsupported-scheme': '지원하지 않는 URL 스킴',
  unauthorized: 'API 키가 필요함',
  'not-found': '없는 경로',
  'method-not-allowed': '허용되지 않는 메서드',
  'not-acceptable': '받을 수 있는 형식이 없음',
  'idempotency-mismatch': '멱등 키가 다른 요청에 쓰임',
  'request-timeout': '요청이 제때 도착하지 않음',
  'request-too-large': '요청이 너무 큼',
  'unsupported-media-type': '요청이 JSON이 아님',
  'misdirected-request': '다른 호스트로 온 요청',
  'address-denied': '연결할 수 없는 주소',
  'port-denied': '연결할 수 없는 포트',
  'host-denied': '허용되지 않은 호스트',
  'rate-limited': '요청이 너무 잦음',
  overloaded: '서비스가 더 받을 수 없음',
  'store-unavailable': '저장소에 연결할 수 없음',
  'dns-not-found': '주소가 없는 이름',
  'dns-failed': '이름을 찾지 못함',
  'connection-refused': '대상이 연결을 거부함',
  'connection-reset': '대상이 연결을 리셋함',
  'connection-closed': '응답 헤더가 다 오기 전에 대상이 연결을 닫음',
  'host-unreachable': '대상에 닿을 수 없음',
  'tls-handshake-failed': 'TLS 핸드셰이크 실패',
  'tls-certificate-expired': '대상의 인증서가 만료됨',
  'tls-certificate-not-yet-valid': '대상의 인증서가 아직 유효하지 않음',
  'tls-certificate-self-signed': '대상의 인증서가 자체 서명됨',
  'tls-certificate-untrusted': '대상의 인증서를 신뢰할 수 없음',
  'tls-certificate-name-mismatch': '대상의 인증서가 다른 이름에 발급됨',
  'tls-certificate-invalid': '대상의 인증서를 검증할 수 없음',
  'malformed-response': '대상이 보낸 것이 HTTP/1.1이 아님',
  'head-too-large': '응답 헤더가 너무 큼',
  'too-many-redirects': '리다이렉트가 너무 많음',
  'invalid-redirect': '따라갈 수 없는 리다이렉트',
  'dns-timeout': '이름을 제때 찾지 못함',
  'connect-timeout': '제때 연결되지 않음',
  'tls-timeout': 'TLS 핸드셰이크가 제때 끝나지 않음',
  'send-timeout': '대상이 요청을 제때 받아 가지 않음',
  'first-byte-timeout': '대상이 제때 답하지 않음',
  'head-timeout': '응답 헤더 도중에 대상이 조용해짐',
  'total-timeout': '전체 시간이 너무 오래 걸림',
  'internal-error': '서비스 내부 오류',
};

/** What a key comes to that is not known: the problem is the same as without one. */
export const WRONG_KEY: Words = {
  means: {
    en: 'The service does not know the key that was sent.',
    ko: '보낸 키는 서비스가 모르는 키입니다.',
  },
  advice: {
    en: 'Correct the key above; the operator of this service gives them out.',
    ko: '위의 API 키를 고치세요. 이 서비스의 운영자가 발급합니다.',
  },
};

/** Policy and connection refuse the demo's pages unless the demo itself was started. */
export const DEMO_WORDS: Said = {
  en: 'This is a page of the demo. npm run demo starts it beside a service that may fetch from it; a service that was started otherwise may not, or finds nothing there.',
  ko: '이 URL은 데모의 페이지입니다. npm run demo로 켜면 데모 서버와 함께, 그곳에서 가져올 수 있는 서비스가 시작됩니다. 다르게 시작한 서비스는 가져올 수 없거나 찾지 못합니다.',
};

const OF_DEMO: ReadonlySet<ProblemCode> = new Set(['port-denied', 'address-denied', 'connection-refused']);

/** @returns whether the demo is what is missing */
export function wantsDemo(code: ProblemCode, url: string): boolean {
  return OF_DEMO.has(code) && isOfDemo(url);
}
