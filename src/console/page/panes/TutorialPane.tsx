import { useMemo } from 'preact/hooks';
import { octetsOf } from '../base64';
import type { FetchResult } from '../data';
import { count } from '../format';
import { type Said, say, sayWith } from '../language';
import { CopyButton } from '../copy-button';
import {
  type Framing,
  type LoopOutput,
  framingOf,
  loopOutput,
  printedLines,
  tutorialProgram,
} from './tutorial';

const TEXTS = {
  program: { en: 'The tutorial’s program, for this request', ko: '이 요청에 맞춘 튜토리얼 프로그램' },
  output: { en: 'What it would have printed', ko: '출력했을 내용' },
  copyProgram: { en: 'Copy the program', ko: '프로그램 복사' },
  copyOutput: { en: 'Copy the output', ko: '출력 복사' },
  language: { en: 'Python', ko: 'Python' },
  knew: { en: 'What wirefetch knew earlier', ko: 'wirefetch가 먼저 알았던 것' },
  closed: {
    en: "The last line is b'': recv() returns no octets when the peer has closed.",
    ko: "마지막 줄의 b''는 상대가 연결을 닫았다는 뜻입니다. 그때 recv()는 빈 바이트열을 돌려줍니다.",
  },
  closedUnseen: {
    en: 'The last line was not waited for: the connection was going to be closed after this message.',
    ko: '마지막 줄은 기다리지 않고 추정한 것입니다. 이 메시지 뒤에 연결이 닫힐 예정이었습니다.',
  },
  timedOut: {
    en: 'The last line is the timeout: the peer kept the connection, and recv() waited in vain.',
    ko: '마지막 줄은 타임아웃입니다. 상대가 연결을 유지했고 recv()는 헛되이 기다렸습니다.',
  },
  timedOutUnseen: {
    en: 'The last line was not waited for: the connection stays open after this message, and recv() would have waited {seconds} s in vain.',
    ko: '마지막 줄은 기다리지 않고 추정한 것입니다. 이 메시지 뒤에도 연결이 유지되므로 recv()는 {seconds}초를 헛되이 기다렸을 것입니다.',
  },
  reset: {
    en: 'The last line is the error that a reset raises.',
    ko: '마지막 줄은 연결이 리셋될 때 나는 오류입니다.',
  },
  unknown: {
    en: 'wirefetch stopped reading here; the loop would have gone on.',
    ko: 'wirefetch는 여기서 읽기를 멈췄고, 루프는 계속 읽었을 것입니다.',
  },
  tls: {
    en: 'Sizes are those of decrypted reads; Python’s TLS may cut them differently.',
    ko: '크기는 복호화된 읽기 기준입니다. Python의 TLS는 다르게 나눌 수 있습니다.',
  },
} as const satisfies Record<string, Said>;

/** What wirefetch knew, and the loop could not. */
const KNEW: Readonly<Record<FetchResult['endedBy'], Said>> = {
  'content-length': {
    en: 'Content-Length had said how long the content is: wirefetch stopped at its last octet, without waiting for anything.',
    ko: 'Content-Length가 본문 길이를 알려 주었습니다. wirefetch는 마지막 옥텟에서 기다리지 않고 바로 멈췄습니다.',
  },
  'last-chunk': {
    en: 'The content was chunked: wirefetch stopped at the last chunk, which the loop cannot tell from the others.',
    ko: '본문이 청크로 왔습니다. wirefetch는 마지막 청크에서 멈췄지만, 루프는 그것을 다른 청크와 구별하지 못합니다.',
  },
  'no-content': {
    en: 'Such a response has no content: wirefetch stopped where its head ended.',
    ko: '본문이 없는 응답입니다. wirefetch는 헤더가 끝나자 바로 멈췄습니다.',
  },
  close: {
    en: 'Nothing but the close told the end: here wirefetch knew no more than the loop.',
    ko: '연결이 닫혀야만 끝을 알 수 있는 응답입니다. 이번에는 wirefetch도 루프보다 먼저 알지 못했습니다.',
  },
  'idle-timeout': {
    en: 'The peer fell silent without closing. wirefetch can tell whether the message was whole; the loop cannot.',
    ko: '상대가 연결을 닫지 않은 채 조용해졌습니다. wirefetch는 메시지가 온전한지 알지만 루프는 모릅니다.',
  },
  'total-timeout': {
    en: 'Time ran out. wirefetch bounds the whole fetch; the loop’s timeout begins anew with each recv().',
    ko: '시간이 다 되었습니다. wirefetch는 전체 시간을 제한하지만 루프의 타임아웃은 recv()마다 새로 시작합니다.',
  },
  'size-limit': {
    en: 'The content was longer than maxBodyBytes: wirefetch stopped, and the loop would have filled the memory.',
    ko: '본문이 maxBodyBytes보다 길어 wirefetch는 멈췄습니다. 루프라면 메모리를 계속 채웠을 것입니다.',
  },
  'read-limit': {
    en: 'maxReads was reached: this is what a program with that many recv() calls sees, and no more.',
    ko: 'maxReads에 도달했습니다. recv()를 그 횟수만 부르는 프로그램이 보는 것은 여기까지입니다.',
  },
  reset: {
    en: 'The peer reset the connection. wirefetch keeps what had come and says that it is not whole.',
    ko: '상대가 연결을 리셋했습니다. wirefetch는 그때까지 받은 것을 보관하고 온전하지 않다고 알려 줍니다.',
  },
  'parse-error': {
    en: 'What came breaks the rules of HTTP/1.1, and wirefetch stopped at that octet; the loop takes no notice.',
    ko: '받은 데이터가 HTTP/1.1 규칙을 어겨 wirefetch는 그 옥텟에서 멈췄습니다. 루프는 알아채지 못합니다.',
  },
  upgrade: {
    en: 'The connection speaks another protocol now: wirefetch stopped, and the loop would have read on as if it were HTTP.',
    ko: '연결이 다른 프로토콜로 전환되어 wirefetch는 멈췄습니다. 루프는 HTTP인 줄 알고 계속 읽었을 것입니다.',
  },
  cancelled: {
    en: 'The fetch was cancelled before the end was known.',
    ko: '끝을 알기 전에 가져오기가 취소되었습니다.',
  },
};

/** The same where HTTP had told the end, and reading went on all the same. */
const KNEW_AND_READ_ON: Readonly<Record<Exclude<Framing['kind'], 'close'>, Said>> = {
  length: {
    en: 'Content-Length had said {bytes} octets, and all of them had come: wirefetch knew the end, and read on because it was told to (read.until).',
    ko: 'Content-Length가 알린 {bytes}옥텟이 모두 왔습니다. wirefetch는 끝을 알았지만 요청(read.until)대로 계속 읽었습니다.',
  },
  chunked: {
    en: 'The last chunk had come: wirefetch knew the end, and read on because it was told to (read.until).',
    ko: '마지막 청크가 이미 왔습니다. wirefetch는 끝을 알았지만 요청(read.until)대로 계속 읽었습니다.',
  },
  'no-content': {
    en: 'Such a response has no content: wirefetch knew the end with its head, and read on because it was told to (read.until).',
    ko: '본문이 없는 응답입니다. wirefetch는 헤더에서 끝을 알았지만 요청(read.until)대로 계속 읽었습니다.',
  },
};

/** The same where the peer left before the end that it had announced. */
const KNEW_IT_CUT: Readonly<Record<'length' | 'chunked', Said>> = {
  length: {
    en: 'Content-Length had said {bytes} octets, and the peer closed before: wirefetch knows that the message is cut; the loop does not.',
    ko: 'Content-Length는 {bytes}옥텟이라고 했는데 상대가 그 전에 닫았습니다. wirefetch는 메시지가 잘린 것을 알지만 루프는 모릅니다.',
  },
  chunked: {
    en: 'The peer closed before the last chunk: wirefetch knows that the message is cut; the loop does not.',
    ko: '마지막 청크가 오기 전에 상대가 닫았습니다. wirefetch는 메시지가 잘린 것을 알지만 루프는 모릅니다.',
  },
};

interface TutorialPaneProps {
  readonly result: FetchResult;
  /** the silence that the request allows, in milliseconds: the loop's timeout */
  readonly idleMs: number;
}

/** What a loop over recv() would have seen, beside the program that would have seen it. */
export function TutorialPane({ result, idleMs }: TutorialPaneProps) {
  const { request, chunks } = result;
  const program = useMemo(
    () => tutorialProgram(result, request.rawHead === null ? null : octetsOf(request.rawHead), idleMs),
    [result, idleMs],
  );
  const output = useMemo(() => loopOutput(result, idleMs), [result, idleMs]);
  const printed = printedLines(output).join('\n');
  return (
    <div class="pane pane-tutorial">
      <section>
        <div class="pane-title">
          <h3>{say(TEXTS.program)}</h3>
          <span class="pane-soft">{say(TEXTS.language)}</span>
          <CopyButton label={say(TEXTS.copyProgram)} text={() => program} />
        </div>
        <pre class="pane-listing" tabIndex={0} role="region" aria-label={say(TEXTS.program)}>
          {program}
        </pre>
      </section>
      <section>
        <div class="pane-title">
          <h3>{say(TEXTS.output)}</h3>
          <CopyButton label={say(TEXTS.copyOutput)} text={() => `${printed}\n`} />
        </div>
        <pre class="pane-listing" tabIndex={0} role="region" aria-label={say(TEXTS.output)}>
          {printed}
        </pre>
        <p>{sayWith(endText(output), { seconds: idleMs / 1_000 })}</p>
        {chunks.layer === 'tls' && <p class="pane-soft">{say(TEXTS.tls)}</p>}
      </section>
      <section class="pane-tutorial-knew">
        <h3>{say(TEXTS.knew)}</h3>
        <p data-testid="knew">{knewText(result)}</p>
      </section>
    </div>
  );
}

function knewText(result: FetchResult): string {
  const { endedBy, complete } = result;
  const framing = framingOf(result);
  const wentOn = endedBy === 'idle-timeout' || endedBy === 'total-timeout' || endedBy === 'close';
  if (framing.kind === 'close' || !wentOn) return say(KNEW[endedBy]);
  const words = { bytes: framing.kind === 'length' ? count(Number(framing.bytes)) : '' };
  if (complete) return sayWith(KNEW_AND_READ_ON[framing.kind], words);
  return endedBy === 'close' && framing.kind !== 'no-content'
    ? sayWith(KNEW_IT_CUT[framing.kind], words)
    : say(KNEW[endedBy]);
}

function endText({ end, seen }: LoopOutput): Said {
  switch (end) {
    case 'closed':
      return seen ? TEXTS.closed : TEXTS.closedUnseen;
    case 'timed-out':
      return seen ? TEXTS.timedOut : TEXTS.timedOutUnseen;
    case 'reset':
      return TEXTS.reset;
    case 'unknown':
      return TEXTS.unknown;
  }
}
