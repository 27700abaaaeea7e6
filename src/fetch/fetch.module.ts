import { Module } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { SETTINGS } from '../config/config.module';
import type { Settings } from '../config/settings';
import { VERSION } from '../config/version';
import { OctetBudget } from '../exchange/octet-budget';
import { LimitsModule } from '../limits/limits.module';
import { createProtocols } from '../protocols/protocols';
import { SessionsModule } from '../sessions/sessions.module';
import { AddressPolicy } from '../transport/address-policy';
import { Connector } from '../transport/connector';
import { type Resolver, SystemResolver } from '../transport/resolver';
import { FetchController } from './fetch.controller';
import { FetchRequestPipe } from './fetch-request.pipe';
import { InFlight } from './in-flight';
import { OpenAnswers } from './open-answers';
import { ownAddressOf } from './own-address';
import { PROTOCOLS, SocketFetchService } from './socket-fetch.service';
import { StalledAnswers } from './stalled-answers';

/** Injection token of the resolver, which tests replace. */
export const RESOLVER = Symbol('resolver');

@Module({
  imports: [LimitsModule, SessionsModule],
  controllers: [FetchController],
  providers: [
    SocketFetchService,
    FetchRequestPipe,
    InFlight,
    OpenAnswers,
    StalledAnswers,
    { provide: RESOLVER, useFactory: () => new SystemResolver({ hostsFile: '/etc/hosts', servers: null }) },
    {
      provide: OctetBudget,
      inject: [SETTINGS],
      useFactory: ({ maxBufferedBytes }: Settings) => new OctetBudget(maxBufferedBytes),
    },
    {
      provide: PROTOCOLS,
      inject: [SETTINGS, RESOLVER, HttpAdapterHost],
      useFactory: ({ egress }: Settings, resolver: Resolver, adapterHost: HttpAdapterHost) => {
        const ownAddress = ownAddressOf(() => adapterHost.httpAdapter.getInstance<FastifyInstance>());
        const policy = new AddressPolicy(egress, ownAddress);
        return createProtocols(new Connector(policy, resolver), `wirefetch/${VERSION}`);
      },
    },
  ],
  exports: [InFlight, OctetBudget, SocketFetchService, FetchRequestPipe, PROTOCOLS],
})
export class FetchModule {}
