import type { FetchResult, Hop } from './data';
import type { Said } from './language';

/** Why reading ended, in plain words: `{idle}` and `{total}` are what the request allowed. */
export const ENDED_BY = {
  'content-length': {
    en: 'every octet that Content-Length announced had come',
    ko: 'Content-Length가 알린 옥텟이 모두 도착함',
  },
  'last-chunk': { en: 'the last chunk had come', ko: '마지막 청크가 도착함' },
  'no-content': { en: 'such a response has no content', ko: '본문이 없는 응답임' },
  close: { en: 'the peer closed the connection', ko: '상대가 연결을 닫음' },
  'idle-timeout': { en: 'nothing came for {idle} (idleMs)', ko: '{idle} 동안 아무것도 오지 않음 (idleMs)' },
  'total-timeout': {
    en: 'the time for everything ran out: {total} (totalMs)',
    ko: '전체 시간 {total}이(가) 다 지남 (totalMs)',
  },
  'size-limit': { en: 'maxBodyBytes was reached', ko: 'maxBodyBytes에 도달함' },
  'read-limit': { en: 'maxReads was reached', ko: 'maxReads에 도달함' },
  reset: { en: 'the peer reset the connection', ko: '상대가 연결을 리셋함' },
  'parse-error': { en: 'what came is not HTTP/1.1', ko: '받은 것이 HTTP/1.1이 아님' },
  upgrade: { en: 'the connection speaks another protocol now', ko: '연결이 다른 프로토콜로 전환됨' },
  cancelled: { en: 'the fetch was cancelled', ko: '가져오기가 취소됨' },
} as const satisfies Readonly<Record<Hop['endedBy'], Said>>;

type ErrorCode = NonNullable<FetchResult['error']>['code'];

/** Why a message is not complete, in plain words. */
export const INCOMPLETE = {
  'idle-timeout': {
    en: 'the peer fell silent before the end of the message',
    ko: '메시지가 끝나기 전에 상대가 조용해짐',
  },
  'total-timeout': {
    en: 'time ran out before the end of the message',
    ko: '메시지가 끝나기 전에 시간이 다 됨',
  },
  'size-limit': { en: 'there is more than was to be kept', ko: '보관하기로 한 것보다 많음' },
  'read-limit': { en: 'there is more than was to be read', ko: '읽기로 한 것보다 많음' },
  'connection-closed': {
    en: 'the peer closed before the end of the message',
    ko: '메시지가 끝나기 전에 상대가 닫음',
  },
  'connection-reset': {
    en: 'the peer reset the connection before the end of the message',
    ko: '메시지가 끝나기 전에 상대가 연결을 리셋함',
  },
  'malformed-response': {
    en: 'the message breaks the rules of HTTP/1.1',
    ko: '메시지가 HTTP/1.1 규칙을 어김',
  },
  'content-decoding-failed': {
    en: 'its content could not be decompressed to the end',
    ko: '본문의 압축을 끝까지 풀 수 없음',
  },
  cancelled: { en: 'the fetch was cancelled', ko: '가져오기가 취소됨' },
} as const satisfies Readonly<Record<ErrorCode, Said>>;
