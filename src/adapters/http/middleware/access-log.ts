import type { Context } from 'hono';
import { routePath } from 'hono/route';
import type { Logger } from 'pino';
import type { HttpEnvironment } from '../environment.ts';

/**
 * One line a request, written when the answer is on its way: the pattern of the route that answered, never the path or
 * query as sent, so that no secret in a URL is kept.
 */
export function logAnswer(c: Context<HttpEnvironment>, logger: Logger, startedAt: number): void {
  if (!logger.isLevelEnabled('info')) return;
  const line = {
    method: c.req.method,
    route: routePath(c),
    status: c.res.status,
    milliseconds: Math.round((performance.now() - startedAt) * 10) / 10,
    requestId: c.get('requestId'),
    traceId: c.get('traceId'),
    address: c.get('origin').address,
  };
  setImmediate(() => logger.info(line, 'request'));
}
