import { useEffect, useRef } from 'preact/hooks';
import type { Body } from '../data';
import { count, octets as sizeOf } from '../format';
import { type Said, say, sayWith } from '../language';

const TEXTS = {
  label: { en: 'Content, as it comes', ko: '오는 대로 보는 본문' },
  none: { en: 'No content has come yet.', ko: '아직 본문이 오지 않았습니다.' },
  octets: { en: '{octets} {octets:octet|octets} so far', ko: '지금까지 {octets}옥텟' },
  first: {
    en: 'The first {size}; all of it is shown when the fetch is over.',
    ko: '처음 {size}입니다. 끝나면 전체를 보여 줍니다.',
  },
} as const satisfies Record<string, Said>;

/** More text would take the browser too long to lay out again and again. */
export const MOST_LIVE_BYTES = 65_536;

interface LiveTextProps {
  readonly body: Body;
  /** the beginning of the content, no more than is shown */
  readonly octets: Uint8Array<ArrayBuffer>;
}

/** Content while it comes: its beginning as text, whatever it is. */
export function LiveText({ body, octets }: LiveTextProps) {
  const box = useRef<HTMLPreElement>(null);
  const follows = useRef(true);
  const text = decoded(octets, body.charset ?? 'UTF-8');
  useEffect(() => {
    if (follows.current) box.current!.scrollTop = box.current!.scrollHeight;
  }, [text.length]);
  return (
    <div class="pane pane-live">
      <div class="pane-title">
        {body.mediaType !== null && <code>{body.mediaType}</code>}
        <span data-testid="live-bytes">{sayWith(TEXTS.octets, { octets: count(body.bytes) })}</span>
        {body.bytes > octets.length && (
          <span class="pane-soft">{sayWith(TEXTS.first, { size: sizeOf(MOST_LIVE_BYTES) })}</span>
        )}
      </div>
      <pre
        ref={box}
        class="wire-block"
        tabIndex={0}
        role="region"
        aria-label={say(TEXTS.label)}
        data-testid="live-text"
        onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
          // Who looks at what came before is left there.
          follows.current = scrollTop + clientHeight >= scrollHeight - 4;
        }}
      >
        {text === '' ? say(TEXTS.none) : text}
      </pre>
    </div>
  );
}

/** A character that is not whole yet is left for the next time. */
function decoded(octets: Uint8Array, charset: string): string {
  return decoderOf(charset).decode(octets, { stream: true });
}

function decoderOf(charset: string): TextDecoder {
  try {
    return new TextDecoder(charset);
  } catch {
    return new TextDecoder('windows-1252');
  }
}
