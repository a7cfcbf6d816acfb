import { createHash, timingSafeEqual } from 'node:crypto';
import { type Context, Hono } from 'hono';
import { IamError } from '../../../domain/errors.ts';
import type { HttpDependencies, HttpEnvironment } from '../environment.ts';
import { bearerToken } from '../middleware/bearer-token.ts';
import { cameByProxy } from '../middleware/came-by-proxy.ts';
import { parseIpAddress } from '../middleware/ip-address.ts';

/**
 * What Prometheus scrapes: for whoever shows the token, or, where none is configured, for whoever is near and came by no
 * proxy. Anybody else finds nothing here.
 */
export function metricsRoutes({
  metrics,
  metricsToken,
}: Pick<HttpDependencies, 'metrics' | 'metricsToken'>): Hono<HttpEnvironment> {
  const app = new Hono<HttpEnvironment>();
  if (metrics === undefined) return app;
  const mayRead = metricsToken === undefined ? isNear : showing(metricsToken);
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

const NEAR = new Set(['loopback', 'private', 'uniqueLocal']);

function isNear(c: Context<HttpEnvironment>): boolean {
  const incoming = c.env?.incoming;
  if (incoming === undefined) return false;
  const range = parseIpAddress(incoming.socket.remoteAddress ?? '')?.bytes.range();
  return range !== undefined && NEAR.has(range) && !cameByProxy(incoming);
}
