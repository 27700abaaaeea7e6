import type { Said } from '../language';
import type { Phase } from '../phases';

export const PHASE_WORDS: Readonly<Record<Phase, { readonly name: Said; readonly doing: Said }>> = {
  queue: {
    name: { en: 'Queue', ko: '대기열' },
    doing: { en: 'Waiting for the service', ko: '서비스를 기다리는 중' },
  },
  dns: { name: { en: 'DNS', ko: 'DNS' }, doing: { en: 'Resolving the name', ko: '이름을 찾는 중' } },
  connect: { name: { en: 'Connect', ko: '연결' }, doing: { en: 'Connecting', ko: '연결하는 중' } },
  tls: { name: { en: 'TLS', ko: 'TLS' }, doing: { en: 'TLS handshake', ko: 'TLS 핸드셰이크 중' } },
  send: { name: { en: 'Send', ko: '보내기' }, doing: { en: 'Sending the request', ko: '요청을 보내는 중' } },
  wait: {
    name: { en: 'Wait', ko: '대기' },
    doing: { en: 'Waiting for the first octet', ko: '첫 옥텟을 기다리는 중' },
  },
  receive: { name: { en: 'Receive', ko: '받기' }, doing: { en: 'Receiving', ko: '받는 중' } },
};
