import { useMemo, useState } from 'preact/hooks';
import type { Body } from '../data';
import { count, octets as sizeOf } from '../format';
import { type Said, say, sayWith } from '../language';
import { HexView } from './HexView';
import { RenderedView } from './RenderedView';
import { saveFile } from '../save-file';
import { type Tab, Tabs } from '../tabs';
import { TextView } from './TextView';
import { contentKind, fileName, isText } from './content-kind';

const TEXTS = {
  notKept: { en: 'The content was not asked for.', ko: '본문을 요청하지 않았습니다.' },
  empty: { en: 'There is no content.', ko: '본문이 없습니다.' },
  label: { en: 'How to show the content', ko: '본문 표시 방식' },
  text: { en: 'Text', ko: '텍스트' },
  hex: { en: 'Hex', ko: '16진수' },
  rendered: { en: 'Rendered', ko: '렌더링' },
  octets: { en: '{octets} {octets:octet|octets}', ko: '{octets}옥텟' },
  wire: { en: '{size} on the wire ({codings})', ko: '전송 {size}({codings})' },
  coded: { en: 'still coded: {codings}', ko: '압축이 풀리지 않음: {codings}' },
  truncated: { en: 'cut off', ko: '잘림' },
  download: { en: 'Download', ko: '다운로드' },
} as const satisfies Record<string, Said>;

type View = 'text' | 'hex' | 'rendered';

interface BodyPaneProps {
  readonly body: Body;
  /** the content; null: it was not asked for */
  readonly octets: Uint8Array<ArrayBuffer> | null;
}

/** The content of a response: as text, octet by octet, and as a browser would draw it, harmlessly. */
export function BodyPane({ body, octets }: BodyPaneProps) {
  if (octets === null) return <p class="pane pane-body pane-soft">{say(TEXTS.notKept)}</p>;
  return (
    <div class="pane pane-body">
      <Summary body={body} octets={octets} />
      {octets.length === 0 ? (
        <p class="pane-soft">{say(TEXTS.empty)}</p>
      ) : (
        // Another content begins anew.
        <Views key={`${body.sha256} ${body.mediaType}`} body={body} octets={octets} />
      )}
    </div>
  );
}

function Views({ body, octets }: { readonly body: Body; readonly octets: Uint8Array<ArrayBuffer> }) {
  const kind = useMemo(() => contentKind(body.decoded ? body.mediaType : '', octets), [octets]);
  const [view, setView] = useState<View>(() => {
    if (kind.kind === 'image') return 'rendered';
    return isText(body.mediaType, body.charset) ? 'text' : 'hex';
  });
  const tabs: Tab<View>[] = [
    { id: 'text', title: say(TEXTS.text) },
    { id: 'hex', title: say(TEXTS.hex) },
    { id: 'rendered', title: say(TEXTS.rendered) },
  ];
  return (
    <Tabs label={say(TEXTS.label)} tabs={tabs} chosen={view} onChoose={setView}>
      {view === 'text' && (
        <TextView
          octets={octets}
          charset={body.charset}
          source={body.charsetSource}
          mediaType={body.mediaType}
        />
      )}
      {view === 'hex' && <HexView octets={octets} />}
      {view === 'rendered' && <RenderedView octets={octets} charset={body.charset} kind={kind} />}
    </Tabs>
  );
}

function Summary({ body, octets }: { readonly body: Body; readonly octets: Uint8Array<ArrayBuffer> }) {
  const { mediaType, contentEncoding, decoded, wireBytes, truncated } = body;
  const codings = contentEncoding.join(', ');
  const name = fileName(mediaType, decoded);
  return (
    <div class="pane-title">
      {mediaType !== null && <code>{mediaType}</code>}
      <span>{sayWith(TEXTS.octets, { octets: count(octets.length) })}</span>
      {codings !== '' && (
        <span class="pane-soft">
          {decoded
            ? sayWith(TEXTS.wire, { size: sizeOf(wireBytes), codings })
            : sayWith(TEXTS.coded, { codings })}
        </span>
      )}
      {truncated && <span class="pane-badge pane-warn">{say(TEXTS.truncated)}</span>}
      {octets.length > 0 && <Download octets={octets} name={name} />}
    </div>
  );
}

function Download({ octets, name }: { readonly octets: Uint8Array<ArrayBuffer>; readonly name: string }) {
  return (
    <button type="button" onClick={() => saveFile(octets, name)}>
      {say(TEXTS.download)}
    </button>
  );
}
