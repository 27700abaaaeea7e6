import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { isRendered, type Rendered, type RenderRequest } from '../frame-messages';
import { count } from '../format';
import { type Said, say, sayWith } from '../language';
import type { ContentKind } from './content-kind';
import { boundedHtml } from './html-bounds';
import { inSlices } from './slices';
import { decodeText } from './text-reading';

const TEXTS = {
  none: {
    en: 'Only HTML and images are rendered. Text and hex show everything.',
    ko: 'HTML과 이미지만 렌더링합니다. 다른 내용은 텍스트나 16진수로 볼 수 있습니다.',
  },
  title: {
    en: 'The received page, with everything that acts taken out',
    ko: '받은 페이지(동작하는 요소는 모두 제거됨)',
  },
  image: { en: 'The received image', ko: '받은 이미지' },
  reading: { en: 'Rendering …', ko: '렌더링 중…' },
  size: { en: '{width} × {height} pixels', ko: '{width} × {height}픽셀' },
  broken: { en: 'The browser cannot draw this image.', ko: '브라우저가 그릴 수 없는 이미지입니다.' },
  safe: {
    en: 'Nothing runs, loads or leads anywhere here. Nothing had to be taken out.',
    ko: '여기서는 스크립트 실행, 외부 자원 로드, 페이지 이동이 모두 차단됩니다. 제거한 것은 없습니다.',
  },
  removed: {
    en: 'Nothing runs, loads or leads anywhere here. Taken out, {removed} in all: {kinds}.',
    ko: '여기서는 스크립트 실행, 외부 자원 로드, 페이지 이동이 모두 차단됩니다. 모두 {removed}개를 제거했습니다: {kinds}.',
  },
  cut: {
    en: 'Only the beginning is rendered: there is too much of it.',
    ko: '내용이 너무 많아 앞부분만 렌더링합니다.',
  },
  left: {
    en: 'The page tried to lead elsewhere and was taken away.',
    ko: '페이지가 다른 곳으로 이동하려 해서 치웠습니다.',
  },
} as const satisfies Record<string, Said>;

/** Laying out a page cannot be left and taken up again: more of it would stop this one. */
const MAX_RENDERED_BYTES = 524_288;

interface RenderedViewProps {
  readonly octets: Uint8Array<ArrayBuffer>;
  readonly charset: string | null;
  readonly kind: ContentKind;
}

/** Content as a browser would draw it, where it can do no harm. */
export function RenderedView({ octets, charset, kind }: RenderedViewProps) {
  switch (kind.kind) {
    case 'html':
      return <RenderedPage octets={octets} charset={charset ?? 'UTF-8'} />;
    case 'image':
      return <RenderedImage octets={octets} mediaType={kind.mediaType} />;
    case 'none':
      return <p class="pane-soft">{say(TEXTS.none)}</p>;
  }
}

/** Where the frame is, beside this page. */
const FRAME = '/console/frame.html';

interface PageProps {
  readonly octets: Uint8Array;
  readonly charset: string;
}

function RenderedPage({ octets, charset }: PageProps) {
  const frame = useRef<HTMLIFrameElement>(null);
  const [html, setHtml] = useState<string | null>(null);
  const [rendered, setRendered] = useState<Rendered | null>(null);
  const [loads, setLoads] = useState(0);
  useEffect(() => {
    const left = new AbortController();
    const shown = octets.subarray(0, MAX_RENDERED_BYTES);
    void inSlices(decodeText(shown, charset), left.signal).then(setHtml, () => undefined);
    return () => left.abort();
  }, [octets, charset]);
  const bounded = useMemo(() => (html === null ? null : boundedHtml(html)), [html]);
  const isCut = octets.length > MAX_RENDERED_BYTES || bounded !== html;
  useEffect(() => {
    const target = frame.current?.contentWindow;
    if (bounded === null || loads !== 1 || !target) return undefined;
    const listen = ({ data, source }: MessageEvent<unknown>): void => {
      if (source === target && isRendered(data)) setRendered(data);
    };
    window.addEventListener('message', listen);
    // The frame has an origin that has no name.
    target.postMessage({ kind: 'render', html: bounded } satisfies RenderRequest, '*');
    return () => window.removeEventListener('message', listen);
  }, [bounded, loads]);
  // It loads once. A second time means that it went elsewhere, which three walls forbid; this is the fourth.
  if (loads > 1) return <p class="pane-badge pane-bad">{say(TEXTS.left)}</p>;
  return (
    <>
      <p class="pane-soft" role="status">
        {rendered === null ? say(TEXTS.reading) : safetyText(rendered)} {isCut && say(TEXTS.cut)}
      </p>
      <iframe
        class="pane-frame"
        ref={frame}
        sandbox="allow-scripts"
        referrerpolicy="no-referrer"
        title={say(TEXTS.title)}
        src={FRAME}
        onLoad={() => setLoads((before) => before + 1)}
      />
    </>
  );
}

/** longer names are somebody's joke */
const LONGEST_NAME = 40;
const MOST_KINDS = 6;

function safetyText({ removed, kinds }: Rendered): string {
  if (removed === 0) return say(TEXTS.safe);
  const shown = kinds
    .slice(0, MOST_KINDS)
    .map(({ what, count: times }) => `${what.slice(0, LONGEST_NAME)} ×${count(times)}`);
  const rest = removed - kinds.slice(0, MOST_KINDS).reduce((sum, { count: times }) => sum + times, 0);
  return sayWith(TEXTS.removed, {
    removed: count(removed),
    kinds: [...shown, ...(rest > 0 ? ['…'] : [])].join(', '),
  });
}

interface ImageProps {
  readonly octets: Uint8Array<ArrayBuffer>;
  readonly mediaType: string;
}

/** An image element runs no script of an SVG and loads nothing that it names. */
function RenderedImage({ octets, mediaType }: ImageProps) {
  const [url, setUrl] = useState<string | null>(null);
  const [said, setSaid] = useState<string | null>(null);
  useEffect(() => {
    const reader = new FileReader();
    reader.addEventListener('load', () => setUrl(reader.result as string));
    reader.readAsDataURL(new Blob([octets], { type: mediaType }));
    return () => reader.abort();
  }, [octets, mediaType]);
  return (
    <div class="pane-image">
      <p class="pane-soft" role="status">
        {said ?? say(TEXTS.reading)}
      </p>
      {url !== null && (
        <img
          src={url}
          alt={say(TEXTS.image)}
          decoding="async"
          onLoad={({ currentTarget: { naturalWidth: width, naturalHeight: height } }) =>
            setSaid(sayWith(TEXTS.size, { width, height }))
          }
          onError={() => setSaid(say(TEXTS.broken))}
        />
      )}
    </div>
  );
}
