import type { OpenAPIHono } from '@hono/zod-openapi';
import { RoleId } from '../../../domain/role/role.ts';
import { UserId } from '../../../domain/user/user.ts';
import type { HttpDependencies, HttpEnvironment } from '../environment.ts';
import { readJson } from '../middleware/body.ts';
import { validated } from '../middleware/validated.ts';
import { assertAllowed } from './assert-allowed.ts';
import { CursorCodec } from './cursor.ts';
import { serve } from './documented.ts';
import type { Doors } from './doors.ts';
import { etagOf, ifMatch, isKnownToCaller } from './etag.ts';
import type { CreateOnce } from './idempotency.ts';
import { identifier } from './identifier.ts';
import { pageAnswer, pageRequest, readQuery } from './page.ts';
import * as contract from './role-contract.ts';
import { presentRole } from './tenancy-presenters.ts';

/** The roles of a tenant, and what they allow. */
export function roleRoutes(
  routes: OpenAPIHono<HttpEnvironment>,
  { iam: { roles }, httpKey, publicUrl }: HttpDependencies,
  { administrator }: Doors,
  once: CreateOnce,
): void {
  serve(routes, contract.createRole, administrator('general'), async (c) => {
    const body = await readJson(c);
    const authorise = () => assertAllowed(c.get('administrator'), 'roles.create');
    return once(c, { body, secret: false, authorise }, async () => {
      const input = validated(contract.CreateRoleInput, body);
      return c.json(presentRole(await roles.composeRole.execute(c.get('administrator'), input)), 201);
    });
  });

  serve(routes, contract.listRoles, administrator('general'), async (c) => {
    const cursors = new CursorCodec(httpKey, `roles of ${c.get('administrator').tenantId}`, RoleId);
    const request = pageRequest(c, cursors);
    const page = await roles.listRoles.execute(c.get('administrator'), request);
    return pageAnswer(c, page, request, { present: presentRole, cursors, address: `${publicUrl}/api/v1/roles` });
  });

  serve(routes, contract.readRole, administrator('general'), async (c) => {
    const id = identifier(RoleId, c.req.param('id'));
    const role = presentRole(await roles.readRole.execute(c.get('administrator'), id));
    return isKnownToCaller(c, role) ? c.body(null, 304) : c.json(role);
  });

  serve(routes, contract.changeRole, administrator('general'), async (c) => {
    const id = identifier(RoleId, c.req.param('id'));
    const input = validated(contract.ChangeRoleInput, await readJson(c));
    const change = { ...input, id, ifMatch: ifMatch(c, presentRole) };
    const role = presentRole(await roles.updateRole.execute(c.get('administrator'), change));
    c.header('ETag', etagOf(role));
    return c.json(role);
  });

  serve(routes, contract.deleteRole, administrator('general'), async (c) => {
    const id = identifier(RoleId, c.req.param('id'));
    const { force } = readQuery(c, contract.ForceQuery);
    await roles.deleteRole.execute(c.get('administrator'), { id, force, ifMatch: ifMatch(c, presentRole) });
    return c.body(null, 204);
  });

  serve(routes, contract.checkPermission, administrator('general'), async (c) => {
    const { permission, userId } = validated(contract.CheckPermissionInput, await readJson(c));
    const whose = userId === undefined ? {} : { userId: identifier(UserId, userId) };
    return c.json(await roles.checkPermission.execute(c.get('administrator'), { permission, ...whose }));
  });
}
