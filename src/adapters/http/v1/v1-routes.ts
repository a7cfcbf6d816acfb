import { OpenAPIHono } from '@hono/zod-openapi';
import type { HttpDependencies, HttpEnvironment } from '../environment.ts';
import { accountMailRoutes } from './account-mail-routes.ts';
import { accountRoutes } from './account-routes.ts';
import { auditRoutes } from './audit-routes.ts';
import { authenticationRoutes } from './authentication-routes.ts';
import { doors } from './doors.ts';
import { eventRoutes } from './event-routes.ts';
import { createOnce } from './idempotency.ts';
import { invitationRoutes } from './invitation-routes.ts';
import { mfaRoutes } from './mfa-routes.ts';
import { moduleRoutes } from './module-routes.ts';
import { projectKeyRoutes } from './project-key-routes.ts';
import { projectRoutes } from './project-routes.ts';
import { providerConfigurationRoutes } from './provider-configuration-routes.ts';
import { providerLinkRoutes } from './provider-link-routes.ts';
import { providerRoutes } from './provider-routes.ts';
import { reauthenticationRoutes } from './reauthentication-routes.ts';
import { recoveryRoutes } from './recovery-routes.ts';
import { roleRoutes } from './role-routes.ts';
import { tenantRoutes } from './tenant-routes.ts';
import { transferRoutes } from './transfer-routes.ts';
import { userRoleRoutes } from './user-role-routes.ts';
import { userRoutes } from './user-routes.ts';
import { webhookRoutes } from './webhook-routes.ts';

/** The v1 API, to be mounted at `/api/v1` and at `/v1`. What it throws is for `refusals` to put into words. */
export function v1Routes(deps: HttpDependencies): OpenAPIHono<HttpEnvironment> {
  const routes = new OpenAPIHono<HttpEnvironment>();
  const door = doors(deps);
  const once = createOnce(deps);

  authenticationRoutes(routes, deps, door, once);
  reauthenticationRoutes(routes, deps, door);
  providerRoutes(routes, deps, door);
  accountRoutes(routes, deps, door);
  accountMailRoutes(routes, deps, door);
  mfaRoutes(routes, deps, door);
  recoveryRoutes(routes, deps, door);
  userRoutes(routes, deps, door, once);
  userRoleRoutes(routes, deps, door);
  providerLinkRoutes(routes, deps, door, once);
  invitationRoutes(routes, deps, door, once);
  roleRoutes(routes, deps, door, once);
  moduleRoutes(routes, deps, door, once);
  tenantRoutes(routes, deps, door, once);
  transferRoutes(routes, deps, door, once);
  projectRoutes(routes, deps, door, once);
  projectKeyRoutes(routes, deps, door, once);
  providerConfigurationRoutes(routes, deps, door, once);
  auditRoutes(routes, deps, door);
  webhookRoutes(routes, deps, door, once);
  eventRoutes(routes, deps, door);
  return routes;
}
