import { jsonPayload } from '../../src/problems/json-payload';

it('short JSON is sent as it stands, long JSON as its octets in UTF-8', () => {
  const short = JSON.stringify('é'.repeat(16_382));
  expect(jsonPayload(short)).toBe(short);
  const long = JSON.stringify('é'.repeat(16_383));
  expect(jsonPayload(long)).toEqual(Buffer.from(long, 'utf8'));
});
