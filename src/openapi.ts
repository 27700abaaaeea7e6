import type { INestApplication } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import type { FastifyInstance } from 'fastify';
import { VERSION } from './config/version';
import { LEGIBLE } from './swagger-colours';
import { swaggerPlugin } from './swagger-plugin';

/** What there is, in the order in which one comes to need it. */
const TAGS: Readonly<Record<string, string>> = {
  fetch: 'One URL, fetched now.',
  jobs: 'Many URLs, accepted at once and lost never.',
  sessions: 'Cookie jars that fetches share by name.',
  problems: 'What the code of a problem means.',
  health: 'Probes, for which no key is needed.',
  metrics: 'The numbers of this service, for Prometheus.',
};

/** The OpenAPI 3.1 description of this service, from its code. */
export function describeApi(app: INestApplication): OpenAPIObject {
  const builder = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('wirefetch')
    .setDescription(
      'Fetches URLs over raw sockets and tells exactly what came over the wire. Times are fractional ' +
        'milliseconds, sizes are octets, null means "did not happen" or "not known".',
    )
    .setVersion(VERSION)
    .setLicense('MIT', 'https://opensource.org/license/mit')
    // Relative to the description and to its page alike, so that it holds behind a proxy that adds a path.
    .addServer('./', 'This service')
    .addBearerAuth({
      type: 'http',
      scheme: 'bearer',
      bearerFormat: 'API key',
      description: 'An API key, where the operator set any.',
    })
    .addApiKey(
      {
        type: 'apiKey',
        in: 'header',
        name: 'X-API-Key',
        description: 'The same key; one of the two is enough.',
      },
      'apiKey',
    );
  for (const [tag, description] of Object.entries(TAGS)) builder.addTag(tag, description);
  return SwaggerModule.createDocument(app, builder.build(), { operationIdFactory: (_, method) => method });
}

/** Where Swagger UI's page is, too; but what it names relative to itself is found from /docs alone. */
const OTHER_PLACES: ReadonlySet<string> = new Set(['/docs/', '/docs/index.html']);

/** Serves Swagger UI at /docs and the description at /openapi.json. */
export function serveApiDescription(app: NestFastifyApplication): void {
  const fastify: FastifyInstance = app.getHttpAdapter().getInstance();
  fastify.addHook('onRoute', (route) => {
    if (OTHER_PLACES.has(route.url)) route.handler = (_, reply) => reply.redirect('../docs', 308);
  });
  SwaggerModule.setup('docs', app, () => describeApi(app), {
    jsonDocumentUrl: 'openapi.json',
    raw: ['json'],
    customSiteTitle: 'wirefetch',
    customCss: LEGIBLE,
    swaggerOptions: {
      plugins: [swaggerPlugin],
      // Unlike the one it has without, it is legible.
      syntaxHighlight: { theme: 'tomorrow-night' },
      // A key that stayed in localStorage would be there for whoever uses the browser next.
      persistAuthorization: false,
      displayRequestDuration: true,
      tryItOutEnabled: true,
      defaultModelsExpandDepth: 0,
      // The page would otherwise ask validator.swagger.io for a badge.
      validatorUrl: null,
    },
  });
}
