import { useMemo } from 'preact/hooks';
import { CopyButton } from '../copy-button';
import { count } from '../format';
import { type Said, say, sayWith } from '../language';

const TEXTS = {
  note: {
    en: 'The service’s answer. The content is not in it: it came separately, in pieces.',
    ko: '서비스의 응답입니다. 본문은 따로 나뉘어 와서 여기에 없습니다.',
  },
  copy: { en: 'Copy all of it', ko: '전체 복사' },
  omitted: {
    en: '{n} more {n:line|lines}: copy all of it to see them',
    ko: '{n}줄 더 있음: 전체를 복사해 보세요',
  },
} as const satisfies Record<string, Said>;

const MOST_LINES = 1_500;

export function JsonPane({ value }: { value: object }) {
  const json = useMemo(() => JSON.stringify(value, null, 2), [value]);
  const lines = useMemo(() => json.split('\n'), [json]);
  const omitted = lines.length - MOST_LINES;
  return (
    <div class="json-pane">
      <div class="section-head">
        <small>{say(TEXTS.note)}</small>
        <CopyButton id="copy-result" label={say(TEXTS.copy)} shown={say(TEXTS.copy)} text={() => json} />
      </div>
      <pre class="wire-block" data-testid="json" tabIndex={0}>
        {omitted > 0 ? lines.slice(0, MOST_LINES).join('\n') : json}
      </pre>
      {omitted > 0 && <p class="soft">{sayWith(TEXTS.omitted, { n: count(omitted) })}</p>}
    </div>
  );
}
