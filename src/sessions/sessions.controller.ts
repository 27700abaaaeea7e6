import { Controller, Delete, Get, HttpCode, Inject, Param } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiParam,
  ApiSecurity,
  ApiTags,
} from '@nestjs/swagger';
import { CallerOwner, type Owner } from '../access/caller';
import { Produces } from '../edge/representation';
import { toCookie } from '../fetch/cookie.mapper';
import { ApiProblemResponses } from '../problems/api-problem-responses';
import { Problem } from '../problems/problem';
import { SessionCookiesDto, SessionListDto } from './dto/session.dto';
import { SESSION_ID } from './session-id';
import { SESSION_STORE, type SessionStore } from './session-store';
import { SESSION_COOKIES_EXAMPLE, SESSION_LIST_EXAMPLE } from './sessions.examples';

const ID_PARAM = {
  name: 'id',
  description: 'Name of the session, as fetches give it.',
  schema: { type: 'string', pattern: SESSION_ID.source, example: 'crawl-7' },
} as const;

@ApiTags('sessions')
@ApiBearerAuth()
@ApiSecurity('apiKey')
@Controller('sessions')
export class SessionsController {
  constructor(@Inject(SESSION_STORE) private readonly store: SessionStore) {}

  /**
   * List the cookie jars that your fetches have named.
   *
   * @remarks A session belongs to the API key that made it; another key's is not there. It is made by the first fetch
   * that names it, and is gone when no fetch has used it for the operator's WIREFETCH_SESSION_TTL_MS.
   */
  @Get()
  @Produces('application/json')
  @ApiOkResponse({ type: SessionListDto, description: 'Your sessions.', example: SESSION_LIST_EXAMPLE })
  @ApiProblemResponses('/sessions', ['unauthorized', 'not-acceptable', 'store-unavailable', 'internal-error'])
  async listSessions(@CallerOwner() owner: Owner): Promise<SessionListDto> {
    const sessions = await this.store.list(owner);
    return {
      items: sessions.map(({ id, cookies, createdAt, lastUsedAt }) => ({
        id,
        cookies,
        createdAt: createdAt.toISOString(),
        lastUsedAt: lastUsedAt.toISOString(),
      })),
    };
  }

  /** List the cookies of a session, as the results of fetches have told them. */
  @Get(':id/cookies')
  @Produces('application/json')
  @ApiParam(ID_PARAM)
  @ApiOkResponse({ type: SessionCookiesDto, description: 'Its cookies.', example: SESSION_COOKIES_EXAMPLE })
  @ApiProblemResponses('/sessions/crawl-7/cookies', [
    'unauthorized',
    'not-acceptable',
    'not-found',
    'store-unavailable',
    'internal-error',
  ])
  async listCookies(@CallerOwner() owner: Owner, @Param('id') id: string): Promise<SessionCookiesDto> {
    const cookies = await this.store.cookies(owner, id);
    if (cookies === null) throw noSuchSession();
    return { items: cookies.map(toCookie) };
  }

  /** Forget a session with its cookies. */
  @Delete(':id')
  @HttpCode(204)
  @ApiParam(ID_PARAM)
  @ApiNoContentResponse({ description: 'It is forgotten.' })
  @ApiProblemResponses('/sessions/crawl-7', [
    'unauthorized',
    'not-found',
    'store-unavailable',
    'internal-error',
  ])
  async deleteSession(@CallerOwner() owner: Owner, @Param('id') id: string): Promise<void> {
    if (!(await this.store.delete(owner, id))) throw noSuchSession();
  }
}

function noSuchSession(): Problem {
  return new Problem('not-found', 'You have no session of that name.');
}
