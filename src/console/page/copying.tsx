import { useState } from 'preact/hooks';
import { type Said, say } from './language';

const TEXTS = {
  copied: { en: 'Copied', ko: '복사됨' },
  refused: { en: 'The browser does not let it be copied', ko: '브라우저가 복사를 허용하지 않음' },
} as const satisfies Record<string, Said>;

const TOLD_FOR_MS = 2_000;

/** Copies a text, made when it is asked for, and says so. */
export function CopyButton({ label, text, id }: { label: string; text: () => string; id: string }) {
  const [told, setTold] = useState<string | null>(null);
  const copy = async (): Promise<void> => {
    setTold(say((await copyText(text())) ? TEXTS.copied : TEXTS.refused));
    setTimeout(() => setTold(null), TOLD_FOR_MS);
  };
  return (
    <button type="button" class="quiet" data-testid={id} onClick={() => void copy()}>
      {label}
      <span role="status" class={told === null ? 'unseen' : 'copied'}>
        {told ?? ''}
      </span>
    </button>
  );
}

async function copyText(text: string): Promise<boolean> {
  try {
    // Not there where the page came over http from another machine.
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copySelected(text);
  }
}

function copySelected(text: string): boolean {
  const area = document.createElement('textarea');
  area.value = text;
  area.className = 'unseen';
  document.body.append(area);
  area.select();
  const copied = document.execCommand('copy');
  area.remove();
  return copied;
}
