import { type IncomingMessage, type ServerResponse, createServer as createHttpServer } from 'node:http';
import fastify, { type FastifyInstance } from 'fastify';
import { keyCheck } from '../access/key-check';
import type { Settings } from '../config/settings';
import { turns } from '../event-loop/turns';
import { answerProblem } from '../problems/answer-problem';
import { BelowRouting } from './below-routing';
import { contentCheck } from './content-check';
import { hostCheck } from './host-check';
import { readJsonAlone } from './json-content';
import { isProbe } from './probe';
import { Refusals } from './refusals';
import { representationCheck } from './representation';
import { setResponseFields } from './response-fields';
import { roleCheck } from './role-check';
import { RouteTable, noSuchRoute, routeCheck } from './route-table';
import { WideDoor } from './wide-door';

const HEADERS_TIMEOUT_MS = 20_000;
const REQUEST_TIMEOUT_MS = 60_000;
/** Longer than load balancers keep a connection, so that it is theirs to close it. */
const KEEP_ALIVE_TIMEOUT_MS = 72_000;
/** The runtime looks for what is late so often. */
const CHECKING_INTERVAL_MS = 1_000;

const HTTP_OPTIONS = {
  headersTimeout: HEADERS_TIMEOUT_MS,
  requestTimeout: REQUEST_TIMEOUT_MS,
  keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
  connectionsCheckingInterval: CHECKING_INTERVAL_MS,
  // A missing one is told by a problem.
  requireHostHeader: false,
} as const;

/** The server below Nest: what a request has to pass before anything of it is read but its head. */
export function createServer(settings: Settings): FastifyInstance {
  const routes = new RouteTable();
  const refusals = new Refusals();
  const belowRouting = new BelowRouting(refusals);
  const wideDoor = new WideDoor(settings);
  const isForUs = hostCheck(settings);
  // RFC 9110 §15.5 leaves the order open. Who is misled or lost is told so before being asked for a key; only then
  // is looked at what is wanted and brought.
  const checks = [
    isForUs,
    routeCheck(routes),
    roleCheck(settings),
    keyCheck(settings),
    representationCheck(),
    contentCheck(),
  ];

  const server = fastify({
    bodyLimit: settings.maxRequestBytes,
    // With one of ours, Fastify makes no second server for localhost's other address, which would answer bare.
    serverFactory: (handler) => {
      const one = createHttpServer(HTTP_OPTIONS, (request: IncomingMessage, response: ServerResponse) => {
        belowRouting.opened(response);
        inTurn(request, () => handler(request, response));
      });
      belowRouting.attachTo(one);
      wideDoor.attachTo(one);
      return one;
    },
    // OpenAnswers has seen to it that none is cut.
    forceCloseConnections: true,
    // While it closes, requests are refused as the others were while it drained.
    return503OnClosing: false,
    // attachTo has ours.
    clientErrorHandler: () => undefined,
    // A path that is no text, or has a part of more than 100 characters, reaches no route, and no hook.
    frameworkErrors: (_, request, reply) => {
      const problem = isForUs(request) ?? noSuchRoute();
      setResponseFields(reply, undefined);
      answerProblem(reply, problem, request.url);
      refusals.tell(problem);
    },
  });
  server.decorate('refusals', refusals);
  server.decorate('wideDoor', wideDoor);
  server.addHook('preClose', (done) => {
    wideDoor.close();
    belowRouting.close();
    done();
  });
  readJsonAlone(server);
  server.addHook('onRoute', (route) => routes.add(route));
  server.addHook('onRequest', (request, reply, done) => {
    for (const check of checks) {
      const problem = check(request);
      if (problem !== null) return answerProblem(reply, problem, request.url);
    }
    belowRouting.letContentCome(reply.raw);
    done();
  });
  server.addHook('onSend', (request, reply, _, done) => {
    setResponseFields(reply, request.routeOptions.url);
    done();
  });
  return server;
}

/** Hundreds may ask at once. Probes go before all others; who has gone by its turn asks for nothing. */
function inTurn({ url = '', socket }: IncomingMessage, handle: () => void): void {
  if (isProbe(url)) handle();
  else
    turns.next(() => {
      if (!socket.destroyed) handle();
    });
}
