import { createHash, timingSafeEqual } from 'node:crypto';
import { type Context, Hono } from 'hono';
import { IamError } from '../../../domain/errors.ts';
import type { HttpDependencies, HttpEnvironment } from '../environment.ts';
import { bearerToken } from '../middleware/bearer-token.ts';
import { isLocal } from '../middleware/local-request.ts';

/**
 * What Prometheus scrapes: for whoever shows the token, or, where none is configured, for this machine alone, since a
 * proxy that says nothing of itself makes everybody near. Anybody else finds nothing here.
 */
export function metricsRoutes({
  metrics,
  metricsToken,
}: Pick<HttpDependencies, 'metrics' | 'metricsToken'>): Hono<HttpEnvironment> {
  const app = new Hono<HttpEnvironment>();
  if (metrics === undefined) return app;
  const mayRead = metricsToken === undefined ? isLocal : showing(metricsToken);
  return app.get('/metrics', async (c) => {
    if (!mayRead(c)) throw new IamError('not-found');
    const { contentType, text } = await metrics.page();
    return c.body(text, 200, { 'Content-Type': contentType });
  });
}

function showing(token: string): (c: Context<HttpEnvironment>) => boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  const expected = digest(token);
  return (c) => timingSafeEqual(digest(bearerToken(c) ?? ''), expected);
}
