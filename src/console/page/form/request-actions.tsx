import { endpoint } from '../call';
import { CopyButton } from '../copy-button';
import { curlOf } from '../curl';
import { curlOfTarget } from '../curl-of-target';
import { requestOf } from '../draft';
import { apiKey, draft } from '../form';
import { type Said, say } from '../language';
import { fragmentOf } from '../shared-request';
import { escapedJson } from '../unseen';
import { HarButton } from './har-button';

const TEXTS = {
  curl: { en: 'Copy as curl', ko: 'curl로 복사' },
  json: { en: 'Copy as JSON', ko: 'JSON으로 복사' },
  link: { en: 'Copy a link', ko: '링크 복사' },
  note: {
    en: '“Copy as curl” is a call of this service; “Curl of the target” asks the target itself. A link holds the whole request with its headers, but never the key. “Save as HAR” fetches anew.',
    ko: '‘curl로 복사’는 이 서비스를 호출하는 명령, ‘대상으로 보내는 curl’은 대상에 직접 보내는 명령입니다. 링크에는 헤더까지 요청 전체가 담기지만 키는 담기지 않습니다. ‘HAR로 저장’은 새로 가져옵니다.',
  },
  curlHint: { en: 'A call of this service', ko: '이 서비스를 호출하는 명령' },
  target: { en: 'Curl of the target', ko: '대상으로 보내는 curl' },
  targetHint: {
    en: 'Asks the target itself, without this service',
    ko: '이 서비스를 거치지 않고 대상에 직접 보내는 명령',
  },
} as const satisfies Record<string, Said>;

export function RequestActions() {
  return (
    <div class="request-actions">
      <CopyButton
        id="copy-curl"
        label={say(TEXTS.curl)}
        hint={say(TEXTS.curlHint)}
        shown={say(TEXTS.curl)}
        text={() => curlOf(requestOf(draft.value), endpoint(), apiKey.value !== '')}
      />
      <CopyButton
        id="copy-target-curl"
        label={say(TEXTS.target)}
        hint={say(TEXTS.targetHint)}
        shown={say(TEXTS.target)}
        text={() => curlOfTarget(requestOf(draft.value))}
      />
      <CopyButton
        id="copy-json"
        label={say(TEXTS.json)}
        shown={say(TEXTS.json)}
        text={() => escapedJson(JSON.stringify(requestOf(draft.value), null, 2))}
      />
      <CopyButton
        id="copy-link"
        label={say(TEXTS.link)}
        shown={say(TEXTS.link)}
        text={() => new URL(fragmentOf(requestOf(draft.value)), location.href).href}
      />
      <HarButton />
      <small class="request-note">{say(TEXTS.note)}</small>
    </div>
  );
}
