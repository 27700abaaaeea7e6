import 'reflect-metadata';
import { randomBytes, webcrypto } from 'node:crypto';
import {
  BasicConstraintsExtension,
  type Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  type X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';

const EC = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const RSA_1024 = {
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-256',
  modulusLength: 1_024,
  publicExponent: new Uint8Array([1, 0, 1]),
} as const;
const DAY_MS = 86_400_000;

/** A certificate with what belongs to it, PEM; as options of node:tls. */
export interface Identity {
  readonly cert: string;
  readonly key: string;
}

export interface CertificateOptions {
  /** DNS names and IP addresses; the first is the subject's common name too */
  readonly names?: readonly string[];
  /** "CN=…, O=…"; the first name's if not given */
  readonly subject?: string;
  /** an RSA key of 1,024 bits */
  readonly weak?: boolean;
  /** days from now; negative ones are past */
  readonly validFromDays?: number;
  readonly validToDays?: number;
}

/** Signs certificates of tests; nobody trusts it who was not told to. */
export class Authority {
  private constructor(
    private readonly certificate: X509Certificate,
    private readonly keys: webcrypto.CryptoKeyPair,
  ) {}

  static async create(name = 'Test Authority', issuer?: Authority): Promise<Authority> {
    const keys = await newKeys();
    const extensions = [
      new BasicConstraintsExtension(true, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
    ];
    return new Authority(await certify(`CN=${name}`, keys, issuer ?? null, extensions, {}), keys);
  }

  /** PEM, for those who are to trust it, or as part of a chain */
  get pem(): string {
    return `${this.certificate.toString('pem')}\n`;
  }

  get subject(): string {
    return this.certificate.subject;
  }

  get signingKey(): webcrypto.CryptoKey {
    return this.keys.privateKey;
  }

  /** A certificate signed by this authority. */
  async issue(options: CertificateOptions = {}): Promise<Identity> {
    return identity(options, this);
  }
}

/** A certificate that nobody vouches for. */
export function selfSigned(options: CertificateOptions = {}): Promise<Identity> {
  return identity(options, null);
}

async function identity(options: CertificateOptions, issuer: Authority | null): Promise<Identity> {
  const { names = ['127.0.0.1'], weak = false } = options;
  const keys = await newKeys(weak ? RSA_1024 : EC);
  const altNames = names.map((value) => ({ type: /^[\d.]+$|:/.test(value) ? 'ip' : 'dns', value }) as const);
  const certificate = await certify(
    options.subject ?? `CN=${names[0]}`,
    keys,
    issuer,
    [new SubjectAlternativeNameExtension([...altNames])],
    options,
  );
  const key = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  return { cert: `${certificate.toString('pem')}\n`, key: `${PemConverter.encode(key, 'PRIVATE KEY')}\n` };
}

function newKeys(algorithm: typeof EC | typeof RSA_1024 = EC): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
}

function certify(
  subject: string,
  keys: webcrypto.CryptoKeyPair,
  issuer: Authority | null,
  extensions: Extension[],
  { validFromDays = -1, validToDays = 30, weak = false }: CertificateOptions,
): Promise<X509Certificate> {
  return X509CertificateGenerator.create({
    serialNumber: randomBytes(8).toString('hex'),
    subject,
    issuer: issuer?.subject ?? subject,
    // Half an hour beside the day, so that `daysLeft` is the same whenever a test runs.
    notBefore: new Date(Date.now() + validFromDays * DAY_MS),
    notAfter: new Date(Date.now() + validToDays * DAY_MS + DAY_MS / 48),
    publicKey: keys.publicKey,
    signingKey: issuer?.signingKey ?? keys.privateKey,
    signingAlgorithm: weak ? RSA_1024 : EC,
    extensions,
  });
}
