import type { HeaderLine } from '../draft';
import { draft, edit } from '../form';
import { type Said, say, sayWith } from '../language';
import { Mistakes, mistakesAt } from './fields';

const TEXTS = {
  title: { en: 'Headers, sent in this order and case', ko: '헤더 (이 순서와 대소문자 그대로 보냄)' },
  name: { en: 'Name of header {n}', ko: '{n}번째 헤더의 이름' },
  value: { en: 'Value of header {n}', ko: '{n}번째 헤더의 값' },
  remove: { en: 'Remove header {n}', ko: '{n}번째 헤더 삭제' },
  add: { en: 'Add a header', ko: '헤더 추가' },
  namePlaceholder: { en: 'Name', ko: '이름' },
  beyond: {
    en: 'A header is octets, and these characters are none of them. Write {percent} in a URL or a cookie, and {extended} in a parameter (RFC 8187).',
    ko: '헤더는 옥텟이라 이 문자를 그대로 담을 수 없습니다. URL이나 쿠키에서는 {percent}, 매개변수에서는 {extended}로 적으세요(RFC 8187).',
  },
  valuePlaceholder: { en: 'Value', ko: '값' },
} as const satisfies Record<string, Said>;

/** as many characters as show how it is done */
const MOST_SHOWN = 8;

/** @returns the first characters that are no octet, in the first value that has any */
function beyondOctets(headers: readonly HeaderLine[]): string {
  for (const { value } of headers) {
    const [found] = /[\u{100}-\u{d7ff}\u{e000}-\u{10ffff}]+/u.exec(value) ?? [];
    if (found !== undefined) return Array.from(found).slice(0, MOST_SHOWN).join('');
  }
  return '';
}

function percentEncoded(text: string): string {
  return encodeURIComponent(text);
}

export function HeaderLines() {
  const { headers } = draft.value;
  const change = (index: number, line: Partial<(typeof headers)[number]>): void =>
    edit({ headers: headers.map((one, i) => (i === index ? { ...one, ...line } : one)) });
  const wrong = mistakesAt('headers');
  const beyond = beyondOctets(headers);
  return (
    <div class="header-lines" role="group" aria-labelledby="header-lines-title">
      <p id="header-lines-title">{say(TEXTS.title)}</p>
      {headers.map((line, index) => (
        // Lines have no names of their own: the same may be there twice.
        <div class="header-line" key={index}>
          <input
            class="wire"
            data-testid="header-name"
            autocomplete="off"
            autocapitalize="off"
            spellcheck={false}
            aria-label={sayWith(TEXTS.name, { n: index + 1 })}
            aria-invalid={mistakesAt(`headers.${index}.name`).length > 0}
            aria-describedby={mistakesAt(`headers.${index}.name`).length > 0 ? 'mistake-headers' : undefined}
            placeholder={say(TEXTS.namePlaceholder)}
            value={line.name}
            onInput={(event) => change(index, { name: event.currentTarget.value })}
          />
          <input
            class="wire"
            data-testid="header-value"
            autocomplete="off"
            autocapitalize="off"
            spellcheck={false}
            aria-label={sayWith(TEXTS.value, { n: index + 1 })}
            aria-invalid={mistakesAt(`headers.${index}.value`).length > 0}
            aria-describedby={mistakesAt(`headers.${index}.value`).length > 0 ? 'mistake-headers' : undefined}
            placeholder={say(TEXTS.valuePlaceholder)}
            value={line.value}
            onInput={(event) => change(index, { value: event.currentTarget.value })}
          />
          <button
            type="button"
            class="quiet"
            data-testid="header-remove"
            aria-label={sayWith(TEXTS.remove, { n: index + 1 })}
            onClick={() => edit({ headers: headers.filter((_, i) => i !== index) })}
          >
            ×
          </button>
        </div>
      ))}
      {beyond !== '' && (
        <small role="status" data-testid="header-beyond">
          {sayWith(TEXTS.beyond, {
            percent: percentEncoded(beyond),
            extended: `filename*=UTF-8''${percentEncoded(beyond)}`,
          })}
        </small>
      )}
      <Mistakes path="headers" texts={wrong} />
      <button
        type="button"
        class="quiet"
        data-testid="header-add"
        onClick={() => edit({ headers: [...headers, { name: '', value: '' }] })}
      >
        {say(TEXTS.add)}
      </button>
    </div>
  );
}
