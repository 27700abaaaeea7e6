import { FALLBACKS } from '../../src/console/page/fallbacks';
import { DEFAULTS } from '../../src/fetch/defaults';

it('fields that are left empty show what the service takes instead', () => {
  const { timeouts, read, redirects, idleMsUntilIdle } = DEFAULTS;
  const { bufferBytes, maxReads, maxBodyBytes, maxHeadBytes } = read;
  expect(FALLBACKS).toEqual({
    timeouts,
    idleMsUntilIdle,
    limits: { bufferBytes, maxReads, maxBodyBytes, maxHeadBytes },
    maxRedirects: redirects.max,
  });
});
