import type { ReceivedCookie } from '../exchange/outcome';
import type { CookieDto } from './dto/exchange.dto';

/** Maps a cookie to the API's; keys are in the order of its description. */
export function toCookie(cookie: ReceivedCookie): CookieDto {
  const { expires, findings } = cookie;
  return { ...cookie, expires: expires?.toISOString() ?? null, findings: [...findings] };
}
