import { READ_LIMITS, TIMEOUTS, type ReadLimitName, type TimeoutName } from '../draft';
import { FALLBACKS } from '../fallbacks';
import { draft, edit } from '../form';
import { type Said, say } from '../language';
import { BodyField } from './body-field';
import { ChoiceField, FlagField, TextField } from './fields';
import { HeaderLines } from './header-lines';

const TEXTS = {
  message: { en: 'Message', ko: '메시지' },
  reading: { en: 'Reading', ko: '읽기' },
  timeouts: { en: 'Timeouts, in ms', ko: '타임아웃 (ms)' },
  connection: { en: 'Connection', ko: '연결' },
  version: { en: 'HTTP version', ko: 'HTTP 버전' },
  defaultHeaders: { en: 'Add the usual headers', ko: '기본 헤더 추가' },
  defaultHeadersHint: {
    en: 'User-Agent, Accept, Accept-Encoding, Connection',
    ko: 'User-Agent, Accept, Accept-Encoding, Connection',
  },
  decodeContent: { en: 'Decompress the content', ko: '본문 압축 풀기' },
  until: { en: 'Read until', ko: '읽기 종료 조건' },
  complete: { en: 'the message is complete', ko: '메시지가 끝날 때까지' },
  idle: { en: 'silence: the tutorial’s loop', ko: '조용해질 때까지 (튜토리얼의 루프)' },
  close: { en: 'the peer closes', ko: '상대가 닫을 때까지' },
  parser: { en: 'Parser', ko: '파서' },
  lenient: { en: 'lenient, with warnings', ko: '관대하게, 경고와 함께' },
  strict: { en: 'strict', ko: '엄격하게' },
  follow: { en: 'Follow redirects', ko: '리다이렉트 따라가기' },
  maxRedirects: { en: 'Redirects at most', ko: '최대 리다이렉트 횟수' },
  family: { en: 'Address family', ko: '주소 체계' },
  any: { en: 'any', ko: '상관없음' },
  verify: { en: 'Verify the certificate', ko: '인증서 검증' },
  serverName: { en: 'Server name (SNI)', ko: '서버 이름 (SNI)' },
  session: { en: 'Session', ko: '세션' },
  sessionHint: { en: 'a cookie jar that fetches share', ko: '여러 요청이 함께 쓰는 쿠키 저장소' },
  theUrls: { en: 'the URL’s host', ko: 'URL의 호스트' },
  none: { en: 'none', ko: '없음' },
  unlimited: { en: 'no limit', ko: '제한 없음' },
} as const satisfies Record<string, Said>;

const TIMEOUT_FIELDS: Readonly<Record<TimeoutName, Said>> = {
  idleMs: { en: 'Silence (idleMs)', ko: '무응답 (idleMs)' },
  firstByteMs: { en: 'First octet (firstByteMs)', ko: '첫 옥텟 (firstByteMs)' },
  totalMs: { en: 'Everything (totalMs)', ko: '전체 (totalMs)' },
  dnsMs: { en: 'DNS (dnsMs)', ko: 'DNS (dnsMs)' },
  connectMs: { en: 'Connect (connectMs)', ko: '연결 (connectMs)' },
  tlsMs: { en: 'TLS (tlsMs)', ko: 'TLS (tlsMs)' },
  sendMs: { en: 'Send (sendMs)', ko: '보내기 (sendMs)' },
};

const LIMIT_FIELDS: Readonly<Record<ReadLimitName, Said>> = {
  bufferBytes: { en: 'Octets a read (bufferBytes)', ko: '한 번에 읽는 옥텟 (bufferBytes)' },
  maxReads: { en: 'Reads at most (maxReads)', ko: '최대 읽기 횟수 (maxReads)' },
  maxBodyBytes: { en: 'Content at most (maxBodyBytes)', ko: '최대 본문 옥텟 (maxBodyBytes)' },
  maxHeadBytes: { en: 'Head at most (maxHeadBytes)', ko: '최대 헤더 옥텟 (maxHeadBytes)' },
};

export function OptionFields() {
  return (
    <div class="option-groups">
      <fieldset class="wide">
        <legend>{say(TEXTS.message)}</legend>
        <HeaderLines />
        <BodyField />
      </fieldset>
      <Reading />
      <Timeouts />
      <Connecting />
    </div>
  );
}

function Reading() {
  const { until, limits, parser, decodeContent } = draft.value;
  return (
    <fieldset>
      <legend>{say(TEXTS.reading)}</legend>
      <ChoiceField
        path="read.until"
        label={TEXTS.until}
        value={until}
        choices={[
          ['complete', TEXTS.complete],
          ['idle', TEXTS.idle],
          ['close', TEXTS.close],
        ]}
        edit={(value) => edit({ until: value })}
      />
      {READ_LIMITS.map((name) => (
        <TextField
          key={name}
          path={`read.${name}`}
          label={LIMIT_FIELDS[name]}
          placeholder={FALLBACKS.limits[name]?.toString() ?? say(TEXTS.unlimited)}
          numeric
          value={limits[name]}
          edit={(value) => edit({ limits: { ...limits, [name]: value } })}
        />
      ))}
      <ChoiceField
        path="parser"
        label={TEXTS.parser}
        value={parser}
        choices={[
          ['lenient', TEXTS.lenient],
          ['strict', TEXTS.strict],
        ]}
        edit={(value) => edit({ parser: value })}
      />
      <FlagField
        path="decodeContent"
        label={TEXTS.decodeContent}
        value={decodeContent}
        edit={(value) => edit({ decodeContent: value })}
      />
    </fieldset>
  );
}

function Timeouts() {
  const { timeouts, until } = draft.value;
  return (
    <fieldset>
      <legend>{say(TEXTS.timeouts)}</legend>
      {TIMEOUTS.map((name) => (
        <TextField
          key={name}
          path={`timeouts.${name}`}
          label={TIMEOUT_FIELDS[name]}
          placeholder={String(
            name === 'idleMs' && until === 'idle' ? FALLBACKS.idleMsUntilIdle : FALLBACKS.timeouts[name],
          )}
          numeric
          value={timeouts[name]}
          edit={(value) => edit({ timeouts: { ...timeouts, [name]: value } })}
        />
      ))}
    </fieldset>
  );
}

function Connecting() {
  const { httpVersion, defaultHeaders, follow, maxRedirects, family, verify, serverName, session } =
    draft.value;
  return (
    <fieldset>
      <legend>{say(TEXTS.connection)}</legend>
      <ChoiceField
        path="httpVersion"
        label={TEXTS.version}
        value={httpVersion}
        choices={[
          ['1.1', { en: 'HTTP/1.1', ko: 'HTTP/1.1' }],
          ['1.0', { en: 'HTTP/1.0', ko: 'HTTP/1.0' }],
        ]}
        edit={(value) => edit({ httpVersion: value })}
      />
      <ChoiceField
        path="network.family"
        label={TEXTS.family}
        value={family}
        choices={[
          ['any', TEXTS.any],
          ['4', { en: 'IPv4', ko: 'IPv4' }],
          ['6', { en: 'IPv6', ko: 'IPv6' }],
        ]}
        edit={(value) => edit({ family: value })}
      />
      <TextField
        path="tls.serverName"
        label={TEXTS.serverName}
        placeholder={say(TEXTS.theUrls)}
        value={serverName}
        edit={(value) => edit({ serverName: value })}
      />
      <TextField
        path="session"
        label={TEXTS.session}
        hint={TEXTS.sessionHint}
        placeholder={say(TEXTS.none)}
        value={session}
        edit={(value) => edit({ session: value })}
      />
      <TextField
        path="redirects.max"
        label={TEXTS.maxRedirects}
        placeholder={String(FALLBACKS.maxRedirects)}
        numeric
        value={maxRedirects}
        edit={(value) => edit({ maxRedirects: value })}
      />
      <FlagField
        path="redirects.follow"
        label={TEXTS.follow}
        value={follow}
        edit={(value) => edit({ follow: value })}
      />
      <FlagField
        path="tls.verify"
        label={TEXTS.verify}
        value={verify}
        edit={(value) => edit({ verify: value })}
      />
      <FlagField
        path="defaultHeaders"
        label={TEXTS.defaultHeaders}
        hint={TEXTS.defaultHeadersHint}
        value={defaultHeaders}
        edit={(value) => edit({ defaultHeaders: value })}
      />
    </fieldset>
  );
}
