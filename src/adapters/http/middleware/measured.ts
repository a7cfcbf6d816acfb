import type { MiddlewareHandler } from 'hono';
import type { HttpDependencies, HttpEnvironment } from '../environment.ts';
import { requestHeader } from './request-header.ts';
import { routePattern } from './route-pattern.ts';

/** Counts every answer, and gives every request a span where somebody follows them: by the pattern of the route alone. */
export function measured({
  metrics,
  tracing,
}: Pick<HttpDependencies, 'metrics' | 'tracing'>): MiddlewareHandler<HttpEnvironment> {
  return async (c, next) => {
    const startedAt = performance.now();
    const { method } = c.req;
    const route = routePattern(c);
    const span = tracing?.begin(method, route, (name) => requestHeader(c, name));
    if (span === undefined) {
      await next();
    } else {
      c.set('traceId', span.traceId);
      await span.during(next);
      span.end({ status: c.res.status, requestId: c.get('requestId') });
    }
    metrics?.answered(route, method, c.res.status, (performance.now() - startedAt) / 1000);
  };
}
