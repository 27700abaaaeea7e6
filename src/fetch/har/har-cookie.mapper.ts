import type { CookieDto } from '../dto/exchange.dto';
import type { HarCookieDto } from '../dto/har.dto';

/** Maps a cookie of a response; what it has not is left out where HAR has a name for it. */
export function toHarCookie(cookie: CookieDto): HarCookieDto {
  const { name, value, path, domain, expires, httpOnly, secure } = cookie;
  return {
    name,
    value,
    ...(path === null ? {} : { path }),
    ...(domain === null ? {} : { domain }),
    ...(expires === null ? {} : { expires }),
    httpOnly,
    secure,
    _hostOnly: cookie.hostOnly,
    _maxAge: cookie.maxAge,
    _sameSite: cookie.sameSite,
    _partitioned: cookie.partitioned,
    _accepted: cookie.accepted,
    _rejectedBecause: cookie.rejectedBecause,
    _findings: cookie.findings,
  };
}
