import { useEffect, useState } from 'preact/hooks';
import { type Said, say } from './language';

const TEXTS = {
  copy: { en: 'Copy', ko: '복사' },
  copied: { en: 'Copied', ko: '복사됨' },
  failed: { en: 'Could not copy', ko: '복사하지 못함' },
} as const satisfies Record<string, Said>;

type State = 'copy' | 'copied' | 'failed';

/** how long it says what came of it, in ms */
const SAYS_MS = 2_000;

interface CopyButtonProps {
  /** what is copied, for who does not see what the button stands beside */
  readonly label: string;
  /** made when it is asked for */
  readonly text: () => string;
  /** what the button says; "Copy" where what it stands beside says the rest */
  readonly shown?: string;
  readonly id?: string;
  /** more of what it copies */
  readonly hint?: string;
}

/** Copies a text, and says whether it has. */
export function CopyButton({ label, text, shown, id, hint }: CopyButtonProps) {
  const [state, setState] = useState<State>('copy');
  useEffect(() => {
    if (state === 'copy') return undefined;
    const timer = setTimeout(() => setState('copy'), SAYS_MS);
    return () => clearTimeout(timer);
  }, [state]);
  return (
    <>
      <button
        type="button"
        data-testid={id}
        aria-label={label}
        title={hint}
        onClick={() => void copy(text()).then((done) => setState(done ? 'copied' : 'failed'))}
      >
        <span class={state}>{state === 'copy' && shown !== undefined ? shown : say(TEXTS[state])}</span>
      </button>
      <span class="unseen" role="status">
        {state === 'copy' ? '' : say(TEXTS[state])}
      </span>
    </>
  );
}

async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

/** Over plain http to another machine there is no clipboard; what is selected can be copied all the same. */
function copyBySelection(text: string): boolean {
  const area = document.createElement('textarea');
  area.className = 'unseen';
  area.value = text;
  const focused = document.activeElement;
  document.body.append(area);
  area.select();
  const done = document.execCommand('copy');
  area.remove();
  if (focused instanceof HTMLElement) focused.focus();
  return done;
}
