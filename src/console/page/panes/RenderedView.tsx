import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { isRendered, type Rendered, type RenderRequest } from '../frame-messages';
import { count } from '../format';
import { type Said, say, sayWith } from '../language';
import { visibleStart } from '../unseen';
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
  drawing: {
    en: 'The received drawing, in a frame where nothing runs, loads or leads anywhere.',
    ko: '받은 그림입니다. 스크립트 실행, 외부 자원 로드, 페이지 이동이 모두 차단된 프레임 안에서 그립니다.',
  },
  unanswered: {
    en: 'Nothing has been drawn yet: it may take too much work, or the frame could not be loaded. Text and hex show everything.',
    ko: '아직 그려지지 않았습니다. 그리는 데 너무 오래 걸리거나 프레임을 불러오지 못한 것일 수 있습니다. 텍스트나 16진수로는 모두 볼 수 있습니다.',
  },
  tooLarge: {
    en: 'The drawing is too large to be rendered. Text and hex show everything.',
    ko: '그림이 너무 커서 렌더링하지 않습니다. 텍스트나 16진수로는 모두 볼 수 있습니다.',
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
    case 'drawing':
      return <RenderedDrawing octets={octets} mediaType={kind.mediaType} />;
    case 'image':
      return <RenderedImage octets={octets} mediaType={kind.mediaType} />;
    case 'none':
      return <p class="pane-soft">{say(TEXTS.none)}</p>;
  }
}

interface PageProps {
  readonly octets: Uint8Array;
  readonly charset: string;
}

function RenderedPage({ octets, charset }: PageProps) {
  const [html, setHtml] = useState<string | null>(null);
  useEffect(() => {
    const left = new AbortController();
    const shown = octets.subarray(0, MAX_RENDERED_BYTES);
    void inSlices(decodeText(shown, charset), left.signal).then(setHtml, () => undefined);
    return () => left.abort();
  }, [octets, charset]);
  const bounded = useMemo(() => (html === null ? null : boundedHtml(html)), [html]);
  const isCut = octets.length > MAX_RENDERED_BYTES || bounded !== html;
  return (
    <SafeFrame
      html={bounded}
      title={say(TEXTS.title)}
      shown={(rendered) => `${safetyText(rendered)}${isCut ? ` ${say(TEXTS.cut)}` : ''}`}
    />
  );
}

/** SVG can ask for any amount of work in a few octets (`use` of `use`, patterns in patterns): it is an image that the
 *  frame draws, which Chromium and Firefox do in a process of its own. */
function RenderedDrawing({ octets, mediaType }: ImageProps) {
  const url = useDataUrl(octets, mediaType, octets.length <= MAX_RENDERED_BYTES);
  if (octets.length > MAX_RENDERED_BYTES) return <p class="pane-soft">{say(TEXTS.tooLarge)}</p>;
  return (
    <SafeFrame
      html={url === null ? null : `<img alt="" src="${url}">`}
      title={say(TEXTS.image)}
      shown={() => say(TEXTS.drawing)}
    />
  );
}

/** Where the frame is: beside this page, wherever a proxy has put it. */
function frameUrl(): string {
  return new URL('console/frame.html', document.baseURI).href;
}

/** The frame has long answered by then, if it can at all, in ms. */
const ANSWERS_MS = 5_000;

interface SafeFrameProps {
  /** null: it is not known yet */
  readonly html: string | null;
  /** for who does not see it */
  readonly title: string;
  /** what is said when it is shown; told what was taken out */
  readonly shown: (rendered: Rendered) => string;
}

/** Shows HTML that nobody vouches for. */
function SafeFrame({ html, title, shown }: SafeFrameProps) {
  const frame = useRef<HTMLIFrameElement>(null);
  const [rendered, setRendered] = useState<Rendered | null>(null);
  const [isLate, setLate] = useState(false);
  const [loads, setLoads] = useState(0);
  useEffect(() => {
    const target = frame.current?.contentWindow;
    if (html === null || loads !== 1 || !target) return undefined;
    const listen = ({ data, source }: MessageEvent<unknown>): void => {
      if (source === target && isRendered(data)) setRendered(data);
    };
    window.addEventListener('message', listen);
    // The frame has an origin that has no name.
    target.postMessage({ kind: 'render', html } satisfies RenderRequest, '*');
    return () => window.removeEventListener('message', listen);
  }, [html, loads]);
  useEffect(() => {
    if (html === null) return undefined;
    setLate(false);
    const timer = setTimeout(() => setLate(true), ANSWERS_MS);
    return () => clearTimeout(timer);
  }, [html]);
  // It loads once. A second time means that it went elsewhere, which three walls forbid; this is the fourth.
  if (loads > 1) return <p class="pane-badge pane-bad">{say(TEXTS.left)}</p>;
  const waiting = say(isLate ? TEXTS.unanswered : TEXTS.reading);
  return (
    <>
      <p class="pane-soft" role="status" data-testid="rendered-status" data-rendered={rendered !== null}>
        {rendered === null ? waiting : shown(rendered)}
      </p>
      <iframe
        class="pane-frame"
        ref={frame}
        sandbox="allow-scripts"
        referrerpolicy="no-referrer"
        title={title}
        src={frameUrl()}
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
    .map(({ what, count: times }) => `${visibleStart(what, LONGEST_NAME)} ×${count(times)}`);
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

/** Images of pixels ask for no more work than they have pixels. */
function RenderedImage({ octets, mediaType }: ImageProps) {
  const url = useDataUrl(octets, mediaType);
  const [said, setSaid] = useState<string | null>(null);
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

/** @returns the octets as a URL; null: not made yet, or not wanted */
function useDataUrl(octets: Uint8Array<ArrayBuffer>, mediaType: string, isWanted = true): string | null {
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    if (!isWanted) return undefined;
    const reader = new FileReader();
    reader.addEventListener('load', () => setUrl(reader.result as string));
    reader.readAsDataURL(new Blob([octets], { type: mediaType }));
    return () => reader.abort();
  }, [octets, mediaType, isWanted]);
  return url;
}
