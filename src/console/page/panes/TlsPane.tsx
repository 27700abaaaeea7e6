import type { Certificate, Tls } from '../data';
import { type Said, language, say, sayWith } from '../language';
import { CopyButton } from '../copy-button';
import { visible } from '../unseen';
import { commonName } from './common-name';
import { curveOf } from './key-curve';
import { AUTHORIZATION_WORDS } from './tls-words';

const TEXTS = {
  none: { en: 'The connection was not encrypted.', ko: '암호화되지 않은 연결입니다.' },
  trusted: { en: 'Trusted, and for this host', ko: '신뢰할 수 있고 이 호스트의 인증서임' },
  untrusted: { en: 'Not trusted', ko: '신뢰할 수 없음' },
  protocol: { en: 'Protocol', ko: '프로토콜' },
  cipher: { en: 'Cipher suite', ko: '암호 스위트' },
  alpn: { en: 'Application protocol (ALPN)', ko: '애플리케이션 프로토콜(ALPN)' },
  serverName: { en: 'Name asked for (SNI)', ko: '요청한 이름(SNI)' },
  nothing: { en: 'none', ko: '없음' },
  chain: { en: 'Certificate chain', ko: '인증서 체인' },
  noChain: { en: 'The peer sent no certificate.', ko: '상대가 인증서를 제시하지 않았습니다.' },
  leafOnly: {
    en: 'Only the server’s own certificate was asked for.',
    ko: '서버 자신의 인증서만 요청했습니다.',
  },
  leaf: { en: 'Server', ko: '서버' },
  intermediate: { en: 'Intermediate', ko: '중간 인증 기관' },
  root: { en: 'Root', ko: '최상위 인증 기관' },
  selfSigned: { en: 'Self-signed', ko: '자체 서명' },
  subject: { en: 'Subject', ko: '주체' },
  issuer: { en: 'Issuer', ko: '발급자' },
  validity: { en: 'Valid', ko: '유효 기간' },
  fromTo: { en: '{from} to {to}', ko: '{from} ~ {to}' },
  daysLeft: { en: '{days} {days:day|days} left', ko: '{days}일 남음' },
  expired: { en: 'expired {days} {days:day|days} ago', ko: '{days}일 전에 만료됨' },
  names: { en: 'Names', ko: '이름(SAN)' },
  key: { en: 'Key', ko: '키' },
  bits: { en: '{type}, {bits} bits', ko: '{type}, {bits}비트' },
  serial: { en: 'Serial number', ko: '일련번호' },
  fingerprint: { en: 'SHA-256 fingerprint', ko: 'SHA-256 지문' },
  copyPem: { en: 'Copy the certificate as PEM', ko: '인증서를 PEM으로 복사' },
  unknown: { en: 'not known', ko: '알 수 없음' },
} as const satisfies Record<string, Said>;

/** below this the days that are left are few */
const FEW_DAYS = 21;

/** What the handshake agreed on, and who the peer says it is. */
export function TlsPane({ tls }: { readonly tls: Tls | null }) {
  if (tls === null) return <p class="pane pane-tls pane-soft">{say(TEXTS.none)}</p>;
  const { protocol, cipher, alpn, serverName, certificate } = tls;
  const chain = tls.chain ?? (certificate === null ? [] : [certificate]);
  return (
    <div class="pane pane-tls">
      <Trust tls={tls} />
      <dl class="pane-facts">
        <Fact term={TEXTS.protocol} value={protocol} />
        <Fact term={TEXTS.cipher} value={cipher} />
        <Fact term={TEXTS.alpn} value={alpn} />
        <Fact term={TEXTS.serverName} value={serverName} />
      </dl>
      <h3>{say(TEXTS.chain)}</h3>
      {chain.length === 0 && <p class="pane-soft">{say(TEXTS.noChain)}</p>}
      {tls.chain === null && certificate !== null && <p class="pane-soft">{say(TEXTS.leafOnly)}</p>}
      <ol class="pane-chain">
        {chain.map((one, i) => (
          <li key={i}>
            <Card certificate={one} isLeaf={i === 0} />
          </li>
        ))}
      </ol>
    </div>
  );
}

function Trust({ tls: { authorized, authorizationError } }: { readonly tls: Tls }) {
  if (authorized) return <p class="pane-badge pane-good">{say(TEXTS.trusted)}</p>;
  const words = AUTHORIZATION_WORDS[authorizationError ?? ''];
  return (
    <p>
      <span class="pane-badge pane-bad">{say(TEXTS.untrusted)}</span> {words !== undefined && say(words)}{' '}
      {authorizationError !== null && <code class="pane-code">{authorizationError}</code>}
    </p>
  );
}

function Fact({ term, value }: { readonly term: Said; readonly value: string | null }) {
  return (
    <div>
      <dt>{say(term)}</dt>
      <dd>
        {value === null ? <span class="pane-soft">{say(TEXTS.nothing)}</span> : <code>{visible(value)}</code>}
      </dd>
    </div>
  );
}

function Card({ certificate, isLeaf }: { readonly certificate: Certificate; readonly isLeaf: boolean }) {
  const { subject, issuer, subjectAltNames, serialNumber, fingerprint256, keyType, keyBits, pem } =
    certificate;
  return (
    <article class="pane-card" aria-label={visible(subject)}>
      <header class="pane-title">
        <h4>{visible(commonName(subject))}</h4>
        <span class="pane-soft">{say(roleOf(certificate, isLeaf))}</span>
        <CopyButton label={say(TEXTS.copyPem)} text={() => pem} />
      </header>
      <dl class="pane-facts">
        <Fact term={TEXTS.subject} value={subject} />
        <Fact term={TEXTS.issuer} value={issuer} />
        <div>
          <dt>{say(TEXTS.validity)}</dt>
          <dd>
            <Validity certificate={certificate} />
          </dd>
        </div>
        {subjectAltNames.length > 0 && (
          <div>
            <dt>{say(TEXTS.names)}</dt>
            <dd>
              <ul class="pane-flags">
                {subjectAltNames.map((name, i) => (
                  <li key={i}>
                    <code>{visible(name)}</code>
                  </li>
                ))}
              </ul>
            </dd>
          </div>
        )}
        <Fact
          term={TEXTS.key}
          value={
            keyType !== null && keyBits !== null
              ? sayWith(TEXTS.bits, { type: keyType, bits: keyBits })
              : [keyType, curveOf(pem)].filter((part) => part !== null).join(', ') || null
          }
        />
        <Fact term={TEXTS.serial} value={serialNumber} />
        <Fact term={TEXTS.fingerprint} value={fingerprint256} />
      </dl>
    </article>
  );
}

function Validity({ certificate: { validFrom, validTo, daysLeft } }: { readonly certificate: Certificate }) {
  const look =
    daysLeft === null || daysLeft >= FEW_DAYS ? 'pane-good' : daysLeft < 0 ? 'pane-bad' : 'pane-warn';
  return (
    <>
      {sayWith(TEXTS.fromTo, { from: dateOf(validFrom), to: dateOf(validTo) })}{' '}
      {daysLeft !== null && (
        <span class={`pane-badge ${look}`}>
          {daysLeft < 0
            ? sayWith(TEXTS.expired, { days: -daysLeft })
            : sayWith(TEXTS.daysLeft, { days: daysLeft })}
        </span>
      )}
    </>
  );
}

function dateOf(date: string | null): string {
  return date === null ? say(TEXTS.unknown) : new Date(date).toLocaleDateString(language.value);
}

function roleOf({ subject, issuer }: Certificate, isLeaf: boolean): Said {
  const isOwn = subject === issuer;
  if (isLeaf) return isOwn ? TEXTS.selfSigned : TEXTS.leaf;
  return isOwn ? TEXTS.root : TEXTS.intermediate;
}
