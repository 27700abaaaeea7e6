import { octetsOf } from '../base64';

/** Curves by their object identifiers in DER, RFC 5480 §2.1.1.1. */
const CURVES: Readonly<Record<string, string>> = {
  '06082a8648ce3d030107': 'P-256',
  '06052b81040022': 'P-384',
  '06052b81040023': 'P-521',
  '06052b8104000a': 'secp256k1',
};

/** What stands before the curve: id-ecPublicKey, in the certificate's own key and nowhere else. */
const EC_PUBLIC_KEY = '06072a8648ce3d0201';

/** @param pem of a certificate
 *  @returns the curve of its key; null: it has none, or one without a name here */
export function curveOf(pem: string): string | null {
  const base64 = /-----BEGIN CERTIFICATE-----([^-]+)-----END/.exec(pem)?.[1];
  if (base64 === undefined) return null;
  const hex = Array.from(octetsOf(base64.replace(/\s/g, '')), (octet) =>
    octet.toString(16).padStart(2, '0'),
  ).join('');
  const at = hex.indexOf(EC_PUBLIC_KEY);
  if (at === -1) return null;
  const after = hex.slice(at + EC_PUBLIC_KEY.length);
  return Object.entries(CURVES).find(([oid]) => after.startsWith(oid))?.[1] ?? null;
}
