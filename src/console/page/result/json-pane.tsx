import { useMemo } from 'preact/hooks';
import { CopyButton } from '../copy-button';
import { count } from '../format';
import { type Said, say, sayWith } from '../language';
import { escapedJson } from '../unseen';

const TEXTS = {
  note: {
    en: 'The service’s answer. The content is not in it: it came separately, in pieces.',
    ko: '서비스의 응답입니다. 본문은 따로 나뉘어 와서 여기에 없습니다.',
  },
  copy: { en: 'Copy all of it', ko: '전체 복사' },
  omitted: {
    en: '{n} more {n:character|characters}: copy all of it to see them',
    ko: '{n}자 더 있음: 전체를 복사해 보세요',
  },
} as const satisfies Record<string, Said>;

const MOST_LINES = 1_500;
const MOST_CHARACTERS = 100_000;

export function JsonPane({ value }: { value: object }) {
  const json = useMemo(() => JSON.stringify(value, null, 2), [value]);
  const start = useMemo(() => startOf(json), [json]);
  const omitted = json.length - start.length;
  return (
    <div class="json-pane">
      <div class="section-head">
        <small>{say(TEXTS.note)}</small>
        <CopyButton
          id="copy-result"
          label={say(TEXTS.copy)}
          shown={say(TEXTS.copy)}
          text={() => escapedJson(json)}
        />
      </div>
      <pre class="wire-block" data-testid="json" tabIndex={0}>
        {escapedJson(start)}
      </pre>
      {omitted > 0 && (
        <p class="soft" data-testid="json-omitted">
          {sayWith(TEXTS.omitted, { n: count(omitted) })}
        </p>
      )}
    </div>
  );
}

/** @returns as much of a text as can be drawn at once, whole lines if these are not too long */
function startOf(text: string): string {
  let end = 0;
  for (let line = 0; line < MOST_LINES && end < text.length; line++) {
    const next = text.indexOf('\n', end) + 1 || text.length;
    if (next > MOST_CHARACTERS) return text.slice(0, MOST_CHARACTERS);
    end = next;
  }
  return text.slice(0, end);
}
