import { OpenAPIHono } from '@hono/zod-openapi';
import type { HttpDependencies, HttpEnvironment } from '../environment.ts';
import { accountRoutes } from './account-routes.ts';
import { authenticationRoutes } from './authentication-routes.ts';
import { doors } from './doors.ts';
import { createOnce } from './idempotency.ts';
import { mailboxRoutes } from './mailbox-routes.ts';
import { problemResponse } from './problem-response.ts';
import { projectKeyRoutes } from './project-key-routes.ts';
import { projectRoutes } from './project-routes.ts';
import { refusals } from './refusals.ts';

/**
 * The v1 API, to be mounted at `/api/v1` and at `/v1`. It answers for everything below: whatever else lives there must
 * be mounted before.
 */
export function v1Routes(deps: HttpDependencies): OpenAPIHono<HttpEnvironment> {
  const routes = new OpenAPIHono<HttpEnvironment>();
  const door = doors(deps);
  const once = createOnce(deps);
  routes.onError(refusals(deps));
  routes.openAPIRegistry.registerComponent('securitySchemes', 'bearer', { type: 'http', scheme: 'bearer' });

  authenticationRoutes(routes, deps, door, once);
  accountRoutes(routes, deps, door);
  mailboxRoutes(routes, deps, door);
  projectRoutes(routes, deps, door, once);
  projectKeyRoutes(routes, deps, door, once);

  refuseOtherMethods(routes, deps.publicUrl);
  routes.all('*', (c) => problemResponse(c, deps.publicUrl, 'not-found'));
  return routes;
}

/** A known path answers 405 to every other method, and says which ones it knows (RFC 9110 §15.5.6). */
function refuseOtherMethods(routes: OpenAPIHono<HttpEnvironment>, publicUrl: string): void {
  for (const path of new Set(routes.routes.map((route) => route.path))) {
    const known = new Set(routes.routes.filter((route) => route.path === path).map((route) => route.method));
    const allow = [...known].flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])).join(', ');
    routes.all(path, (c) => {
      c.header('Allow', allow);
      return problemResponse(c, publicUrl, 'method-not-allowed');
    });
  }
}
