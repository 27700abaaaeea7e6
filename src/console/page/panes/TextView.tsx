import type { RefObject } from 'preact';
import { useEffect, useId, useMemo, useRef, useState } from 'preact/hooks';
import type { Body } from '../data';
import { count } from '../format';
import { type Said, say, sayWith } from '../language';
import { CopyButton } from '../copy-button';
import { RowList } from './RowList';
import { inSlices } from './slices';
import { type ReadText, looksLikeJson, readText } from './text-reading';
import { findText } from './text-search';

const TEXTS = {
  label: { en: 'Content as text', ko: '본문 텍스트' },
  number: { en: 'Line', ko: '줄 번호' },
  line: { en: 'Text', ko: '텍스트' },
  reading: { en: 'Reading …', ko: '읽는 중…' },
  charset: { en: 'Charset', ko: '문자 집합' },
  notKnown: { en: 'not known', ko: '알 수 없음' },
  bom: { en: 'byte order mark', ko: '바이트 순서 표시' },
  header: { en: 'Content-Type', ko: 'Content-Type' },
  meta: { en: 'declared in the content', ko: '본문에 선언됨' },
  json: { en: 'JSON is UTF-8', ko: 'JSON은 UTF-8' },
  default: { en: 'default', ko: '기본값' },
  indent: { en: 'Indent JSON', ko: 'JSON 들여쓰기' },
  notJson: {
    en: 'This is not complete JSON, or too much of it: it is shown as it came.',
    ko: '온전한 JSON이 아니거나 너무 길어 받은 그대로 보여 줍니다.',
  },
  charsetUnknown: {
    en: 'This charset is not known to the browser: one character per octet.',
    ko: '브라우저가 모르는 문자 집합이라 옥텟마다 한 글자로 보여 줍니다.',
  },
  lines: { en: '{lines} {lines:line|lines}', ko: '{lines}줄' },
  find: { en: 'Find', ko: '찾기' },
  next: { en: 'Next', ko: '다음' },
  found: { en: 'line {line}', ko: '{line}번째 줄' },
  notFound: { en: 'not found', ko: '찾지 못함' },
  copy: { en: 'Copy the text', ko: '텍스트 복사' },
} as const satisfies Record<string, Said>;

const SOURCES = {
  bom: TEXTS.bom,
  header: TEXTS.header,
  meta: TEXTS.meta,
  json: TEXTS.json,
  default: TEXTS.default,
} as const satisfies Record<NonNullable<Body['charsetSource']>, Said>;

/** What pages are written in, if what they say of it is wrong. */
const CHARSETS = [
  'UTF-8',
  'EUC-KR',
  'windows-1252',
  'Shift_JIS',
  'EUC-JP',
  'GB18030',
  'Big5',
  'UTF-16LE',
  'UTF-16BE',
];

interface TextViewProps {
  readonly octets: Uint8Array;
  readonly charset: string | null;
  readonly source: Body['charsetSource'];
  readonly mediaType: string | null;
}

/** Content as text. It is decoded here, so that what it is read as can be changed. */
export function TextView({ octets, charset, source, mediaType }: TextViewProps) {
  const isJson = useMemo(() => looksLikeJson(octets, mediaType), [octets, mediaType]);
  const [chosen, setChosen] = useState(charset ?? 'UTF-8');
  const [indented, setIndented] = useState(isJson);
  const [ruler, columns] = useColumns();
  const read = useReading(octets, chosen, columns, indented && isJson);
  const [goTo, setGoTo] = useState<{ readonly row: number } | null>(null);
  const id = useId();
  const others = CHARSETS.filter((name) => name.toLowerCase() !== charset?.toLowerCase());
  return (
    <div class="pane-text">
      <div class="pane-tools">
        <label for={`${id}-charset`}>{say(TEXTS.charset)}</label>
        <select
          id={`${id}-charset`}
          value={chosen}
          onChange={(event) => setChosen(event.currentTarget.value)}
        >
          {charset !== null && (
            <option value={charset}>
              {charset}
              {source === null ? '' : ` (${say(SOURCES[source])})`}
            </option>
          )}
          {others.map((name) => (
            <option key={name} value={name}>
              {name}
              {charset === null && name === 'UTF-8' ? ` (${say(TEXTS.notKnown)})` : ''}
            </option>
          ))}
        </select>
        {isJson && (
          <label class="pane-check">
            <input
              type="checkbox"
              checked={indented}
              onChange={(event) => setIndented(event.currentTarget.checked)}
            />
            {say(TEXTS.indent)}
          </label>
        )}
        <Finder read={read} onFound={setGoTo} />
        <span class="pane-soft" role="status">
          {read === null ? say(TEXTS.reading) : sayWith(TEXTS.lines, { lines: count(read.rows.lineCount) })}
        </span>
        {read !== null && <CopyButton label={say(TEXTS.copy)} text={() => read.rows.all().join('')} />}
      </div>
      {read?.notIndented === true && <p class="pane-soft">{say(TEXTS.notJson)}</p>}
      {read?.charsetUnknown === true && <p class="pane-soft">{say(TEXTS.charsetUnknown)}</p>}
      <div class="pane-ruler" aria-hidden="true" ref={ruler}>
        <span>0000000000</span>
      </div>
      <RowList
        label={say(TEXTS.label)}
        className="pane-text-rows"
        columns={[say(TEXTS.number), say(TEXTS.line)]}
        rows={read?.rows.count ?? 0}
        goTo={goTo}
        cells={(index) => {
          const row = read!.rows.row(index);
          return (
            <>
              <span role="cell" class="pane-gutter">
                {row.begins ? row.line : ''}
              </span>
              <span role="cell" class="pane-text-line">
                {row.text}
              </span>
            </>
          );
        }}
      />
    </div>
  );
}

/** @returns the text in rows, null until it has been read */
function useReading(
  octets: Uint8Array,
  charset: string,
  columns: number | null,
  indented: boolean,
): ReadText | null {
  const [read, setRead] = useState<ReadText | null>(null);
  useEffect(() => {
    if (columns === null) return undefined;
    const left = new AbortController();
    void inSlices(readText(octets, { charset, columns, indented }), left.signal).then(
      setRead,
      (error: unknown) => {
        if (!left.signal.aborted) throw error;
      },
    );
    return () => left.abort();
  }, [octets, charset, columns, indented]);
  return read;
}

/** cells beside the text: line number and blanks */
const GUTTER_CELLS = 11;
const MIN_COLUMNS = 20;
/** how long a width has to stay before the text is cut anew, in ms */
const STILL_MS = 150;

/** How many cells fit into the width that there is.
 *  @returns where to measure, and the number; null until it is known */
function useColumns(): [RefObject<HTMLDivElement | null>, number | null] {
  const ruler = useRef<HTMLDivElement>(null);
  const [columns, setColumns] = useState<number | null>(null);
  useEffect(() => {
    const element = ruler.current!;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const measure = (): void => {
      const cell = element.firstElementChild!.getBoundingClientRect().width / 10;
      if (cell > 0) setColumns(Math.max(MIN_COLUMNS, Math.floor(element.clientWidth / cell) - GUTTER_CELLS));
    };
    const observer = new ResizeObserver(() => {
      clearTimeout(timer);
      timer = setTimeout(measure, STILL_MS);
    });
    measure();
    observer.observe(element);
    return () => {
      clearTimeout(timer);
      observer.disconnect();
    };
  }, []);
  return [ruler, columns];
}

interface FinderProps {
  readonly read: ReadText | null;
  readonly onFound: (at: { readonly row: number }) => void;
}

/** The browser's own search sees the rows in view alone. */
function Finder({ read, onFound }: FinderProps) {
  const [wanted, setWanted] = useState('');
  const [said, setSaid] = useState('');
  const after = useRef(0);
  const searching = useRef<AbortController | null>(null);
  const id = useId();
  function beginAnew(): void {
    searching.current?.abort();
    after.current = 0;
    setSaid('');
  }

  useEffect(() => beginAnew, [read]);

  async function find(): Promise<void> {
    if (read === null || wanted === '') return;
    searching.current?.abort();
    const search = new AbortController();
    searching.current = search;
    const pieces = read.rows.all();
    // At the end it begins anew.
    const found =
      (await inSlices(findText(pieces, wanted, after.current), search.signal)) ??
      (await inSlices(findText(pieces, wanted, 0), search.signal));
    if (found === null) {
      setSaid(say(TEXTS.notFound));
      return;
    }
    after.current = found + 1;
    const row = read.rows.rowAt(found);
    setSaid(sayWith(TEXTS.found, { line: count(read.rows.row(row).line) }));
    onFound({ row });
  }

  return (
    <form
      class="pane-find"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        void find().catch(() => undefined);
      }}
    >
      <label for={id}>{say(TEXTS.find)}</label>
      <input
        id={id}
        type="search"
        value={wanted}
        onInput={(event) => {
          beginAnew();
          setWanted(event.currentTarget.value);
        }}
      />
      <button type="submit" disabled={read === null || wanted === ''}>
        {say(TEXTS.next)}
      </button>
      <span class="pane-soft" role="status">
        {said}
      </span>
    </form>
  );
}
