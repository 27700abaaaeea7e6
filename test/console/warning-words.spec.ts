import { readFileSync } from 'node:fs';
import path from 'node:path';
import { KOREAN_WARNINGS } from '../../src/console/page/panes/warning-words';
import { certificateCode } from '../../src/transport/tls';

/** What docs/wire-behaviour.md lists under "Warnings". */
function documentedCodes(): string[] {
  const page = readFileSync(path.join(__dirname, '../../docs/wire-behaviour.md'), 'utf8');
  const section = page.slice(page.indexOf('## Warnings'), page.indexOf('## Refused in both'));
  return [...section.matchAll(/^\| `([a-z0-9-]+)`/gm)].map(([, code]) => code!);
}

describe('the Korean words for warnings', () => {
  it('are there for every code that is documented', () => {
    const codes = documentedCodes();
    expect(codes.length).toBeGreaterThan(40);
    for (const code of codes) expect(KOREAN_WARNINGS[code] ?? code).toMatch(/[가-힣].*\.$/);
  });

  it.each([
    'CERT_HAS_EXPIRED',
    'CERT_NOT_YET_VALID',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'CERT_UNTRUSTED',
    'HOSTNAME_MISMATCH',
    'CERT_SIGNATURE_FAILURE',
  ])('are there for a certificate that is not good: %s', (error) => {
    expect(KOREAN_WARNINGS[certificateCode(error)]).toMatch(/[가-힣]/);
  });
});
