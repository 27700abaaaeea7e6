import type { ConsoleRequest } from './draft';
import type { Said } from './language';

/** Requests to begin with: pages of the demo's origin, each for one thing to see. */

const ORIGIN = 'http://127.0.0.1:8081';
const TLS_ORIGIN = 'https://127.0.0.1:8443';

export interface Preset {
  readonly name: Said;
  /** what there is to see */
  readonly shows: Said;
  readonly request: ConsoleRequest;
}

export const PRESETS: readonly Preset[] = [
  {
    name: { en: 'Drip', ko: 'Drip(한 옥텟씩)' },
    shows: { en: 'One octet every 40 ms, until the peer closes', ko: '40ms마다 1옥텟, 상대가 닫을 때까지' },
    request: { url: `${ORIGIN}/drip` },
  },
  {
    name: { en: 'Bursts', ko: '몰아서 오는 청크' },
    shows: { en: 'Chunked coding in bursts, 150 ms apart', ko: '150ms 간격으로 몰아 오는 청크 전송' },
    request: { url: `${ORIGIN}/bursts` },
  },
  {
    name: { en: 'Tutorial’s recv loop', ko: '튜토리얼의 recv 루프' },
    shows: {
      en: 'recv(1024) until 1.2 s of silence, though the last chunk has told the end long before',
      ko: '마지막 청크가 이미 끝을 알렸는데도 1.2초간 조용해질 때까지 recv(1024)',
    },
    request: {
      url: `${ORIGIN}/bursts`,
      read: { until: 'idle', bufferBytes: 1_024 },
      timeouts: { idleMs: 1_200 },
    },
  },
  {
    name: { en: 'Stall', ko: '멈춤' },
    shows: { en: 'Half a page, then silence', ko: '페이지 절반 뒤에 침묵' },
    request: { url: `${ORIGIN}/stall`, timeouts: { idleMs: 4_000 } },
  },
  {
    name: { en: 'Redirects', ko: '리다이렉트' },
    shows: { en: 'Two redirects, three exchanges', ko: '리다이렉트 두 번, 요청·응답 세 번' },
    request: { url: `${ORIGIN}/redirect` },
  },
  {
    name: { en: 'Cookies', ko: '쿠키' },
    shows: {
      en: 'Cookies of every sort, and what a browser makes of them',
      ko: '온갖 쿠키와 브라우저의 판단',
    },
    request: { url: `${ORIGIN}/cookies` },
  },
  {
    name: { en: 'gzip', ko: 'gzip' },
    shows: { en: 'Compressed content, decompressed', ko: '압축된 본문을 풀어서' },
    request: { url: `${ORIGIN}/gzip` },
  },
  {
    name: { en: 'Page', ko: '웹 페이지' },
    shows: { en: 'HTML, to be rendered in the Body tab', ko: '본문 탭에서 렌더링해 볼 HTML' },
    request: { url: `${ORIGIN}/` },
  },
  {
    name: { en: 'EUC-KR', ko: 'EUC-KR' },
    shows: { en: 'A Korean page in another charset', ko: '다른 문자 인코딩으로 된 한국어 페이지' },
    request: { url: `${ORIGIN}/euc-kr/meta` },
  },
  {
    name: { en: 'Early hints', ko: '103 응답' },
    shows: { en: '103 before the answer', ko: '최종 응답 앞의 103' },
    request: { url: `${ORIGIN}/early-hints` },
  },
  {
    name: { en: 'HTTPS', ko: 'HTTPS' },
    shows: {
      en: 'A certificate signed by itself, looked at all the same',
      ko: '자체 서명 인증서를 검증 없이 살펴보기',
    },
    request: { url: `${TLS_ORIGIN}/bursts`, tls: { verify: false } },
  },
  {
    name: { en: 'Reset', ko: '리셋' },
    shows: { en: 'The connection is reset within the content', ko: '본문 도중에 연결이 리셋' },
    request: { url: `${ORIGIN}/reset` },
  },
  {
    name: { en: 'Not HTTP', ko: 'HTTP가 아님' },
    shows: { en: 'What answers is not an HTTP server', ko: '응답하는 쪽이 HTTP 서버가 아님' },
    request: { url: `${ORIGIN}/garbage` },
  },
];

/** @returns whether a URL leads to the demo's origin, which `npm run demo` alone starts and opens */
export function isOfDemo(url: string): boolean {
  return [ORIGIN, TLS_ORIGIN].some((origin) => url === origin || url.startsWith(`${origin}/`));
}
