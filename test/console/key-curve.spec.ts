import { generateKeyPairSync } from 'node:crypto';
import { curveOf } from '../../src/console/page/panes/key-curve';

/** What stands in a certificate: its key, as SubjectPublicKeyInfo. */
function pemWith(key: Buffer): string {
  return `-----BEGIN CERTIFICATE-----\n${key.toString('base64').replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`;
}

function ecKey(namedCurve: string): Buffer {
  return generateKeyPairSync('ec', { namedCurve }).publicKey.export({ type: 'spki', format: 'der' });
}

describe('the curve of a key', () => {
  it.each([
    ['prime256v1', 'P-256'],
    ['secp384r1', 'P-384'],
    ['secp521r1', 'P-521'],
    ['secp256k1', 'secp256k1'],
    ['brainpoolP256r1', null],
  ])('%s is %s', (name, curve) => {
    expect(curveOf(pemWith(ecKey(name)))).toBe(curve);
  });

  it('is none of another kind of key', () => {
    const { publicKey } = generateKeyPairSync('ed25519');
    expect(curveOf(pemWith(publicKey.export({ type: 'spki', format: 'der' })))).toBeNull();
    expect(curveOf('no PEM')).toBeNull();
  });
});
