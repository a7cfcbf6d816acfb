import { beforeAll, describe, expect, it } from 'vitest';
import { anId } from '../support/builders.ts';
import { aColleague, anOwner, aRole, type Person } from './v1-people.ts';
import { aV1World, type V1World } from './v1-world.ts';

let world: V1World;
let owner: Person;
beforeAll(async () => {
  world = await aV1World();
  owner = await anOwner(world);
});

const assign = (id: string, role: unknown, by: Person = owner) =>
  world.post(`/users/${id}/roles`, { role }, { token: by.token });
const unassign = (id: string, role: string, by: Person = owner, headers: Record<string, string> = {}) =>
  world.call('DELETE', `/users/${id}/roles/${role}`, { token: by.token, headers });
const permissionsOf = (id: string, by: Person = owner) => world.get(`/users/${id}/permissions`, by.token);

describe('POST /users/{id}/roles', () => {
  it('assigns a role by slug or by id, once and for all', async () => {
    const { id } = await aColleague(world, owner);
    const role = await aRole(world, owner, ['users.list']);
    expect(await assign(id, 'admin')).toMatchObject({ status: 200, text: '{"roles":["admin","member"]}' });
    const roles = ['admin', 'member', role.slug].sort();
    for (const named of [role.id, role.slug]) {
      expect(await assign(id, named)).toMatchObject({ status: 200, body: { roles } });
    }
  });

  it('acts on a session that is open', async () => {
    const { id, token } = await aColleague(world, owner);
    expect((await world.get('/users', token)).status).toBe(403);
    await assign(id, (await aRole(world, owner, ['users.list'])).slug);
    expect((await world.get('/users', token)).status).toBe(200);
  });

  it('hands out nothing that the caller lacks, and never the owner role', async () => {
    const { slug } = await aRole(world, owner, ['roles.assign', 'users.list']);
    const helper = await aColleague(world, owner, [slug]);
    const { id } = await aColleague(world, owner);
    expect((await assign(id, slug, helper)).status).toBe(200);
    expect(await assign(id, 'admin', helper)).toMatchObject({ status: 403, problem: 'forbidden' });
    expect(await assign(id, 'owner')).toMatchObject({ status: 409, problem: 'owner-protected' });
  });

  it('takes no role of another tenant, and finds nobody there', async () => {
    const other = await anOwner(world);
    const foreign = await aRole(world, other);
    const { id } = await aColleague(world, owner);
    expect(await assign(id, foreign.id)).toMatchObject({
      status: 400,
      problem: 'validation-error',
      body: { errors: [{ field: 'role', code: 'NOT_ALLOWED' }] },
    });
    for (const nobody of [other.id, anId<string>(), 'nonsense']) {
      expect(await assign(nobody, 'admin'), nobody).toMatchObject({ status: 404, problem: 'not-found' });
    }
  });

  it.each([
    [undefined, 'REQUIRED'],
    [7, 'INVALID_TYPE'],
    ['', 'TOO_SHORT'],
    ['x'.repeat(129), 'TOO_LONG'],
  ])('names what is wrong with %j', async (role, code) => {
    const answer = await assign(owner.id, role);
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ field: 'role', code }] } });
  });
});

describe('DELETE /users/{id}/roles/{role}', () => {
  it('takes a role away, by slug or by id', async () => {
    const role = await aRole(world, owner);
    const { id } = await aColleague(world, owner, ['admin', role.slug]);
    expect(await unassign(id, 'admin')).toMatchObject({ status: 204, text: '' });
    expect((await unassign(id, role.id)).status).toBe(204);
    expect((await world.get(`/users/${id}`, owner.token)).body.roles).toEqual([]);
    for (const gone of ['admin', role.id, 'never-was', "'%20or%20'", '%00']) {
      expect(await unassign(id, gone), gone).toMatchObject({ status: 404, problem: 'not-found' });
    }
  });

  it('leaves the owner the owner', async () => {
    expect(await unassign(owner.id, 'owner')).toMatchObject({ status: 409, problem: 'owner-protected' });
  });

  it('matches no entity tag, since a role of a person has none', async () => {
    const { id } = await aColleague(world, owner);
    expect(await unassign(id, 'member', owner, { 'If-Match': '"x"' })).toMatchObject({ status: 412 });
    expect((await unassign(id, 'member', owner, { 'If-Match': '*' })).status).toBe(204);
  });
});

describe('GET /users/{id}/permissions', () => {
  it('is the union of the roles', async () => {
    const roles = [await aRole(world, owner, ['users.list', 'audit.*']), await aRole(world, owner, ['users.list'])];
    const slugs = roles.map(({ slug }) => slug).sort();
    const { id } = await aColleague(world, owner, slugs);
    const { status, body } = await permissionsOf(id);
    expect(status).toBe(200);
    expect(body).toEqual({
      userId: id,
      tenantId: owner.tenantId,
      roles: slugs,
      permissions: ['audit.*', 'users.list'],
    });
  });

  it('is open to oneself, and to whoever has users.list', async () => {
    const member = await aColleague(world, owner);
    expect(await permissionsOf(member.id, member)).toMatchObject({
      status: 200,
      body: { roles: ['member'], permissions: [] },
    });
    expect(await permissionsOf(owner.id, member)).toMatchObject({
      status: 403,
      body: { requiredPermission: 'users.list' },
    });
  });

  it('carries an ETag that changes with the roles', async () => {
    const { id } = await aColleague(world, owner);
    const headers = { 'If-None-Match': (await permissionsOf(id)).headers.get('ETag') ?? '' };
    const again = () => world.get(`/users/${id}/permissions`, owner.token, { headers });
    expect((await again()).status).toBe(304);
    await assign(id, 'admin');
    expect((await again()).status).toBe(200);
  });

  it('is 404 for somebody of another tenant, like for nobody', async () => {
    const other = await anOwner(world);
    for (const id of [other.id, anId<string>(), 'nonsense']) {
      expect(await permissionsOf(id), id).toMatchObject({ status: 404, problem: 'not-found' });
    }
  });
});
