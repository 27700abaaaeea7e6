import { useEffect, useRef } from 'preact/hooks';
import type { FieldError } from '../data';
import { requestOf, settingsOf } from '../draft';
import { areOptionsOpen, draft, edit, fill, isLinkBroken, mistakes, send, wasCompleted } from '../form';
import { type Said, say, sayWith } from '../language';
import { PRESETS } from '../presets';
import { cancel, isRunning } from '../run';
import { Mistakes, mistakesAt } from './fields';
import { OptionFields } from './option-fields';
import { RequestActions } from './request-actions';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'] as const;

const TEXTS = {
  title: { en: 'Request', ko: '요청' },
  method: { en: 'Method', ko: '메서드' },
  url: { en: 'URL', ko: 'URL' },
  fetch: { en: 'Fetch', ko: '가져오기' },
  cancel: { en: 'Cancel', ko: '취소' },
  examples: { en: 'Examples: pages of the demo', ko: '데모 서버의 예제' },
  options: { en: 'Options', ko: '옵션' },
  optionsSet: { en: 'Options ({n} set)', ko: '옵션 ({n}개 설정됨)' },
  completed: {
    en: 'http:// was added: the URL had no scheme.',
    ko: 'URL에 스킴이 없어 http://를 붙였습니다.',
  },
  brokenLink: {
    en: 'The link that led here cannot be read: it was cut or changed on its way. Nothing was filled in.',
    ko: '이 페이지로 온 링크를 읽을 수 없습니다. 도중에 잘렸거나 바뀐 것 같습니다. 아무것도 채우지 않았습니다.',
  },
} as const satisfies Record<string, Said>;

/** They open by themselves where something is wrong in them. */
function Options() {
  const isWrong = mistakes.value.some(isInOptions);
  const settings = settingsOf(requestOf(draft.value));
  useEffect(() => {
    if (isWrong) areOptionsOpen.value = true;
  }, [isWrong]);
  return (
    <details
      class="options"
      data-testid="options"
      open={areOptionsOpen.value}
      onToggle={(event) => {
        areOptionsOpen.value = event.currentTarget.open;
      }}
    >
      <summary>
        {settings.length === 0 ? say(TEXTS.options) : sayWith(TEXTS.optionsSet, { n: settings.length })}
        {settings.length > 0 && <small class="options-set wire"> {settings.join(', ')}</small>}
      </summary>
      {areOptionsOpen.value && <OptionFields />}
    </details>
  );
}

/** One button fetches and cancels, so that who has pressed it stays there. */
function press(event: MouseEvent & { readonly currentTarget: HTMLElement }): void {
  if (!isRunning()) return;
  // Enter in a field presses it too, from there, and means the new request.
  const field = document.activeElement;
  if (event.detail === 0 && field instanceof HTMLInputElement) return;
  event.preventDefault();
  // The second of two quick clicks is not meant for what the button says now.
  if (event.detail < 2) cancel();
}

/** Esc cancels, wherever one is; a field for searching empties itself by it. */
function cancelByKey({ key, isComposing, defaultPrevented, target }: KeyboardEvent): void {
  if (key !== 'Escape' || isComposing || defaultPrevented) return;
  if (target instanceof HTMLInputElement && target.type === 'search' && target.value !== '') return;
  if (target instanceof HTMLSelectElement) return;
  cancel();
}

function isInOptions({ path }: FieldError): boolean {
  return SHOWN_AT_FIELDS.test(path) && path !== 'url' && path !== 'method';
}

/** paths that have a field of their own */
const SHOWN_AT_FIELDS =
  /^(?:url|method|headers|body|httpVersion|timeouts\.\w+|read\.\w+|redirects\.\w+|network\.family|tls\.(?:verify|serverName)|parser|decodeContent|defaultHeaders|session)(?:\.|$)/;

export function RequestForm() {
  const { url, method } = draft.value;
  const wrong = mistakesAt('url');
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    addEventListener('keydown', cancelByKey);
    return () => removeEventListener('keydown', cancelByKey);
  }, []);
  useEffect(() => {
    if (mistakes.value.length === 0) return undefined;
    // The options open first.
    const frame = requestAnimationFrame(() =>
      form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus(),
    );
    return () => cancelAnimationFrame(frame);
  }, [mistakes.value]);
  const others = mistakes.value.filter(({ path }) => !SHOWN_AT_FIELDS.test(path));
  return (
    <section class="request" aria-labelledby="request-title">
      <h2 id="request-title" class="unseen">
        {say(TEXTS.title)}
      </h2>
      <form
        ref={form}
        data-testid="request-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        <div class="request-line">
          <label class="request-method">
            <span class="unseen">{say(TEXTS.method)}</span>
            <input
              class="wire"
              data-testid="field-method"
              list="methods"
              size={8}
              autocomplete="off"
              spellcheck={false}
              aria-invalid={mistakesAt('method').length > 0}
              aria-describedby={mistakesAt('method').length > 0 ? 'mistake-method' : undefined}
              value={method}
              onInput={(event) => edit({ method: event.currentTarget.value })}
            />
            <datalist id="methods">
              {METHODS.map((one) => (
                <option key={one} value={one} />
              ))}
            </datalist>
          </label>
          <label class="request-url">
            <span class="unseen">{say(TEXTS.url)}</span>
            <input
              class="wire"
              data-testid="field-url"
              type="url"
              autocomplete="off"
              autocapitalize="off"
              spellcheck={false}
              placeholder="http://127.0.0.1:8081/bursts"
              aria-invalid={wrong.length > 0}
              aria-describedby={wrong.length > 0 ? 'mistake-url' : undefined}
              value={url}
              onInput={(event) => edit({ url: event.currentTarget.value })}
            />
          </label>
          <button
            type="submit"
            class="main"
            data-testid={isRunning() ? 'cancel' : 'send'}
            aria-keyshortcuts={isRunning() ? 'Escape' : undefined}
            onClick={press}
          >
            {say(isRunning() ? TEXTS.cancel : TEXTS.fetch)}
          </button>
        </div>
        {wasCompleted.value && (
          <small role="status" data-testid="completed">
            {say(TEXTS.completed)}
          </small>
        )}
        {isLinkBroken.value && (
          <p class="mistake" role="alert" data-testid="broken-link">
            {say(TEXTS.brokenLink)}
          </p>
        )}
        <Mistakes path="url" texts={wrong} />
        <Mistakes path="method" texts={mistakesAt('method')} />
        {others.length > 0 && (
          <Mistakes
            path=""
            texts={others.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`))}
          />
        )}
        <div class="presets" role="group" aria-label={say(TEXTS.examples)}>
          {PRESETS.map((preset) => (
            <button
              key={preset.name.en}
              type="button"
              class="chip"
              data-testid="preset"
              data-preset={preset.name.en}
              title={say(preset.shows)}
              onClick={() => fill(preset.request)}
            >
              {say(preset.name)}
            </button>
          ))}
        </div>
        <Options />
        <RequestActions />
      </form>
    </section>
  );
}
