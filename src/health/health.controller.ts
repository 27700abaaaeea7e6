import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  HealthCheck,
  HealthCheckService,
  HealthIndicatorService,
  type HealthCheckResult,
} from '@nestjs/terminus';

import { InFlight } from '../fetch/in-flight';
import { ApiProblemResponses } from '../problems/api-problem-responses';

@ApiTags('health')
@Controller('health')
export class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly indicator: HealthIndicatorService,
    private readonly inFlight: InFlight,
  ) {}

  /** The process runs and its event loop turns. */
  @Get('live')
  @HealthCheck()
  @ApiProblemResponses('/health/live', [])
  live(): HealthCheckResult {
    // Not by HealthCheckService, which calls a service that is stopping dead.
    return { status: 'ok', info: {}, error: {}, details: {} };
  }

  /** Fetches are accepted: not while the service is stopping. */
  @Get('ready')
  @HealthCheck()
  @ApiProblemResponses('/health/ready', [])
  ready(): Promise<HealthCheckResult> {
    return this.health.check([
      () => {
        const check = this.indicator.check('fetch');
        return this.inFlight.accepting ? check.up() : check.down('stopping');
      },
    ]);
  }
}
