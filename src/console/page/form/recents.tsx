import { fill, forgetRecents, recents } from '../form';
import { duration, octets } from '../format';
import { type Said, language, say } from '../language';
import { putAway } from '../run';
import { visibleStart } from '../unseen';

const TEXTS = {
  title: { en: 'Recent fetches', ko: '최근 요청' },
  note: {
    en: 'Kept only in this browser, without the values of Authorization and Cookie.',
    ko: 'Authorization과 Cookie의 값을 뺀 채 이 브라우저에만 보관됩니다.',
  },
  clear: { en: 'Clear', ko: '모두 지우기' },
} as const satisfies Record<string, Said>;

/** characters of a request line */
const MOST_SHOWN = 400;

export function Recents() {
  if (recents.value.length === 0) return null;
  return (
    <section class="recents" aria-labelledby="recents-title">
      <div class="section-head">
        <h2 id="recents-title">{say(TEXTS.title)}</h2>
        <small>{say(TEXTS.note)}</small>
        <button type="button" class="quiet" data-testid="recents-clear" onClick={forgetRecents}>
          {say(TEXTS.clear)}
        </button>
      </div>
      <ul data-testid="recents">
        {recents.value.map(({ request, at, outcome, look, bytes, ms }) => (
          <li key={at}>
            <button
              type="button"
              class="recent"
              data-testid="recent"
              onClick={() => {
                fill(request);
                // What another came to does not belong below it.
                putAway();
                scrollTo({ top: 0 });
              }}
            >
              <span class={look} title={outcome}>
                {outcome}
              </span>
              <span class="recent-url wire">
                {visibleStart(`${request.method ?? 'GET'} ${request.url}`, MOST_SHOWN)}
              </span>
              <span class="soft">
                {octets(bytes)} · {duration(ms)} · {new Date(at).toLocaleTimeString(language.value)}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
