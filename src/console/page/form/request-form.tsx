import { useEffect, useState } from 'preact/hooks';
import type { FieldError } from '../data';
import { draft, edit, fill, mistakes, send } from '../form';
import { draftOf } from '../draft';
import { type Said, say } from '../language';
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
  examples: { en: 'Examples of the demo’s origin', ko: '데모 서버의 예제' },
  options: { en: 'Options', ko: '옵션' },
} as const satisfies Record<string, Said>;

/** They open by themselves where something is wrong in them. */
function Options() {
  const [isOpen, setOpen] = useState(false);
  const isWrong = mistakes.value.some(isInOptions);
  useEffect(() => {
    if (isWrong) setOpen(true);
  }, [isWrong]);
  return (
    <details
      class="options"
      data-testid="options"
      open={isOpen}
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary>{say(TEXTS.options)}</summary>
      <OptionFields />
    </details>
  );
}

/** The second of two quick clicks on the button that was here before is not meant for this one. */
function stop(event: MouseEvent): void {
  event.preventDefault();
  if (event.detail < 2) cancel();
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
  const others = mistakes.value.filter(({ path }) => !SHOWN_AT_FIELDS.test(path));
  return (
    <section class="request" aria-labelledby="request-title">
      <h2 id="request-title" class="unseen">
        {say(TEXTS.title)}
      </h2>
      <form
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
          {isRunning() ? (
            <button key="cancel" type="button" class="main" data-testid="cancel" onClick={stop}>
              {say(TEXTS.cancel)}
            </button>
          ) : (
            <button key="send" type="submit" class="main" data-testid="send">
              {say(TEXTS.fetch)}
            </button>
          )}
        </div>
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
              onClick={() => fill(draftOf(preset.request))}
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
