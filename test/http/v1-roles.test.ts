import { beforeAll, describe, expect, it } from 'vitest';
import { anId } from '../support/builders.ts';
import { aColleague, anOwner, aRole, type Person } from './v1-people.ts';
import { aV1World, PUBLIC_URL, type V1World } from './v1-world.ts';

let world: V1World;
let owner: Person;
beforeAll(async () => {
  world = await aV1World();
  owner = await anOwner(world);
});

const create = (body: unknown, by: Person = owner, headers: Record<string, string> = {}) =>
  world.post('/roles', body, { token: by.token, headers });
const patch = (id: string, body: unknown, by: Person = owner, headers: Record<string, string> = {}) =>
  world.call('PATCH', `/roles/${id}`, { token: by.token, body, headers });
const remove = (path: string, by: Person = owner, headers: Record<string, string> = {}) =>
  world.call('DELETE', `/roles/${path}`, { token: by.token, headers });
const read = (id: string, by: Person = owner) => world.get(`/roles/${id}`, by.token);

const ROLE_FIELDS = [
  'id',
  'name',
  'slug',
  'description',
  'permissions',
  'tenantId',
  'builtIn',
  'createdBy',
  'createdAt',
  'updatedAt',
];

describe('POST /roles', () => {
  it('composes a role whose slug follows from its name', async () => {
    const input = { name: ' Support  Mänager ', description: 'Answers mails', permissions: ['users.list', 'audit.*'] };
    const { status, body } = await create(input);
    expect(status).toBe(201);
    expect(Object.keys(body)).toEqual(ROLE_FIELDS);
    expect(body).toEqual({
      id: expect.any(String),
      name: 'Support  Mänager',
      slug: 'support-manager',
      description: 'Answers mails',
      permissions: ['audit.*', 'users.list'],
      tenantId: owner.tenantId,
      builtIn: false,
      createdBy: owner.id,
      createdAt: expect.stringMatching(/Z$/),
      updatedAt: expect.stringMatching(/Z$/),
    });
    expect((await read(body.id)).body).toEqual(body);
    expect(await create({ name: 'SUPPORT manager', permissions: [] })).toMatchObject({
      status: 409,
      problem: 'role-already-exists',
    });
  });

  it('takes nothing but what it names', async () => {
    const given = { id: anId<string>(), slug: 'owner', builtIn: true, tenantId: anId<string>(), createdBy: null };
    const { body } = await create({ name: 'Plain', permissions: [], ...given });
    expect(body).toMatchObject({ slug: 'plain', builtIn: false, tenantId: owner.tenantId, createdBy: owner.id });
    expect(body.id).not.toBe(given.id);
  });

  it('happens once for one Idempotency-Key', async () => {
    const headers = { 'Idempotency-Key': 'role-once' };
    const first = await create({ name: 'Once', permissions: [] }, owner, headers);
    const again = await create({ name: 'Once', permissions: [] }, owner, headers);
    expect(again).toMatchObject({ status: 201, text: first.text });
    expect(await create({ name: 'Twice', permissions: [] }, owner, headers)).toMatchObject({
      status: 422,
      problem: 'idempotency-key-reused',
    });
  });

  it.each([
    ['*', 'reserved-permission'],
    ['tenants.list', 'reserved-permission'],
    ['users.impersonate', 'reserved-permission'],
    ['Platform.Projects', 'reserved-permission'],
    ['system.*', 'reserved-permission'],
    ['crm.tickets', 'unknown-permission'],
    ['crm.*', 'unknown-permission'],
    ['users.LIST', 'unknown-permission'],
  ])('does not take %s', async (permission, slug) => {
    const answer = await create({ name: 'Never', permissions: ['users.list', permission] });
    expect(answer).toMatchObject({ status: 400, problem: slug, body: { permission } });
  });

  it('hands out nothing that the caller lacks', async () => {
    const { slug } = await aRole(world, owner, ['roles.create', 'users.list']);
    const helper = await aColleague(world, owner, [slug]);
    expect((await create({ name: 'Small', permissions: ['users.list'] }, helper)).status).toBe(201);
    for (const permission of ['users.create', 'users.*']) {
      expect(await create({ name: 'Large', permissions: [permission] }, helper)).toMatchObject({
        status: 403,
        problem: 'forbidden',
      });
    }
    const member = await aColleague(world, owner);
    expect(await create({ name: 'None', permissions: [] }, member)).toMatchObject({
      status: 403,
      body: { requiredPermission: 'roles.create' },
    });
  });

  it.each([
    [{ permissions: [] }, 'name', 'REQUIRED'],
    [{ name: 'x' }, 'permissions', 'REQUIRED'],
    [{ name: '' }, 'name', 'TOO_SHORT'],
    [{ name: 'x'.repeat(129) }, 'name', 'TOO_LONG'],
    [{ name: 'http://x' }, 'name', 'NOT_ALLOWED'],
    [{ name: '💩' }, 'name', 'INVALID_FORMAT'],
    [{ description: 7 }, 'description', 'INVALID_TYPE'],
    [{ description: 'a\u0007b' }, 'description', 'NOT_ALLOWED'],
    [{ permissions: 'users.list' }, 'permissions', 'INVALID_TYPE'],
    [{ permissions: [7] }, 'permissions.0', 'INVALID_TYPE'],
    [{ permissions: ['x'.repeat(129)] }, 'permissions.0', 'TOO_LONG'],
  ])('names what is wrong with %j', async (wrong, field, code) => {
    const given = code === 'REQUIRED' ? wrong : { name: 'Wrong', permissions: [], ...wrong };
    const answer = await create(given);
    expect(answer).toMatchObject({ status: 400, problem: 'validation-error', body: { errors: [{ field, code }] } });
  });

  it('stops at a thousand permissions', async () => {
    const platformOwner = await world.owner();
    const permissions = Array.from({ length: 1000 }, (_, n) => ({ name: `big.p${n}`, description: 'One of many' }));
    const given = { token: platformOwner };
    expect((await world.post('/modules', { name: 'big', permissions }, given)).status).toBe(201);
    const names = permissions.map(({ name }) => name);
    expect((await create({ name: 'Full', permissions: names })).status).toBe(201);
    expect(await create({ name: 'Too full', permissions: [...names, 'users.list'] })).toMatchObject({
      status: 400,
      problem: 'rbac-limit-exceeded',
      body: { limit: 1000 },
    });
  });
});

describe('GET /roles', () => {
  it('goes through the roles of the tenant alone, newest first, by cursor and by Link', async () => {
    const boss = await anOwner(world);
    const made = [await aRole(world, boss), await aRole(world, boss)].map(({ slug }) => slug).reverse();
    const first = await world.get('/roles?limit=3', boss.token);
    expect(first.status).toBe(200);
    for (const role of first.body.data) expect(Object.keys(role)).toEqual(ROLE_FIELDS);
    const link = /^<(.*)>; rel="next"$/.exec(first.headers.get('Link') ?? '')?.[1] ?? '';
    expect(link.startsWith(`${PUBLIC_URL}/api/v1/roles?`)).toBe(true);
    const second = await world.get(link.slice(PUBLIC_URL.length), boss.token);
    expect(second.body.pagination).toEqual({ nextCursor: null, hasMore: false });
    const slugs = [first, second].flatMap(({ body }) => body.data.map(({ slug }: { slug: string }) => slug));
    expect(slugs.slice(0, 2)).toEqual(made);
    expect(slugs.slice(2).sort()).toEqual(['admin', 'member', 'owner']);
    const { nextCursor } = first.body.pagination;
    expect(await world.get(`/roles?cursor=${nextCursor}`, owner.token)).toMatchObject({ problem: 'invalid-cursor' });
  });

  it('is for whoever has roles.list', async () => {
    const member = await aColleague(world, owner);
    const refused = { status: 403, problem: 'forbidden', body: { requiredPermission: 'roles.list' } };
    expect(await world.get('/roles', member.token)).toMatchObject(refused);
    expect(await read((await aRole(world, owner)).id, member)).toMatchObject(refused);
    expect(await world.get('/permissions', member.token)).toMatchObject(refused);
  });
});

describe('GET /roles/{id}', () => {
  it('carries a strong ETag, which spares the body while nothing changes', async () => {
    const { id } = await aRole(world, owner);
    const headers = { 'If-None-Match': (await read(id)).headers.get('ETag') ?? '' };
    const again = () => world.get(`/roles/${id}`, owner.token, { headers });
    expect(await again()).toMatchObject({ status: 304, text: '' });
    await patch(id, { description: 'Changed' });
    expect((await again()).status).toBe(200);
  });

  it('is 404 for a role of another tenant, like for none', async () => {
    const { id: foreign } = await aRole(world, await anOwner(world));
    for (const id of [foreign, anId<string>(), 'nonsense']) {
      expect(await read(id), id).toMatchObject({ status: 404, problem: 'not-found' });
      expect(await patch(id, { name: 'Mine' }), id).toMatchObject({ status: 404, problem: 'not-found' });
      expect(await remove(id), id).toMatchObject({ status: 404, problem: 'not-found' });
    }
  });
});

describe('PATCH /roles/{id}', () => {
  it('changes what is given; the slug stays, and the ETag is the next one', async () => {
    const { id, slug } = await aRole(world, owner, ['users.list']);
    const renamed = await patch(id, { name: 'Renamed', description: 'Other', builtIn: true, slug: 'owner' });
    expect(renamed.status).toBe(200);
    expect(renamed.body).toMatchObject({ name: 'Renamed', slug, description: 'Other', permissions: ['users.list'] });
    expect(renamed.headers.get('ETag')).toBe((await read(id)).headers.get('ETag'));
    const emptied = await patch(id, { description: null, permissions: [] });
    expect(emptied.body).toMatchObject({ name: 'Renamed', builtIn: false, description: null, permissions: [] });
  });

  it('acts on sessions that are open', async () => {
    const { id, slug } = await aRole(world, owner);
    const { token } = await aColleague(world, owner, [slug]);
    expect((await world.get('/users', token)).status).toBe(403);
    await patch(id, { permissions: ['users.list'] });
    expect((await world.get('/users', token)).status).toBe(200);
    await patch(id, { permissions: [] });
    expect((await world.get('/users', token)).status).toBe(403);
  });

  it('is done by the first of two writers who read the same', async () => {
    const { id } = await aRole(world, owner);
    const headers = { 'If-Match': (await read(id)).headers.get('ETag') ?? '' };
    expect((await patch(id, { name: 'First' }, owner, headers)).status).toBe(200);
    expect(await patch(id, { name: 'Second' }, owner, headers)).toMatchObject({ status: 412 });
    expect(await remove(id, owner, headers)).toMatchObject({ status: 412, problem: 'precondition-failed' });
    const now = { 'If-Match': (await read(id)).headers.get('ETag') ?? '' };
    expect((await remove(id, owner, now)).status).toBe(204);
  });

  it('leaves the owner role, and roles that hold more than the caller, alone', async () => {
    const roles = (await world.get('/roles', owner.token)).body.data as readonly { id: string; slug: string }[];
    const idOf = (slug: string) => roles.find((role) => role.slug === slug)?.id ?? '';
    const protectedOwner = { status: 409, problem: 'owner-protected' };
    expect(await patch(idOf('owner'), { name: 'Mine' })).toMatchObject(protectedOwner);
    expect(await remove(`${idOf('owner')}?force=true`)).toMatchObject(protectedOwner);
    const { slug } = await aRole(world, owner, ['roles.update', 'roles.delete']);
    const helper = await aColleague(world, owner, [slug]);
    const forbidden = { status: 403, problem: 'forbidden' };
    expect(await patch(idOf('admin'), { permissions: [] }, helper)).toMatchObject(forbidden);
    expect(await remove(idOf('admin'), helper)).toMatchObject(forbidden);
  });
});

describe('DELETE /roles/{id}', () => {
  it('spares a role that somebody holds, unless forced', async () => {
    const { id, slug } = await aRole(world, owner, ['users.list']);
    const { id: holder, token } = await aColleague(world, owner, [slug]);
    for (const path of [id, `${id}?force=false`]) {
      expect(await remove(path)).toMatchObject({ status: 409, problem: 'role-in-use' });
    }
    expect(await remove(`${id}?force=true`)).toMatchObject({ status: 204, text: '' });
    expect((await world.get(`/users/${holder}`, owner.token)).body.roles).toEqual([]);
    expect((await world.get('/users', token)).status).toBe(403);
    expect((await read(id)).status).toBe(404);
  });

  it.each(['', '1', 'yes', 'true&force=true'])('does not know what force=%s means', async (force) => {
    const { id } = await aRole(world, owner);
    const answer = await remove(`${id}?force=${force}`);
    expect(answer).toMatchObject({ status: 400, problem: 'validation-error', body: { errors: [{ field: 'force' }] } });
    expect((await read(id)).status).toBe(200);
  });
});

describe('POST /authz/check', () => {
  const check = (body: unknown, by: Person = owner) => world.post('/authz/check', body, { token: by.token });

  it('says whether, through which role and permission, and why', async () => {
    const { slug } = await aRole(world, owner, ['audit.*']);
    const member = await aColleague(world, owner, [slug]);
    expect(await check({ permission: 'audit.read' }, member)).toMatchObject({
      status: 200,
      body: {
        allowed: true,
        matchedBy: { role: slug, permission: 'audit.*' },
        explanation: expect.stringContaining(slug),
      },
    });
    const refused = await check({ permission: 'users.list' }, member);
    expect(refused.body).toEqual({ allowed: false, matchedBy: null, explanation: expect.any(String) });
    expect((await check({ permission: 'users.list', userId: member.id })).body.allowed).toBe(false);
    expect((await check({ permission: 'billing.view' })).body.matchedBy).toEqual({ role: 'owner', permission: '*' });
    expect((await check({ permission: 'tenants.list' })).body.allowed).toBe(false);
  });

  it('tells of others only to whoever has users.list, and of nobody elsewhere', async () => {
    const member = await aColleague(world, owner);
    expect(await check({ permission: 'audit.read', userId: owner.id }, member)).toMatchObject({
      status: 403,
      body: { requiredPermission: 'users.list' },
    });
    const other = await anOwner(world);
    for (const userId of [other.id, anId<string>(), 'nonsense']) {
      expect(await check({ permission: 'audit.read', userId }), userId).toMatchObject({ status: 404 });
    }
  });

  it.each([
    [{}, 'permission', 'REQUIRED'],
    [{ permission: '' }, 'permission', 'TOO_SHORT'],
    [{ permission: 'x'.repeat(129) }, 'permission', 'TOO_LONG'],
    [{ permission: 'a', userId: 7 }, 'userId', 'INVALID_TYPE'],
  ])('names what is wrong with %j', async (wrong, field, code) => {
    expect(await check(wrong)).toMatchObject({ status: 400, body: { errors: [{ field, code }] } });
  });
});
