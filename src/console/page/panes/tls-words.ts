import type { Said } from '../language';

/** Why a certificate is not trusted, by OpenSSL's names of it. */
export const AUTHORIZATION_WORDS: Readonly<Record<string, Said>> = {
  CERT_HAS_EXPIRED: { en: 'The certificate has expired.', ko: '인증서가 만료되었습니다.' },
  CERT_NOT_YET_VALID: {
    en: 'The certificate is not valid yet.',
    ko: '인증서의 유효 기간이 아직 시작되지 않았습니다.',
  },
  CERT_REVOKED: { en: 'The certificate was revoked.', ko: '인증서가 폐기되었습니다.' },
  DEPTH_ZERO_SELF_SIGNED_CERT: {
    en: 'The certificate is signed by itself: nobody vouches for it.',
    ko: '자체 서명된 인증서입니다. 아무도 보증하지 않습니다.',
  },
  SELF_SIGNED_CERT_IN_CHAIN: {
    en: 'The chain ends in a root that is not trusted here.',
    ko: '인증서 체인의 최상위 인증서를 여기서는 신뢰하지 않습니다.',
  },
  UNABLE_TO_GET_ISSUER_CERT: {
    en: 'The chain is not whole: the certificate of an issuer is missing.',
    ko: '인증서 체인이 완전하지 않습니다. 발급자의 인증서가 빠져 있습니다.',
  },
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: {
    en: 'The issuer is not known here, or the chain is not whole.',
    ko: '발급자를 알 수 없거나 인증서 체인이 완전하지 않습니다.',
  },
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: {
    en: 'The certificate came alone, and its issuer is not known here.',
    ko: '인증서만 왔고, 그 발급자를 여기서는 알 수 없습니다.',
  },
  CERT_UNTRUSTED: { en: 'The chain is not trusted.', ko: '신뢰하지 않는 인증서 체인입니다.' },
  HOSTNAME_MISMATCH: {
    en: 'The certificate is for another host.',
    ko: '다른 호스트에 발급된 인증서입니다.',
  },
  ERR_TLS_CERT_ALTNAME_INVALID: {
    en: 'The certificate is for another host.',
    ko: '다른 호스트에 발급된 인증서입니다.',
  },
};
