import { Controller, Get, Header } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiSecurity, ApiTags } from '@nestjs/swagger';
import { Registry } from 'prom-client';
import { Produces } from '../edge/representation';
import { ApiProblemResponses } from '../problems/api-problem-responses';
import { METRICS_EXAMPLE } from './metrics.example';
import { ServiceMetrics } from './service-metrics';

@ApiTags('metrics')
@ApiBearerAuth()
@ApiSecurity('apiKey')
@Controller()
export class MetricsController {
  constructor(private readonly metrics: ServiceMetrics) {}

  /**
   * Read the numbers of this service, as Prometheus scrapes them.
   *
   * @remarks Names and labels follow OpenTelemetry's conventions for HTTP where these have some. No label holds what a
   * caller or a target wrote. Where the service consists of several processes, they are those of all together.
   */
  @Get('metrics')
  @Produces('text/plain')
  @Header('content-type', Registry.PROMETHEUS_CONTENT_TYPE)
  @ApiOkResponse({
    description: "Prometheus' text format, version 0.0.4.",
    content: { 'text/plain': { schema: { type: 'string' }, example: METRICS_EXAMPLE } },
  })
  @ApiProblemResponses('/metrics', ['unauthorized', 'not-acceptable', 'internal-error'])
  readMetrics(): Promise<string> {
    return this.metrics.text();
  }
}
