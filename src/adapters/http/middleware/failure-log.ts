import type { Context } from 'hono';
import type { HttpDependencies, HttpEnvironment } from '../environment.ts';
import { saidOf } from './said-of-error.ts';

/** Tells the operator of a request that failed by accident. */
export function logFailure(
  c: Context<HttpEnvironment>,
  { logger }: Pick<HttpDependencies, 'logger'>,
  error: Error,
): void {
  logger.error({ requestId: c.get('requestId'), trace_id: c.get('traceId'), ...saidOf(error) }, 'a request failed');
}
