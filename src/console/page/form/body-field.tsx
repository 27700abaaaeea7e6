import type { Draft } from '../draft';
import { draft, edit } from '../form';
import { type Said, say } from '../language';
import { ChoiceField, Mistakes, mistakesAt } from './fields';

const TEXTS = {
  kind: { en: 'Content', ko: '본문' },
  none: { en: 'none', ko: '없음' },
  text: { en: 'text, as UTF-8', ko: '텍스트 (UTF-8)' },
  base64: { en: 'octets, as base64', ko: '옥텟 (base64)' },
  body: { en: 'Content to send', ko: '보낼 본문' },
  hint: {
    en: 'No Content-Type is added: give it as a header.',
    ko: 'Content-Type은 붙지 않으니 헤더로 적으세요.',
  },
} as const satisfies Record<string, Said>;

export function BodyField() {
  const { bodyKind, body } = draft.value;
  const wrong = mistakesAt('body');
  return (
    <div class="body-field">
      <ChoiceField
        path="body.kind"
        label={TEXTS.kind}
        value={bodyKind}
        choices={[
          ['none', TEXTS.none],
          ['text', TEXTS.text],
          ['base64', TEXTS.base64],
        ]}
        edit={(value) => edit({ bodyKind: value as Draft['bodyKind'] })}
      />
      {bodyKind !== 'none' && (
        <label class="labelled">
          <span>{say(TEXTS.body)}</span>
          <textarea
            class="wire"
            data-testid="field-body"
            rows={4}
            spellcheck={false}
            aria-invalid={wrong.length > 0}
            aria-describedby={wrong.length > 0 ? 'mistake-body' : undefined}
            value={body}
            onInput={(event) => edit({ body: event.currentTarget.value })}
          />
          <small>{say(TEXTS.hint)}</small>
        </label>
      )}
      <Mistakes path="body" texts={wrong} />
    </div>
  );
}
