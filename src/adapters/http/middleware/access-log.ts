import type { MiddlewareHandler } from 'hono';
import { routePath } from 'hono/route';
import type { HttpDependencies, HttpEnvironment } from '../environment.ts';

/**
 * One line a request, written after the answer: the route's pattern, never the path or query as sent, so that no
 * secret in a URL is kept.
 */
export function accessLog(deps: Pick<HttpDependencies, 'logger'>): MiddlewareHandler<HttpEnvironment> {
  return async (c, next) => {
    const startedAt = performance.now();
    await next();
    if (!deps.logger.isLevelEnabled('info')) return;
    const milliseconds = Math.round((performance.now() - startedAt) * 10) / 10;
    const status = c.res.status;
    // Of the handler that answered.
    const route = routePath(c);
    setImmediate(() => {
      deps.logger.info(
        {
          method: c.req.method,
          route,
          status,
          milliseconds,
          requestId: c.get('requestId'),
          traceId: c.get('traceId'),
          address: c.get('origin').address,
        },
        'request',
      );
    });
  };
}
