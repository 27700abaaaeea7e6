import { useState } from 'preact/hooks';
import { callForHar } from '../call';
import { requestOf } from '../draft';
import { FAULT_WORDS, faultOf } from '../fault';
import { apiKey, draft } from '../form';
import { type Said, say, sayWith } from '../language';
import { KOREAN_TITLES } from '../problem-words';
import { saveFile } from '../save-file';

const TEXTS = {
  save: { en: 'Save as HAR', ko: 'HAR로 저장' },
  hint: {
    en: 'Fetches anew, and saves that fetch as an HTTP Archive',
    ko: '새로 가져와서 그 결과를 HTTP Archive로 저장합니다',
  },
  fetching: { en: 'Fetching anew …', ko: '새로 가져오는 중…' },
  saved: { en: 'Saved.', ko: '저장했습니다.' },
  failed: { en: 'There is no archive: {why}.', ko: '저장하지 못함: {why}.' },
} as const satisfies Record<string, Said>;

type State = { readonly is: 'idle' | 'fetching' | 'saved' } | { readonly is: 'failed'; readonly why: Said };

const NAME = 'wirefetch.har';

/** An archive is made by the service, of a fetch of its own. */
export function HarButton() {
  const [state, setState] = useState<State>({ is: 'idle' });
  return (
    <>
      <button
        type="button"
        data-testid="save-har"
        title={say(TEXTS.hint)}
        aria-disabled={state.is === 'fetching'}
        onClick={() => {
          if (state.is === 'fetching') return;
          setState({ is: 'fetching' });
          void save().then(setState);
        }}
      >
        {say(TEXTS.save)}
      </button>
      <small role="status" data-testid="har-state">
        {told(state)}
      </small>
    </>
  );
}

function told(state: State): string {
  if (state.is === 'failed') return sayWith(TEXTS.failed, { why: say(state.why) });
  return state.is === 'idle' ? '' : say(TEXTS[state.is]);
}

async function save(): Promise<State> {
  try {
    const answer = await callForHar(requestOf(draft.value), apiKey.value);
    if ('problem' in answer) {
      const { title, code } = answer.problem;
      return { is: 'failed', why: { en: title, ko: KOREAN_TITLES[code] ?? title } };
    }
    saveFile(answer.har, NAME);
    return { is: 'saved' };
  } catch (error) {
    const { en, ko } = FAULT_WORDS[faultOf(error).code].means;
    return { is: 'failed', why: { en: withoutStop(en), ko: withoutStop(ko) } };
  }
}

function withoutStop(sentence: string): string {
  return sentence.replace(/\.$/, '');
}
