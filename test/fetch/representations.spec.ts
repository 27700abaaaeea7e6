import { FREE_BYTES, OctetBudget } from '../../src/exchange/octet-budget';
import { FETCH_MEDIA_TYPES, type Represent, representationIn } from '../../src/fetch/representations';
import { answering, response, useOrigins } from '../support/origin';
import { fetchUrl, specOf } from '../support/spec';

const start = useOrigins();

describe('an answer that holds the content of the request', () => {
  it.each([
    ['application/har+json', 100_000, 100_000 - FREE_BYTES],
    ['application/har+json', 32_768, 0],
    ['application/json', 100_000, 0],
  ])('%s, of %i octets, has %i of them granted until it has left', async (mediaType, bytes, granted) => {
    const origin = await start(answering(response('200 OK')));
    const sent = { method: 'POST', body: Buffer.alloc(bytes) };
    const budget = new OctetBudget(1_000_000);
    const outcome = await fetchUrl(origin.url(), sent);
    const memory = budget.open();
    const spec = specOf(origin.url(), sent);
    const represent = representationIn(mediaType) as Represent;
    await represent(spec, { id: '01JDA2W6T1M4Z8K5Q9R7X3Y2BC', outcome, memory });
    expect(budget.grantedBytes).toBe(granted);
    memory.close();
    expect(budget.grantedBytes).toBe(0);
  });
});

describe('what a fetch is answered with', () => {
  it('is told as it happens in lines alone', () => {
    expect(FETCH_MEDIA_TYPES.filter((mediaType) => representationIn(mediaType) === 'as it happens')).toEqual([
      'application/x-ndjson',
    ]);
  });

  it.each(['text/csv', 'toString', ''])('is never something for want of something else: %s', (mediaType) => {
    expect(() => representationIn(mediaType)).toThrow(`no fetch is answered with ${mediaType}`);
  });
});
