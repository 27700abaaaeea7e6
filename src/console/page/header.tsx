import { useEffect, useRef } from 'preact/hooks';
import { isFitKey } from './fault';
import { apiKey, isKeyWrong, send, useKey, wantsKey } from './form';
import { type Language, type Said, language, say, speak } from './language';
import { THEMES, type Theme, theme } from './theme';

const TEXTS = {
  claim: { en: 'what came over the wire, octet by octet', ko: '회선으로 온 것을 옥텟 하나까지 보여 줍니다' },
  docs: { en: 'API reference', ko: 'API 문서' },
  settings: { en: 'Settings', ko: '설정' },
  language: { en: 'Language', ko: '언어' },
  theme: { en: 'Colours', ko: '색상' },
  auto: { en: 'As the system', ko: '시스템 설정' },
  light: { en: 'Light', ko: '밝게' },
  dark: { en: 'Dark', ko: '어둡게' },
  key: { en: 'API key', ko: 'API 키' },
  keyHint: { en: 'if the service wants one', ko: '서비스가 요구할 때' },
  keyUnfit: {
    en: 'Keys are of printable ASCII, without blanks.',
    ko: '키는 공백 없는 인쇄 가능한 ASCII 문자입니다.',
  },
  keyWanted: { en: 'The service wants a key.', ko: '서비스가 키를 요구합니다.' },
  keyUnknown: { en: 'The service does not know this key.', ko: '서비스가 모르는 키입니다.' },
} as const satisfies Record<string, Said>;

export function Header() {
  return (
    <header class="top">
      <div class="top-name">
        <h1>wirefetch</h1>
        <p>{say(TEXTS.claim)}</p>
      </div>
      <div class="top-settings" role="group" aria-label={say(TEXTS.settings)}>
        <KeyField />
        <label class="labelled">
          <span>{say(TEXTS.language)}</span>
          <select
            data-testid="language"
            value={language.value}
            onChange={(event) => speak(event.currentTarget.value as Language)}
          >
            <option value="en" lang="en">
              English
            </option>
            <option value="ko" lang="ko">
              한국어
            </option>
          </select>
        </label>
        <label class="labelled">
          <span>{say(TEXTS.theme)}</span>
          <select
            data-testid="theme"
            value={theme.value}
            onChange={(event) => {
              theme.value = event.currentTarget.value as Theme;
            }}
          >
            {THEMES.map((one) => (
              <option key={one} value={one}>
                {say(TEXTS[one])}
              </option>
            ))}
          </select>
        </label>
        <a class="top-docs" href="docs">
          {say(TEXTS.docs)}
        </a>
      </div>
    </header>
  );
}

/** Enter: whoever was asked for a key wants to go on. */
function sendAgain(event: Event): void {
  event.preventDefault();
  if (wantsKey.value) send();
}

function KeyField() {
  const input = useRef<HTMLInputElement>(null);
  const wanted = wantsKey.value;
  const isUnfit = !isFitKey(apiKey.value);
  const isWrong = wanted || isUnfit;
  useEffect(() => {
    if (wanted) input.current?.focus();
  }, [wanted]);
  return (
    <form class="labelled" onSubmit={sendAgain}>
      <label for="api-key">{say(TEXTS.key)}</label>
      <input
        ref={input}
        id="api-key"
        data-testid="api-key"
        type="password"
        autocomplete="off"
        spellcheck={false}
        placeholder={say(TEXTS.keyHint)}
        value={apiKey.value}
        aria-invalid={isWrong}
        aria-describedby={isWrong ? 'key-wanted' : undefined}
        onInput={(event) => useKey(event.currentTarget.value.trim())}
      />
      {isWrong && (
        <span id="key-wanted" class="mistake" data-testid="key-wanted">
          {say(isUnfit ? TEXTS.keyUnfit : isKeyWrong.value ? TEXTS.keyUnknown : TEXTS.keyWanted)}
        </span>
      )}
    </form>
  );
}
