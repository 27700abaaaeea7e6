import { useEffect } from 'preact/hooks';
import { Announcer } from './announcer';
import { Boundary } from './boundary';
import { RequestForm } from './form/request-form';
import { Recents } from './form/recents';
import { Header } from './header';
import { type Said, language, say } from './language';
import { ResultView } from './result/result-view';
import { shownRequest } from './run';

const TEXTS = {
  skip: { en: 'Skip to the result', ko: '결과로 건너뛰기' },
} as const satisfies Record<string, Said>;

export function App() {
  useEffect(() => {
    document.documentElement.lang = language.value;
  }, [language.value]);
  return (
    <>
      <a class="skip" href="#result" onClick={toResult}>
        {say(TEXTS.skip)}
      </a>
      <Header />
      <main>
        <RequestForm />
        <Boundary of={shownRequest.value}>
          <ResultView />
        </Boundary>
        <Recents />
      </main>
      <Announcer />
    </>
  );
}

/** The fragment is the request's: it is not given up for a jump. */
function toResult(event: Event): void {
  event.preventDefault();
  document.getElementById('result')?.focus();
}
