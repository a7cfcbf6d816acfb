import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { IamError } from '../../../domain/errors.ts';
import { TenantId } from '../../../domain/tenant/tenant.ts';
import type { HttpDependencies, HttpEnvironment } from '../environment.ts';
import { readJson } from '../middleware/body.ts';
import { validated } from '../middleware/validated.ts';
import { CursorCodec } from './cursor.ts';
import { serve } from './documented.ts';
import type { Doors } from './doors.ts';
import { etagOf, ifMatch, isKnownToCaller } from './etag.ts';
import type { CreateOnce } from './idempotency.ts';
import { identifier } from './identifier.ts';
import { pageAnswer, pageRequest } from './page.ts';
import { presentTenant } from './tenancy-presenters.ts';
import * as contract from './tenant-contract.ts';

/** Tenants: those that people found, and all of them for the owner of the platform. */
export function tenantRoutes(
  routes: OpenAPIHono<HttpEnvironment>,
  { iam: { tenants }, httpKey, publicUrl }: HttpDependencies,
  { actor }: Doors,
  once: CreateOnce,
): void {
  serve(routes, contract.createTenant, actor('general'), async (c) => {
    const body = await readJson(c);
    return once(c, { body, secret: false, authorise: () => assertMayFound(c) }, async () => {
      const input = validated(contract.CreateTenantInput, body);
      return c.json(presentTenant(await tenants.createTenant.execute(c.get('actor'), input)), 201);
    });
  });

  serve(routes, contract.listTenants, actor('general'), async (c) => {
    const cursors = new CursorCodec(httpKey, `tenants of ${c.get('project').id}`, TenantId);
    const request = pageRequest(c, cursors);
    const page = await tenants.listTenants.execute(c.get('actor'), request);
    return pageAnswer(c, page, request, { present: presentTenant, cursors, address: `${publicUrl}/api/v1/tenants` });
  });

  serve(routes, contract.readTenant, actor('general'), async (c) => {
    const tenant = presentTenant(await tenants.readTenant.execute(c.get('actor'), tenantIdOf(c)));
    return isKnownToCaller(c, tenant) ? c.body(null, 304) : c.json(tenant);
  });

  serve(routes, contract.changeTenant, actor('general'), async (c) => {
    const id = tenantIdOf(c);
    const input = validated(contract.ChangeTenantInput, await readJson(c));
    const change = { ...input, id, ifMatch: ifMatch(c, presentTenant) };
    const tenant = presentTenant(await tenants.updateTenant.execute(c.get('actor'), change));
    c.header('ETag', etagOf(tenant));
    return c.json(tenant);
  });

  serve(routes, contract.blockTenant, actor('general'), async (c) =>
    c.json(presentTenant(await tenants.blockTenant.execute(c.get('actor'), tenantIdOf(c)))),
  );

  serve(routes, contract.unblockTenant, actor('general'), async (c) =>
    c.json(presentTenant(await tenants.unblockTenant.execute(c.get('actor'), tenantIdOf(c)))),
  );
}

function tenantIdOf(c: Context<HttpEnvironment>): TenantId {
  return identifier(TenantId, c.req.param('id'));
}

/** @throws IamError `forbidden` */
function assertMayFound(c: Context<HttpEnvironment>): void {
  if (!c.get('project').settings.selfServiceTenants) throw new IamError('forbidden', {});
}
