import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { OPERATOR } from '../../src/application/actor.ts';
import { anId } from '../support/builders.ts';
import { aColleague, anOwner, aRole, type Person } from './v1-people.ts';
import { aV1World, PASSWORD, PUBLIC_URL, type V1World } from './v1-world.ts';

let world: V1World;
let platformOwner: string;
let owner: Person;
beforeAll(async () => {
  world = await aV1World();
  owner = await anOwner(world);
});
beforeEach(async () => {
  platformOwner = await world.owner();
});

const create = (body: unknown, token: string, headers: Record<string, string> = {}) =>
  world.post('/tenants', body, { token, headers });
const read = (id: string, token: string, headers: Record<string, string> = {}) =>
  world.get(`/tenants/${id}`, token, { headers });
const patch = (id: string, body: unknown, token: string, headers: Record<string, string> = {}) =>
  world.call('PATCH', `/tenants/${id}`, { token, body, headers });
const act = (id: string, what: 'block' | 'unblock', token: string) =>
  world.call('POST', `/tenants/${id}/${what}`, { token });

const NOT_FOUND = { status: 404, problem: 'not-found' };
const needs = (requiredPermission: string) => ({ status: 403, problem: 'forbidden', body: { requiredPermission } });

describe('POST /tenants', () => {
  it('founds a tenant that the caller owns, with its starter roles', async () => {
    const founder = await anOwner(world);
    const logoUrl = 'https://example.test/logo.png';
    const { status, body } = await create({ name: 'Second', logoUrl }, founder.token);
    expect(status).toBe(201);
    expect(body).toEqual({
      id: expect.any(String),
      name: 'Second',
      logoUrl,
      ownerId: founder.id,
      blockedAt: null,
      createdAt: expect.stringMatching(/Z$/),
      updatedAt: expect.stringMatching(/Z$/),
    });
    const { data } = (await world.get('/auth/tenants', founder.token)).body;
    expect(data).toContainEqual({
      id: body.id,
      name: 'Second',
      logoUrl,
      role: 'owner',
      roles: ['owner'],
      current: false,
    });
    const switched = await world.post('/auth/switch-tenant', { tenantId: body.id }, { token: founder.token });
    const roles = (await world.get('/roles', switched.body.accessToken)).body.data;
    expect(roles.map(({ slug }: { slug: string }) => slug).sort()).toEqual(['admin', 'member', 'owner']);
  });

  it('takes nothing but what it names', async () => {
    const given = { id: anId<string>(), ownerId: anId<string>(), blockedAt: '2030-01-01T00:00:00Z', roleCount: 0 };
    const { body } = await create({ name: 'Plain', ...given }, owner.token);
    expect(body).toMatchObject({ ownerId: owner.id, blockedAt: null, logoUrl: null });
    expect(body.id).not.toBe(given.id);
  });

  it('happens once for one Idempotency-Key', async () => {
    const headers = { 'Idempotency-Key': 'tenant-once' };
    const first = await create({ name: 'Once' }, owner.token, headers);
    expect(await create({ name: 'Once' }, owner.token, headers)).toMatchObject({ status: 201, text: first.text });
    expect(await create({ name: 'Other' }, owner.token, headers)).toMatchObject({ status: 422 });
    const { data } = (await world.get('/auth/tenants', owner.token)).body;
    expect(data.filter(({ name }: { name: string }) => name === 'Once')).toHaveLength(1);
  });

  it('wants a proven address, and a project that lets people found tenants', async () => {
    const { token } = await world.person();
    expect(await create({ name: 'Early' }, token)).toMatchObject({ status: 403, problem: 'email-not-verified' });
    const world2 = await aV1World();
    const founder = await anOwner(world2);
    const given = { token: founder.token, headers: { 'Idempotency-Key': 'k' } };
    expect((await world2.post('/tenants', { name: 'Open' }, given)).status).toBe(201);
    const settings = { selfServiceTenants: false };
    await world2.iam.projects.updateProject.execute(OPERATOR, { id: world2.platform.id, settings });
    const closed = { status: 403, problem: 'forbidden' };
    expect(await world2.post('/tenants', { name: 'Open' }, given)).toMatchObject(closed);
    expect(await world2.post('/tenants', { name: 'Open' }, { token: founder.token })).toMatchObject(closed);
  });

  it.each([
    [{}, 'name', 'REQUIRED'],
    [{ name: '' }, 'name', 'TOO_SHORT'],
    [{ name: 'see http://evil.example' }, 'name', 'NOT_ALLOWED'],
    [{ name: 'two\r\nlines' }, 'name', 'NOT_ALLOWED'],
    [{ name: 'x', logoUrl: 'data:image/png;base64,x' }, 'logoUrl', 'INVALID_FORMAT'],
    [{ name: 'x', logoUrl: 7 }, 'logoUrl', 'INVALID_TYPE'],
  ])('names what is wrong with %j', async (wrong, field, code) => {
    expect(await create(wrong, owner.token)).toMatchObject({ status: 400, body: { errors: [{ field, code }] } });
  });
});

describe('GET and PATCH /tenants/{id}', () => {
  it('are read with a strong ETag and changed by the first of two writers', async () => {
    const { token, tenantId } = await anOwner(world);
    const etag = (await read(tenantId, token)).headers.get('ETag') ?? '';
    expect(await read(tenantId, token, { 'If-None-Match': etag })).toMatchObject({ status: 304, text: '' });
    const first = await patch(tenantId, { name: 'First' }, token, { 'If-Match': etag });
    expect(first).toMatchObject({ status: 200, body: { id: tenantId, name: 'First' } });
    expect(first.headers.get('ETag')).toBe((await read(tenantId, token)).headers.get('ETag'));
    const second = await patch(tenantId, { name: 'Second' }, token, { 'If-Match': etag });
    expect(second).toMatchObject({ status: 412, problem: 'precondition-failed' });
    const logoUrl = 'https://example.test/l.svg';
    expect((await patch(tenantId, { logoUrl }, token)).body).toMatchObject({ name: 'First', logoUrl });
    expect((await patch(tenantId, { logoUrl: null, ownerId: null }, token)).body).toMatchObject({
      logoUrl: null,
      ownerId: first.body.ownerId,
    });
  });

  it('take settings.read and settings.update in the tenant that one acts in', async () => {
    const { slug } = await aRole(world, owner, ['settings.read']);
    const reader = await aColleague(world, owner, [slug]);
    const member = await aColleague(world, owner);
    expect((await read(owner.tenantId, reader.token)).status).toBe(200);
    expect(await read(owner.tenantId, member.token)).toMatchObject(needs('settings.read'));
    expect(await patch(owner.tenantId, { name: 'x' }, reader.token)).toMatchObject(needs('settings.update'));
  });

  it('are 404 for another tenant, one’s own elsewhere too, like for none', async () => {
    const other = await anOwner(world);
    const second = (await create({ name: 'Second' }, owner.token)).body.id;
    for (const id of [other.tenantId, second, anId<string>(), 'nonsense']) {
      expect(await read(id, owner.token), id).toMatchObject(NOT_FOUND);
      expect(await patch(id, { name: 'Mine' }, owner.token), id).toMatchObject(NOT_FOUND);
    }
    expect((await read(other.tenantId, other.token)).body.name).not.toBe('Mine');
  });

  it('are open to the owner of the platform, for every tenant', async () => {
    const { tenantId } = await anOwner(world);
    expect((await read(tenantId, platformOwner)).body.id).toBe(tenantId);
    expect((await patch(tenantId, { name: 'Renamed' }, platformOwner)).body.name).toBe('Renamed');
  });

  it.each([
    [{ name: null }, 'name', 'INVALID_TYPE'],
    [{ name: 'a://b' }, 'name', 'NOT_ALLOWED'],
    [{ logoUrl: '/logo.png' }, 'logoUrl', 'INVALID_FORMAT'],
  ])('name what is wrong with %j', async (wrong, field, code) => {
    const answer = await patch(owner.tenantId, wrong, owner.token);
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ field, code }] } });
  });
});

describe('GET /tenants', () => {
  it('goes through all tenants, newest first, by cursor and by Link, for the owner of the platform', async () => {
    const newest = [await anOwner(world), await anOwner(world)].map(({ tenantId }) => tenantId).reverse();
    const first = await world.get('/tenants?limit=1', platformOwner);
    expect(first.status).toBe(200);
    const link = /^<(.*)>; rel="next"$/.exec(first.headers.get('Link') ?? '')?.[1] ?? '';
    expect(link.startsWith(`${PUBLIC_URL}/api/v1/tenants?`)).toBe(true);
    const second = await world.get(link.slice(PUBLIC_URL.length), platformOwner);
    expect([first, second].map(({ body }) => body.data[0].id)).toEqual(newest);
    expect(Object.keys(first.body.data[0])).toEqual(Object.keys((await read(owner.tenantId, owner.token)).body));
    expect(await world.get('/tenants', owner.token)).toMatchObject(needs('tenants.list'));
  });
});

describe('POST /tenants/{id}/block', () => {
  it('ends the sessions of a tenant until it is unblocked, by the owner of the platform alone', async () => {
    const { token, tenantId, email } = await anOwner(world);
    const blocked = await act(tenantId, 'block', platformOwner);
    expect(blocked).toMatchObject({ status: 200, body: { id: tenantId, blockedAt: expect.stringMatching(/Z$/) } });
    expect((await world.get('/auth/me', token)).status).toBe(401);
    const login = () => world.post('/auth/login', { email, password: PASSWORD });
    expect(await login()).toMatchObject({ status: 403, problem: 'tenant-blocked' });
    expect((await act(tenantId, 'block', platformOwner)).body.blockedAt).toBe(blocked.body.blockedAt);
    expect(await act(tenantId, 'unblock', platformOwner)).toMatchObject({ status: 200, body: { blockedAt: null } });
    expect((await login()).status).toBe(200);
  });

  it('is nobody else’s, and finds no tenant by an unknown id', async () => {
    for (const what of ['block', 'unblock'] as const) {
      expect(await act(owner.tenantId, what, owner.token)).toMatchObject(needs('tenants.block'));
      for (const id of [anId<string>(), 'nonsense']) {
        expect(await act(id, what, platformOwner), id).toMatchObject(NOT_FOUND);
      }
    }
    expect((await world.get('/auth/me', owner.token)).status).toBe(200);
  });
});
