import type { Context, MiddlewareHandler } from 'hono';
import type { HttpDependencies, HttpEnvironment, Log } from '../environment.ts';
import { routePattern } from './route-pattern.ts';

/** What asks servers of others, whose trouble is told from where nobody knows of a request. */
const ASKS_OTHERS = /:providerId|\/reauthenticate$/;

/** Establishes what every request has, and writes one line of it; every other line of it names it too. */
export function logged(
  { logger, inLog }: Pick<HttpDependencies, 'logger' | 'inLog'>,
  establish: (c: Context<HttpEnvironment>) => void,
): MiddlewareHandler<HttpEnvironment> {
  return async (c, next) => {
    const startedAt = performance.now();
    const route = routePattern(c);
    establish(c);
    if (inLog === undefined || !ASKS_OTHERS.test(route)) await next();
    else await inLog({ requestId: c.get('requestId'), trace_id: c.get('traceId') }, next);
    logAnswer(c, logger, { route, startedAt });
  };
}

/**
 * Written when the answer is on its way: the pattern of the route, never the path or query as sent, so that no secret in
 * a URL is kept.
 */
function logAnswer(
  c: Context<HttpEnvironment>,
  logger: Log,
  { route, startedAt }: { readonly route: string; readonly startedAt: number },
): void {
  if (!logger.isLevelEnabled('info')) return;
  const line = {
    method: c.req.method,
    route,
    status: c.res.status,
    milliseconds: Math.round((performance.now() - startedAt) * 10) / 10,
    requestId: c.get('requestId'),
    trace_id: c.get('traceId'),
    address: c.get('origin').address,
  };
  setImmediate(() => logger.info(line, 'request'));
}
