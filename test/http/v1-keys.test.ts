import { beforeAll, describe, expect, it } from 'vitest';
import { OPERATOR } from '../../src/application/actor.ts';
import type { ApiKeyPermission } from '../../src/domain/project/api-key.ts';
import type { ProjectState } from '../../src/domain/project/project.ts';
import { anEmail } from '../support/builders.ts';
import { aV1World, type Call, type V1World } from './v1-world.ts';

let world: V1World;
let shop: ProjectState;
let manage: Call;
beforeAll(async () => {
  world = await aV1World();
  const settings = { signingAlgorithm: 'ES256', emailVerificationRequired: false } as const;
  shop = await world.iam.projects.createProject.execute(OPERATOR, { name: 'Shop', settings });
  manage = await aKey('manage');
});

async function aKey(...permissions: readonly ApiKeyPermission[]): Promise<Call> {
  const input = { projectId: shop.id, name: 'back end', permissions };
  const { key } = await world.iam.projects.createApiKey.execute(OPERATOR, input);
  return { headers: { 'X-API-Key': key, 'X-Project-Id': shop.id } };
}

describe('a manage key', () => {
  it('administers people, roles and the trail of the root tenant, over a project that serves v1 to nobody else', async () => {
    const email = anEmail();
    const created = await world.post('/users', { email, roles: ['admin'] }, manage);
    expect(created).toMatchObject({ status: 201, body: { email, status: 'invited', tenantId: shop.rootTenantId } });
    const { id } = created.body;
    expect((await world.call('GET', '/users?status=invited', manage)).body.data).toEqual([
      expect.objectContaining({ id }),
    ]);
    expect((await world.post('/roles', { name: 'Desk', permissions: ['billing.view'] }, manage)).status).toBe(201);
    const assigned = await world.post(`/users/${id}/roles`, { role: 'desk' }, manage);
    expect(assigned).toMatchObject({ status: 200, body: { roles: ['admin', 'desk'] } });
    const check = await world.post('/authz/check', { permission: 'billing.view', userId: id }, manage);
    expect(check).toMatchObject({ status: 200, body: { allowed: true } });
    const { body } = await world.call('GET', '/audit/records?action=role.created', manage);
    expect(body.data).toContainEqual(expect.objectContaining({ action: 'role.created', tenantId: shop.rootTenantId }));
    expect((await world.call('DELETE', `/users/${id}`, manage)).status).toBe(204);
  });

  it.each([
    ['GET', '/auth/me'],
    ['GET', '/auth/sessions'],
    ['GET', '/tenants'],
    ['POST', '/auth/invite'],
    ['GET', '/invitations'],
    ['GET', '/audit/export'],
    ['GET', '/projects'],
    ['POST', '/auth/impersonate'],
  ] as const)('is not accepted at %s %s', async (method, path) => {
    expect(await world.call(method, path, { ...manage, body: method === 'POST' ? {} : undefined })).toMatchObject({
      status: 401,
      problem: 'token-invalid',
    });
  });

  it('is told apart from a key that administers nothing', async () => {
    const key = await aKey('auth');
    expect(await world.call('GET', '/users', key)).toMatchObject({ status: 403, problem: 'forbidden' });
  });
});
