import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { type WebhookMessage, isWebhookSecret, nextTryMs, signedHeaders } from '../../src/jobs/webhook';

const KEY = Buffer.from(Array.from({ length: 32 }, (_, i) => (i * 37 + 11) % 256));
const SECRET = secretOf(KEY);

function secretOf(key: Uint8Array): string {
  return `whsec_${Buffer.from(key).toString('base64')}`;
}

function message(given: Partial<WebhookMessage> = {}): WebhookMessage {
  return {
    id: 'msg_01JZ3ETQ2X',
    event: 'job.completed',
    at: new Date(),
    payload: '{"type":"job.completed","data":{"name":"Zoë"}}',
    ...given,
  };
}

function headersOf(secret: string, given: WebhookMessage): Record<string, string> {
  return Object.fromEntries(signedHeaders(secret, given).map(({ name, value }) => [name, value]));
}

describe('a webhook is signed', () => {
  it('by three fields, the time in whole seconds', () => {
    const fields = signedHeaders(SECRET, message({ at: new Date(1_674_087_231_999) }));
    expect(fields.map(({ name }) => name)).toEqual(['webhook-id', 'webhook-timestamp', 'webhook-signature']);
    expect(fields[0]!.value).toBe('msg_01JZ3ETQ2X');
    expect(fields[1]!.value).toBe('1674087231');
    expect(fields[2]!.value).toMatch(/^v1,[A-Za-z0-9+/]{43}=$/);
  });

  it('so that the library of receivers accepts it', () => {
    const given = message();
    expect(new Webhook(SECRET).verify(given.payload, headersOf(SECRET, given))).toEqual(
      JSON.parse(given.payload),
    );
  });

  it('as the standard says: HMAC-SHA256 over id, time and content, with full stops between', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 24, maxLength: 64 }),
        fc.uuid(),
        fc.integer({ min: 0, max: 4_000_000_000_000 }),
        fc.string({ unit: 'grapheme' }),
        (key, id, time, payload) => {
          const fields = signedHeaders(secretOf(key), message({ id, at: new Date(time), payload }));
          const seconds = String(Math.floor(time / 1000));
          const hmac = createHmac('sha256', key).update(`${id}.${seconds}.${payload}`, 'utf8');
          expect(fields).toEqual([
            { name: 'webhook-id', value: id },
            { name: 'webhook-timestamp', value: seconds },
            { name: 'webhook-signature', value: `v1,${hmac.digest('base64')}` },
          ]);
        },
      ),
    );
  });

  const untouched = message();
  const headers = headersOf(SECRET, untouched);

  it.each([
    ['its content', `${untouched.payload} `, headers, SECRET],
    ['its id', untouched.payload, { ...headers, 'webhook-id': 'msg_01JZ3ETQ2Y' }, SECRET],
    [
      'its time',
      untouched.payload,
      { ...headers, 'webhook-timestamp': String(Number(headers['webhook-timestamp']) + 1) },
      SECRET,
    ],
    [
      'its signature',
      untouched.payload,
      { ...headers, 'webhook-signature': `v1,${'A'.repeat(43)}=` },
      SECRET,
    ],
    ['the secret', untouched.payload, headers, secretOf(KEY.toReversed())],
  ])('and refused when %s is another', (_, payload, given, secret) => {
    expect(() => new Webhook(secret).verify(payload, given)).toThrow('No matching signature found');
  });

  it('anew for each try: one that is minutes old is refused', () => {
    const given = message({ at: new Date(Date.now() - 301_000) });
    expect(() => new Webhook(SECRET).verify(given.payload, headersOf(SECRET, given))).toThrow('too old');
  });

  it('by nothing that is no secret', () => {
    expect(() => signedHeaders('whsec_', message())).toThrow('empty');
    expect(() => signedHeaders('whsec_!!!!', message())).toThrow('incorrect characters');
  });
});

describe('a secret to sign with', () => {
  it.each([
    [0, false],
    [1, false],
    [23, false],
    [24, true],
    [25, true],
    [26, true],
    [32, true],
    [63, true],
    [64, true],
    [65, false],
    [256, false],
  ])('has %i octets: %j', (length, accepted) => {
    expect(isWebhookSecret(secretOf(new Uint8Array(length).fill(0xa5)))).toBe(accepted);
  });

  const encoded = KEY.toString('base64');

  it.each([
    ['nothing', ''],
    ['no prefix', encoded],
    ['the prefix alone', 'whsec_'],
    ['a prefix in another case', `WHSEC_${encoded}`],
    ['the prefix of a private key', `whsk_${encoded}`],
    ['a blank before it', ` whsec_${encoded}`],
    ['a blank within it', `whsec_ ${encoded}`],
    ['a line end after it', `whsec_${encoded}\n`],
    ['no padding', `whsec_${encoded.replace('=', '')}`],
    ['too much padding', `whsec_${encoded}=`],
    ['bits that encode nothing', `whsec_${'A'.repeat(42)}B=`],
    ['the alphabet of URLs', `whsec_${Buffer.alloc(24, 0xff).toString('base64url')}`],
    ['other characters', `whsec_${'*'.repeat(32)}`],
    ['hexadecimal of an odd length', `whsec_${'a'.repeat(33)}`],
  ])('is not one with %s', (_, text) => {
    expect(isWebhookSecret(text)).toBe(false);
  });

  it('can sign whenever it is accepted', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (key) => {
        const secret = secretOf(key);
        expect(isWebhookSecret(secret)).toBe(key.length >= 24 && key.length <= 64);
        if (!isWebhookSecret(secret)) return;
        const given = message({ payload: '{}' });
        expect(new Webhook(secret).verify('{}', headersOf(secret, given))).toEqual({});
      }),
    );
  });
});

describe('a webhook is tried eight times over 24 hours', () => {
  it('first at once, then ever more seldom', () => {
    const waits = Array.from({ length: 8 }, (_, tries) => nextTryMs(tries));
    expect(waits).toEqual([0, 5_000, 300_000, 1_800_000, 7_200_000, 18_000_000, 28_800_000, 28_800_000]);
    const hours = waits.reduce<number>((sum, ms) => sum + ms!, 0) / 3_600_000;
    expect(hours).toBeGreaterThan(23);
    expect(hours).toBeLessThanOrEqual(24);
  });

  it.each([8, 9, 100])('and no more after %i', (tries) => {
    expect(nextTryMs(tries)).toBeNull();
  });
});
