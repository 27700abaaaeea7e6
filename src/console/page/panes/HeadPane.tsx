import { useMemo } from 'preact/hooks';
import { octetsOf } from '../base64';
import type { FieldLine, Informational, SentRequest, Warning } from '../data';
import { count, duration } from '../format';
import { type Said, say, sayWith } from '../language';
import { CopyButton } from '../copy-button';
import {
  type HeadLine,
  type PlacedWarning,
  type Received as ReceivedExchange,
  annotateHead,
  headLines,
  writtenField,
  writtenHead,
} from './head-lines';
import { textOf } from './octets';
import { WarningMessage } from './WarningMessage';
import { WireText } from './WireText';
import { type ShownLine, WireRoom, shownLines } from './wire-room';

const TEXTS = {
  received: { en: 'Response head', ko: '응답 헤더' },
  receivedCaption: {
    en: 'The head as it was received, octet by octet',
    ko: '받은 그대로의 응답 헤더(옥텟 단위)',
  },
  receivedBytes: { en: '{bytes} {bytes:octet|octets}', ko: '{bytes}옥텟' },
  fieldsAlone: {
    en: 'The octets were not kept: these are the fields as they were understood.',
    ko: '옥텟을 보관하지 않았습니다. 해석한 필드만 보여 줍니다.',
  },
  wholeAt: { en: 'whole after {time}', ko: '{time} 만에 모두 도착' },
  noHead: { en: 'No response head has come.', ko: '응답 헤더가 오지 않았습니다.' },
  sent: { en: 'Request as sent', ko: '보낸 요청' },
  unsent: { en: 'Request, which was not sent', ko: '보내지 않은 요청' },
  sentCaption: { en: 'The request as it was sent, octet by octet', ko: '보낸 그대로의 요청(옥텟 단위)' },
  content: { en: 'followed by {bytes} {bytes:octet|octets} of content', ko: '이어서 본문 {bytes}옥텟' },
  offset: { en: 'Offset', ko: '오프셋' },
  line: { en: 'Line', ko: '줄' },
  informational: { en: 'Informational responses', ko: '중간 응답(1xx)' },
  trailers: { en: 'Trailers', ko: '트레일러' },
  trailersCaption: {
    en: 'Fields that came after the content',
    ko: '본문 뒤에 온 필드',
  },
  field: { en: 'Field', ko: '필드' },
  value: { en: 'Value', ko: '값' },
  elsewhere: { en: 'Warnings that are not about the head', ko: '헤더와 관련 없는 경고' },
  unplaced: { en: 'Warnings without a place in the head', ko: '헤더에서 위치를 알 수 없는 경고' },
  atOctet: { en: 'at offset {offset}', ko: '오프셋 {offset}' },
  warningHere: { en: 'Warning', ko: '경고' },
  copyReceived: { en: 'Copy the response head', ko: '응답 헤더 복사' },
  copyInformational: { en: 'Copy the informational responses', ko: '중간 응답 복사' },
  copyTrailers: { en: 'Copy the trailers', ko: '트레일러 복사' },
  cut: { en: 'octets left out: {n}, copy to see them', ko: '{n}옥텟 더 있음: 복사해서 보세요' },
  omitted: { en: 'Lines left out: {n}, copy to see them', ko: '{n}줄 더 있음: 복사해서 보세요' },
  copySent: { en: 'Copy the request', ko: '요청 복사' },
} as const satisfies Record<string, Said>;

interface ReceivedProps {
  readonly exchange: ReceivedExchange;
  /** base64; null: it was not asked for */
  readonly rawHead: string | null;
  /** when the head was whole, in milliseconds since the exchange began; null: nobody knows */
  readonly headAtMs: number | null;
}

interface HeadPaneProps {
  /** null: there is none, or none yet */
  readonly received: ReceivedProps | null;
  /** null: nothing was sent, or it is not told yet */
  readonly request: SentRequest | null;
  /** false: it never came to that */
  readonly wasSent?: boolean;
}

/** The head of a response as it came, with what is odd about it where it stands, and the request that it answers. */
export function HeadPane({ received, request, wasSent = true }: HeadPaneProps) {
  const { informational, trailers } = received?.exchange ?? { informational: [], trailers: [] };
  return (
    <div class="pane pane-head">
      {received === null ? <p class="pane-soft">{say(TEXTS.noHead)}</p> : <Received {...received} />}
      {informational.length > 0 && <InformationalHeads responses={informational} />}
      {trailers.length > 0 && <Trailers trailers={trailers} />}
      {request !== null && <Sent request={request} wasSent={wasSent} />}
    </div>
  );
}

function Received({ exchange, rawHead, headAtMs }: ReceivedProps) {
  const octets = useMemo(() => (rawHead === null ? null : octetsOf(rawHead)), [rawHead]);
  const { lines, placed, elsewhere, base } = useMemo(
    () =>
      octets === null
        ? { lines: [], placed: [], elsewhere: exchange.warnings, base: null }
        : annotateHead(exchange, octets),
    [exchange, octets],
  );
  const written = writtenHead(exchange, exchange.httpVersion);
  return (
    <section>
      <div class="pane-title">
        <h3>{say(TEXTS.received)}</h3>
        <span class="pane-soft">
          {sayWith(TEXTS.receivedBytes, { bytes: exchange.headBytes })}
          {headAtMs !== null && `, ${sayWith(TEXTS.wholeAt, { time: duration(headAtMs) })}`}
        </span>
        <CopyButton
          label={say(TEXTS.copyReceived)}
          text={() => (octets === null ? written.join('\n') : textOf(octets))}
        />
      </div>
      {octets === null ? (
        <>
          <p class="pane-soft">{say(TEXTS.fieldsAlone)}</p>
          <Written lines={written} />
        </>
      ) : (
        <WireTable caption={say(TEXTS.receivedCaption)} lines={lines} placed={placed} />
      )}
      {elsewhere.length > 0 && (
        <>
          <h4>{say(base === null && octets !== null ? TEXTS.unplaced : TEXTS.elsewhere)}</h4>
          <ul class="pane-warnings">
            {elsewhere.map((warning, i) => (
              <li key={i}>
                <WarningText warning={warning} />
                {warning.offset !== null && (
                  <span class="pane-soft"> {sayWith(TEXTS.atOctet, { offset: warning.offset })}</span>
                )}
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

function InformationalHeads({ responses }: { readonly responses: readonly Informational[] }) {
  const heads = useMemo(() => responses.map((response) => writtenHead(response, '1.1')), [responses]);
  const room = new WireRoom();
  return (
    <section>
      <div class="pane-title">
        <h3>{say(TEXTS.informational)}</h3>
        <CopyButton
          label={say(TEXTS.copyInformational)}
          text={() => heads.map((lines) => lines.join('\n')).join('\n\n')}
        />
      </div>
      {heads.map((lines, i) => (
        <Written key={i} lines={lines} room={room} />
      ))}
    </section>
  );
}

function Sent({ request, wasSent }: { readonly request: SentRequest; readonly wasSent: boolean }) {
  const octets = useMemo(
    () => (request.rawHead === null ? null : octetsOf(request.rawHead)),
    [request.rawHead],
  );
  const written = [
    [request.method, request.target, `HTTP/${request.httpVersion ?? '1.1'}`].join(' '),
    ...request.headers.map(writtenField),
  ];
  return (
    <section>
      <div class="pane-title">
        <h3>{say(wasSent ? TEXTS.sent : TEXTS.unsent)}</h3>
        <span class="pane-soft">{sayWith(TEXTS.receivedBytes, { bytes: request.headBytes })}</span>
        <CopyButton
          label={say(TEXTS.copySent)}
          text={() => (octets === null ? written.join('\n') : textOf(octets))}
        />
      </div>
      {octets === null ? (
        <Written lines={written} />
      ) : (
        <WireTable
          caption={say(wasSent ? TEXTS.sentCaption : TEXTS.unsent)}
          lines={headLines(octets)}
          placed={[]}
        />
      )}
      {request.bodyBytes > 0 && (
        <p class="pane-soft">{sayWith(TEXTS.content, { bytes: request.bodyBytes })}</p>
      )}
    </section>
  );
}

/** Lines whose octets are not known: nothing is said of how they ended. */
function Written({ lines, room }: { readonly lines: readonly string[]; readonly room?: WireRoom }) {
  const shown = shownLines(lines, room);
  return (
    <>
      {shown.lines.length > 0 && (
        <pre class="pane-wire" tabIndex={0}>
          {shown.lines.map(({ text, cut }, i) => (
            <div key={i}>
              <WireText text={text} />
              <Cut octets={cut} />
            </div>
          ))}
        </pre>
      )}
      <Omitted lines={shown.omitted} />
    </>
  );
}

function Cut({ octets }: { readonly octets: number }) {
  if (octets === 0) return null;
  return <span class="pane-cut"> … {sayWith(TEXTS.cut, { n: count(octets) })}</span>;
}

function Omitted({ lines }: { readonly lines: number }) {
  return lines === 0 ? null : <p class="pane-soft">{sayWith(TEXTS.omitted, { n: count(lines) })}</p>;
}

interface WireTableProps {
  readonly caption: string;
  readonly lines: readonly HeadLine[];
  readonly placed: readonly PlacedWarning[];
}

function WireTable({ caption, lines, placed }: WireTableProps) {
  const shown = useMemo(() => shownLines(lines.map(({ text }) => text)), [lines]);
  // What is said of a line that is not shown is said after the last one.
  const last = shown.lines.length - 1;
  return (
    <>
      <div class="pane-scroll" tabIndex={0} role="region" aria-label={caption}>
        <table class="pane-wire-table">
          <caption class="pane-unseen">{caption}</caption>
          <thead class="pane-unseen">
            <tr>
              <th scope="col">{say(TEXTS.offset)}</th>
              <th scope="col">{say(TEXTS.line)}</th>
            </tr>
          </thead>
          <tbody>
            {shown.lines.map((line, i) => {
              const { offset } = lines[i]!;
              const here = placed.filter((warning) => Math.min(warning.line, last) === i);
              return (
                <tr key={offset} class={here.length > 0 ? 'pane-wire-odd' : undefined}>
                  <td class="pane-offset">{offset}</td>
                  <td>
                    <code>
                      <WireLine
                        line={line}
                        marks={here.filter((one) => one.line === i).map(({ at }) => at)}
                      />
                    </code>
                    {here.map(({ warning }, n) => (
                      <div key={n} class="pane-wire-warning">
                        <WarningText warning={warning} />
                      </div>
                    ))}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      <Omitted lines={shown.omitted} />
    </>
  );
}

function WarningText({ warning }: { readonly warning: Warning }) {
  return (
    <>
      <span aria-hidden="true">⚠ </span>
      <span class="pane-unseen">{say(TEXTS.warningHere)}: </span>
      <code class="pane-code">{warning.code}</code> <WarningMessage warning={warning} />
    </>
  );
}

interface WireLineProps {
  readonly line: ShownLine;
  /** octets, from the line's first, at which something is odd */
  readonly marks: readonly number[];
}

/** A line with everything in it made visible. */
function WireLine({ line: { text, cut }, marks }: WireLineProps) {
  // Something that is said of the first octet is about the whole line.
  const seen = marks.filter((at) => at > 0 && at < text.length);
  const borders = [...new Set([0, ...seen.flatMap((at) => [at, at + 1]), text.length])].sort((a, b) => a - b);
  return (
    <>
      {borders.slice(0, -1).map((from, i) => {
        const part = <WireText key={from} text={text.slice(from, borders[i + 1])} />;
        return seen.includes(from) ? <mark key={from}>{part}</mark> : part;
      })}
      <Cut octets={cut} />
    </>
  );
}

function Trailers({ trailers }: { readonly trailers: readonly FieldLine[] }) {
  const names = new WireRoom();
  const shown = shownLines(trailers.map(({ value }) => value));
  return (
    <section>
      <div class="pane-title">
        <h3>{say(TEXTS.trailers)}</h3>
        <CopyButton label={say(TEXTS.copyTrailers)} text={() => trailers.map(writtenField).join('\n')} />
      </div>
      <table class="pane-table">
        <caption class="pane-unseen">{say(TEXTS.trailersCaption)}</caption>
        <thead>
          <tr>
            <th scope="col">{say(TEXTS.field)}</th>
            <th scope="col">{say(TEXTS.value)}</th>
          </tr>
        </thead>
        <tbody>
          {shown.lines.map(({ text, cut }, i) => {
            const { name } = trailers[i]!;
            const start = names.take(name);
            return (
              <tr key={i}>
                <th scope="row">
                  <code>
                    <WireText text={start} />
                    <Cut octets={name.length - start.length} />
                  </code>
                </th>
                <td>
                  <code>
                    <WireText text={text} />
                    <Cut octets={cut} />
                  </code>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      <Omitted lines={shown.omitted} />
    </section>
  );
}
