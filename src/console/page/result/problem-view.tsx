import type { Octets, Problem } from '../data';
import { endpointOf } from '../endpoint-of';
import { duration, octets as sizeOf } from '../format';
import { type Said, say, sayWith } from '../language';
import { WarningMessage } from '../panes/WarningMessage';
import { WireText } from '../panes/WireText';
import { shownLines } from '../panes/wire-room';
import { DEMO_WORDS, KOREAN_TITLES, PROBLEM_WORDS, WRONG_KEY, type Words, wantsDemo } from '../problem-words';
import type { Run } from '../run';

const TEXTS = {
  detail: { en: 'In the service’s words:', ko: '서비스의 원문:' },
  more: { en: 'More about {code}', ko: '{code} 자세히' },
  attempts: { en: 'Addresses tried', ko: '연결을 시도한 주소' },
  connected: { en: 'connected', ko: '연결됨' },
  received: { en: 'Received before it failed: {bytes}', ko: '실패하기 전에 받은 것: {bytes}' },
  truncated: { en: 'Only the beginning is shown.', ko: '앞부분만' },
  warnings: { en: 'Warnings', ko: '경고' },
  hops: { en: 'Exchanges before it', ko: '앞선 요청·응답' },
} as const satisfies Record<string, Said>;

/** What a problem means, what to do, and what is known of it. */
export function ProblemView({ problem, run: { request, hadKey } }: { problem: Problem; run: Run }) {
  const { code, title, detail, instance, received, warnings, hops, connection } = problem;
  // Another version's service may know problems that this page does not.
  const words: Words | undefined = code === 'unauthorized' && hadKey ? WRONG_KEY : PROBLEM_WORDS[code];
  const isKnown = words !== undefined;
  const errors = problem.errors ?? [];
  const attempts = connection?.attempts ?? [];
  return (
    <section class="panel problem" aria-labelledby="problem-title" data-testid="problem" data-code={code}>
      <h3 id="problem-title" lang={isKnown ? undefined : 'en'}>
        {isKnown ? say({ en: title, ko: KOREAN_TITLES[code] }) : title}
      </h3>
      {isKnown && (
        <p>
          {say(words.means)} {say(words.advice)}
        </p>
      )}
      {wantsDemo(code, request.url) && <p data-testid="demo-hint">{say(DEMO_WORDS)}</p>}
      {errors.length > 0 && (
        <ul data-testid="problem-errors">
          {errors.map(({ path, message }, index) => (
            <li key={index} class="wire" lang="en">
              {path === '' ? message : `${path}: ${message}`}
            </li>
          ))}
        </ul>
      )}
      <p>
        <small>{say(TEXTS.detail)}</small>{' '}
        <span class="wire" lang="en" data-testid="problem-detail">
          {detail}
        </span>
      </p>
      <p>
        <a href={`problems/${encodeURIComponent(code)}`}>{sayWith(TEXTS.more, { code })}</a>
        <small class="soft"> {instance}</small>
      </p>
      {attempts.length > 0 && (
        <>
          <h4>{say(TEXTS.attempts)}</h4>
          <ul data-testid="attempts">
            {attempts.map(({ address, port, ms, error }, index) => (
              <li key={index} class="wire">
                {endpointOf(address, port)} – {error ?? say(TEXTS.connected)}, {duration(ms)}
              </li>
            ))}
          </ul>
        </>
      )}
      {hops.length > 0 && (
        <>
          <h4>{say(TEXTS.hops)}</h4>
          <ol data-testid="problem-hops">
            {hops.map((hop, index) => (
              <li key={index} class="wire">
                {hop.status} {hop.url} →{' '}
                {hop.headers.find(({ name }) => name.toLowerCase() === 'location')?.value ?? '–'}
              </li>
            ))}
          </ol>
        </>
      )}
      {warnings.length > 0 && (
        <>
          <h4>{say(TEXTS.warnings)}</h4>
          <ul>
            {warnings.map((warning, index) => (
              <li key={index}>
                <code>{warning.code}</code> <WarningMessage warning={warning} />
              </li>
            ))}
          </ul>
        </>
      )}
      {received !== null && received.bytes > 0 && <Received received={received} />}
    </section>
  );
}

/** as many octets as tell what it is */
const MOST_SHOWN = 4_096;
/** LF, as it is shown, ends a line too. */
const LINES = /[^\n]*\n|[^\n]+/g;

function Received({ received: { bytes, base64, truncated } }: { received: Octets }) {
  const octets = base64 === null ? '' : atob(base64);
  const { lines, omitted } = shownLines(octets.slice(0, MOST_SHOWN).match(LINES) ?? []);
  const isCut = truncated || octets.length > MOST_SHOWN || omitted > 0 || lines.some(({ cut }) => cut > 0);
  return (
    <>
      <h4>{sayWith(TEXTS.received, { bytes: sizeOf(bytes) })}</h4>
      {isCut && <small>{say(TEXTS.truncated)}</small>}
      <pre class="wire-block" tabIndex={0} data-testid="received">
        {lines.map(({ text }, index) => (
          <span key={index} class="wire-line">
            <WireText text={text} />
          </span>
        ))}
      </pre>
    </>
  );
}
