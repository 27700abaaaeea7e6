import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyContextConfig } from 'fastify';

const CONFIG = Symbol('what decorators have said of a route');

/** As Nest's RouteConfig, which has the last decorator of a route replace what the others said of it. */
export function routeConfig(config: FastifyContextConfig): MethodDecorator {
  return (prototype, name, descriptor) => {
    const route = descriptor.value as object;
    const merged = { ...(Reflect.getMetadata(CONFIG, route) as FastifyContextConfig | undefined), ...config };
    Reflect.defineMetadata(CONFIG, merged, route);
    (RouteConfig(merged) as MethodDecorator)(prototype, name, descriptor);
  };
}
