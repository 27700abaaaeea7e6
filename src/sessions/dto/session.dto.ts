import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { CookieDto } from '../../fetch/dto/exchange.dto';

@ApiSchema({ name: 'Session', description: 'A cookie jar that fetches share by its name.' })
export class SessionDto {
  /**
   * Its name, as fetches give it in `session`.
   * @example crawl-7
   */
  id: string;

  /**
   * How many cookies are in it; expired ones do not count.
   * @example 3
   */
  @ApiProperty({ type: 'integer' })
  cookies: number;

  /**
   * When a fetch first named it.
   * @example 2026-11-22T01:47:46.123Z
   */
  @ApiProperty({ type: 'string', format: 'date-time' })
  createdAt: string;

  /**
   * When a fetch last sent a request with it or stored cookies in it.
   * @example 2026-11-22T02:00:01.500Z
   */
  @ApiProperty({ type: 'string', format: 'date-time' })
  lastUsedAt: string;
}

@ApiSchema({ name: 'SessionList', description: "The caller's sessions." })
export class SessionListDto {
  /** Sessions, the one used last at the end. */
  items: SessionDto[];
}

@ApiSchema({ name: 'SessionCookies', description: 'What is in a cookie jar.' })
export class SessionCookiesDto {
  /** Cookies in order of creation, as the results of fetches have told them. */
  items: CookieDto[];
}
