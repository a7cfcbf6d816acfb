import { Hono } from 'hono';
import type { HttpDependencies, HttpEnvironment } from '../environment.ts';

/** `/healthz`: the process is alive. `/readyz`: it can do its work, and wants to. */
export function healthRoutes(deps: Pick<HttpDependencies, 'readiness' | 'draining'>): Hono<HttpEnvironment> {
  return new Hono<HttpEnvironment>()
    .get('/healthz', (c) => c.json({ status: 'ok' }))
    .get('/readyz', async (c) => {
      if (deps.draining()) return c.json({ status: 'draining' }, 503);
      const checks = await deps.readiness.check();
      const ready = Object.values(checks).every((state) => state === 'ok');
      return c.json({ status: ready ? 'ready' : 'failing', checks }, ready ? 200 : 503);
    });
}
