import type { Said } from './language';

/** Why the service could not be talked to. */
export type FaultCode = 'unreachable' | 'broken-off' | 'stranger' | 'unfit-key';

export interface Fault {
  readonly code: FaultCode;
  /** as the browser or whoever answered says it; null: there is nothing to add */
  readonly detail: string | null;
}

/** Thrown where a call cannot go on. */
export class ServiceFault extends Error {
  constructor(
    readonly code: FaultCode,
    readonly detail: string | null = null,
  ) {
    super(detail ?? code);
  }
}

/** @param error whatever a call has thrown: the page's own mistakes too */
export function faultOf(error: unknown): Fault {
  if (error instanceof ServiceFault) return { code: error.code, detail: error.detail };
  return { code: 'broken-off', detail: error instanceof Error ? error.message : String(error) };
}

interface Words {
  readonly means: Said;
  readonly advice: Said;
}

export const FAULT_WORDS: Readonly<Record<FaultCode, Words>> = {
  unreachable: {
    means: { en: 'The service cannot be reached.', ko: '서비스에 연결할 수 없습니다.' },
    advice: {
      en: 'See whether it still runs, and whether this machine is online; then fetch again.',
      ko: '서비스가 실행 중인지, 네트워크가 연결되어 있는지 확인한 뒤 다시 시도하세요.',
    },
  },
  'broken-off': {
    means: {
      en: 'The answer ended before the fetch did.',
      ko: '가져오기가 끝나기 전에 응답이 끊겼습니다.',
    },
    advice: {
      en: 'The service was stopped, or a proxy between gave up: fetch again, and tell the operator if it stays.',
      ko: '서비스가 멈췄거나 중간의 프록시가 끊은 것입니다. 다시 시도하고, 계속되면 운영자에게 알려 주세요.',
    },
  },
  stranger: {
    means: {
      en: 'What answered is not wirefetch, or another version of it.',
      ko: '응답한 것이 wirefetch가 아니거나 다른 버전입니다.',
    },
    advice: {
      en: 'A proxy or a login page may stand between: reload this page, and tell the operator if it stays.',
      ko: '프록시나 로그인 페이지가 중간에 있을 수 있습니다. 새로 고치고, 계속되면 운영자에게 알려 주세요.',
    },
  },
  'unfit-key': {
    means: {
      en: 'The API key has a character that no key can have; nothing was sent.',
      ko: 'API 키에 쓸 수 없는 문자가 있어 아무것도 보내지 않았습니다.',
    },
    advice: {
      en: 'Keys are of printable ASCII, without blanks: enter it anew above.',
      ko: '키는 공백 없는 인쇄 가능한 ASCII 문자로 되어 있습니다. 위에 다시 입력하세요.',
    },
  },
};

/** As the service takes them from its settings. Empty: none is sent. */
export function isFitKey(key: string): boolean {
  return /^[\x21-\x7e]*$/.test(key);
}
