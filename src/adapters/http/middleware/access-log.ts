import type { Context } from 'hono';
import type { Logger } from 'pino';
import type { HttpEnvironment } from '../environment.ts';
import { routePattern } from './route-pattern.ts';

/**
 * One line a request, written when the answer is on its way: the pattern of the route, never the path or query as sent,
 * so that no secret in a URL is kept.
 */
export function logAnswer(c: Context<HttpEnvironment>, logger: Logger, startedAt: number): void {
  if (!logger.isLevelEnabled('info')) return;
  const line = {
    method: c.req.method,
    route: routePattern(c),
    status: c.res.status,
    milliseconds: Math.round((performance.now() - startedAt) * 10) / 10,
    requestId: c.get('requestId'),
    trace_id: c.get('traceId'),
    address: c.get('origin').address,
  };
  setImmediate(() => logger.info(line, 'request'));
}
