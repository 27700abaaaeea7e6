import type { SessionCookiesDto, SessionListDto } from './dto/session.dto';

export const SESSION_LIST_EXAMPLE: SessionListDto = {
  items: [
    {
      id: 'crawl-7',
      cookies: 2,
      createdAt: '2026-11-22T01:47:46.123Z',
      lastUsedAt: '2026-11-22T02:00:01.500Z',
    },
  ],
};

/** Two of the cookies that /cookies of `npm run demo` sets. */
export const SESSION_COOKIES_EXAMPLE: SessionCookiesDto = {
  items: [
    {
      name: 'JSESSIONID',
      value: '0123456789abcdef',
      domain: '127.0.0.1',
      hostOnly: true,
      path: '/',
      expires: null,
      maxAge: null,
      secure: false,
      httpOnly: false,
      sameSite: null,
      partitioned: false,
      accepted: true,
      rejectedBecause: null,
      findings: [
        'sent-over-http',
        'session-id-without-secure',
        'session-id-without-httponly',
        'missing-samesite',
        'short-session-id',
        'low-entropy-session-id',
      ],
    },
    {
      name: 'theme',
      value: 'dark',
      domain: '127.0.0.1',
      hostOnly: true,
      path: '/',
      expires: '2031-01-01T00:00:00.000Z',
      maxAge: null,
      secure: false,
      httpOnly: false,
      sameSite: 'Lax',
      partitioned: false,
      accepted: true,
      rejectedBecause: null,
      findings: ['sent-over-http'],
    },
  ],
};
