import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { VERSION } from './config/version';

/** The OpenAPI 3.1 description of this service, from its code. */
export function describeApi(app: INestApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('wirefetch')
    .setDescription(
      'Fetches URLs over raw sockets and tells exactly what came over the wire. Times are fractional ' +
        'milliseconds, sizes are octets, null means "did not happen" or "not known".',
    )
    .setVersion(VERSION)
    .setLicense('MIT', 'https://opensource.org/license/mit')
    .addBearerAuth({
      type: 'http',
      scheme: 'bearer',
      bearerFormat: 'API key',
      description: 'An API key, where the operator set any.',
    })
    .addApiKey({ type: 'apiKey', in: 'header', name: 'X-API-Key' }, 'apiKey')
    .build();
  return SwaggerModule.createDocument(app, config, { operationIdFactory: (_, method) => method });
}

/** Serves Swagger UI at /docs and the description at /openapi.json. */
export function serveApiDescription(app: INestApplication): void {
  SwaggerModule.setup('docs', app, () => describeApi(app), {
    jsonDocumentUrl: 'openapi.json',
    raw: ['json'],
    customSiteTitle: 'wirefetch',
    swaggerOptions: {
      displayRequestDuration: true,
      tryItOutEnabled: true,
      defaultModelsExpandDepth: 0,
      // The page would otherwise ask validator.swagger.io for a badge.
      validatorUrl: null,
    },
  });
}
