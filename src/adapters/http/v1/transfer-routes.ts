import type { OpenAPIHono } from '@hono/zod-openapi';
import { EVERYTHING } from '../../../domain/role/permission.ts';
import { TenantId } from '../../../domain/tenant/tenant.ts';
import { UserId } from '../../../domain/user/user.ts';
import type { HttpDependencies, HttpEnvironment } from '../environment.ts';
import { readJson } from '../middleware/body.ts';
import { validated } from '../middleware/validated.ts';
import { assertAllowed } from './assert-allowed.ts';
import { serve } from './documented.ts';
import type { Doors } from './doors.ts';
import { assertIfMatchIsAny } from './etag.ts';
import type { CreateOnce } from './idempotency.ts';
import { identifier } from './identifier.ts';
import { moment } from './moment.ts';
import { presentTenant } from './tenancy-presenters.ts';
import * as contract from './tenant-contract.ts';

/** A tenant passes from its owner to another member. */
export function transferRoutes(
  routes: OpenAPIHono<HttpEnvironment>,
  { iam: { tenants } }: HttpDependencies,
  { actor }: Doors,
  once: CreateOnce,
): void {
  serve(routes, contract.offerTransfer, actor('general'), async (c) => {
    const tenantId = identifier(TenantId, c.req.param('id'));
    const body = await readJson(c);
    const authorise = () => assertAllowed(c.get('actor'), EVERYTHING);
    return once(c, { body, secret: false, authorise }, async () => {
      const { newOwnerId, ...factors } = validated(contract.TransferInput, body);
      const offer = { ...factors, tenantId, newOwnerId: identifier(UserId, newOwnerId) };
      const transfer = await tenants.offerTransfer.execute(c.get('actor'), offer);
      return c.json({ id: transfer.id, newOwnerId: transfer.newOwnerId, expiresAt: moment(transfer.expiresAt) }, 202);
    });
  });

  serve(routes, contract.acceptTransfer, actor('general'), async (c) => {
    const tenantId = identifier(TenantId, c.req.param('id'));
    return c.json(presentTenant(await tenants.acceptTransfer.execute(c.get('actor'), tenantId)));
  });

  serve(routes, contract.cancelTransfer, actor('general'), async (c) => {
    const tenantId = identifier(TenantId, c.req.param('id'));
    assertIfMatchIsAny(c);
    await tenants.cancelTransfer.execute(c.get('actor'), tenantId);
    return c.body(null, 204);
  });
}
