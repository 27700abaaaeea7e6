import { FINDING_WORDS, REJECTION_WORDS } from '../../src/console/page/panes/cookie-words';
import type { CookieRejection } from '../../src/exchange/outcome';
import { COOKIE_FINDINGS } from '../../src/semantics/cookie-findings';

/** A code that is new is missing here, which the compiler tells. */
const REJECTIONS: Readonly<Record<CookieRejection, true>> = {
  unparsable: true,
  'too-large': true,
  'domain-mismatch': true,
  'public-suffix': true,
  'secure-over-http': true,
  'secure-cookie-exists': true,
  'samesite-none-without-secure': true,
  'partitioned-without-secure': true,
  'prefix-broken': true,
};

describe('the words for cookies', () => {
  it('are there for everything that can be found, and for nothing else', () => {
    expect(Object.keys(FINDING_WORDS).sort()).toEqual([...COOKIE_FINDINGS].sort());
  });

  it('are there for every reason to refuse one, and for nothing else', () => {
    expect(Object.keys(REJECTION_WORDS).sort()).toEqual(Object.keys(REJECTIONS).sort());
  });

  it.each(Object.entries({ ...FINDING_WORDS, ...REJECTION_WORDS }))(
    '%s is said in both languages',
    (_, said) => {
      expect(said.en).toMatch(/^[A-Z].*\.$/);
      expect(said.ko).toMatch(/[가-힣].*\.$/);
    },
  );
});
