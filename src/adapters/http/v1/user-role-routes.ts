import type { OpenAPIHono } from '@hono/zod-openapi';
import { UserId } from '../../../domain/user/user.ts';
import type { HttpDependencies, HttpEnvironment } from '../environment.ts';
import { readJson } from '../middleware/body.ts';
import { validated } from '../middleware/validated.ts';
import { serve } from './documented.ts';
import type { Doors } from './doors.ts';
import { assertIfMatchIsAny, isKnownToCaller } from './etag.ts';
import { identifier, nameInPath } from './identifier.ts';
import * as contract from './user-role-contract.ts';

/** What the people of a tenant may do. */
export function userRoleRoutes(
  routes: OpenAPIHono<HttpEnvironment>,
  { iam: { users } }: HttpDependencies,
  { administrator }: Doors,
): void {
  serve(routes, contract.assignRole, administrator('general'), async (c) => {
    const userId = identifier(UserId, c.req.param('id'));
    const { role } = validated(contract.AssignRoleInput, await readJson(c));
    return c.json(await users.assignRole.execute(c.get('administrator'), { userId, role }));
  });

  serve(routes, contract.unassignRole, administrator('general'), async (c) => {
    const userId = identifier(UserId, c.req.param('id'));
    const role = nameInPath(c.req.param('role'));
    assertIfMatchIsAny(c);
    await users.unassignRole.execute(c.get('administrator'), { userId, role });
    return c.body(null, 204);
  });

  serve(routes, contract.readPermissions, administrator('general'), async (c) => {
    const userId = identifier(UserId, c.req.param('id'));
    const { tenantId, roles, permissions } = await users.readPermissions.execute(c.get('administrator'), userId);
    const resolved = { userId, tenantId, roles, permissions };
    return isKnownToCaller(c, resolved) ? c.body(null, 304) : c.json(resolved);
  });
}
