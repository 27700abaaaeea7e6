import { endpoint } from '../call';
import { CopyButton } from '../copy-button';
import { curlOf } from '../curl';
import { requestOf } from '../draft';
import { apiKey, draft } from '../form';
import { type Said, say } from '../language';
import { fragmentOf } from '../shared-request';
import { escapedJson } from '../unseen';

const TEXTS = {
  curl: { en: 'Copy as curl', ko: 'curl로 복사' },
  json: { en: 'Copy as JSON', ko: 'JSON으로 복사' },
  link: { en: 'Copy a link', ko: '링크 복사' },
  note: {
    en: 'A link holds the whole request, its field lines too; never the key.',
    ko: '링크에는 헤더까지 요청 전체가 담기지만 키는 담기지 않습니다.',
  },
} as const satisfies Record<string, Said>;

export function RequestActions() {
  return (
    <div class="request-actions">
      <CopyButton
        id="copy-curl"
        label={say(TEXTS.curl)}
        shown={say(TEXTS.curl)}
        text={() => curlOf(requestOf(draft.value), endpoint(), apiKey.value !== '')}
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
      <small>{say(TEXTS.note)}</small>
    </div>
  );
}
