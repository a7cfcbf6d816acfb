import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { OPERATOR } from '../../src/application/actor.ts';
import { anId } from '../support/builders.ts';
import { aColleague, anAddress, anOwner, aRole, invitationTo, type Person, protect } from './v1-people.ts';
import { aV1World, PASSWORD, PUBLIC_URL, type V1World } from './v1-world.ts';

const HOURS = 3600;
const NEW_PASSWORD = 'nine orange walruses sing';
const NOT_FOUND = { status: 404, problem: 'not-found' };
const TOKEN_INVALID = { status: 401, problem: 'token-invalid' };
const needs = (requiredPermission: string) => ({ status: 403, problem: 'forbidden', body: { requiredPermission } });

let world: V1World;
let owner: Person;
beforeAll(async () => {
  world = await aV1World();
  owner = await anOwner(world);
});
beforeEach(async () => {
  const { body } = await world.post('/auth/login', { email: owner.email, password: PASSWORD });
  owner = { ...owner, token: body.accessToken };
});

const invite = (body: unknown, by: Pick<Person, 'token'> = owner, headers: Record<string, string> = {}) =>
  world.post('/auth/invite', body, { token: by.token, headers });
const accept = (body: unknown, given: Parameters<V1World['post']>[2] = {}) =>
  world.post('/auth/accept-invite', body, given);
const list = (query = '', by: Person = owner) => world.get(`/invitations${query}`, by.token);
const resend = (id: string, by: Person = owner) => world.call('POST', `/invitations/${id}/resend`, { token: by.token });
const revoke = (id: string, by: Person = owner, headers: Record<string, string> = {}) =>
  world.call('DELETE', `/invitations/${id}`, { token: by.token, headers });

async function anInvitation(roles?: readonly string[]) {
  const email = anAddress();
  const { id } = (await invite({ email, roles })).body;
  return { id: id as string, email, token: await invitationTo(world, email) };
}

describe('POST /auth/invite', () => {
  it('answers with the invitation, for 72 hours, and mails its token', async () => {
    const email = anAddress();
    const { status, body } = await invite({ email, roles: ['member', 'admin'] });
    expect(status).toBe(201);
    expect(Object.keys(body)).toEqual(['id', 'email', 'roles', 'expiresAt']);
    expect(body).toMatchObject({ email, roles: ['admin', 'member'] });
    expect(Date.parse(body.expiresAt)).toBe(world.clock.now().getTime() + 72 * HOURS * 1000);
    expect(body).not.toHaveProperty('token');
    expect(await invitationTo(world, email)).toEqual(expect.any(String));
    expect(await invite({ email })).toMatchObject({ status: 409, problem: 'invitation-pending' });
  });

  it('happens once for one Idempotency-Key', async () => {
    const headers = { 'Idempotency-Key': 'invite' };
    const body = { email: anAddress() };
    const first = await invite(body, owner, headers);
    expect(await invite(body, owner, headers)).toMatchObject({ status: 201, text: first.text });
    expect(await invite({ email: anAddress() }, owner, headers)).toMatchObject({ status: 422 });
  });

  it('takes users.create, and hands out nothing that the caller lacks', async () => {
    expect(await invite({ email: anAddress() }, await aColleague(world, owner))).toMatchObject(needs('users.create'));
    const { slug } = await aRole(world, owner, ['users.create']);
    const helper = await aColleague(world, owner, [slug]);
    expect((await invite({ email: anAddress() }, helper)).status).toBe(201);
    expect(await invite({ email: anAddress(), roles: ['admin'] }, helper)).toMatchObject({
      status: 403,
      problem: 'forbidden',
    });
  });

  it('mails one address three times a day at most, over all tenants', async () => {
    const email = anAddress();
    for (let day = 0; day < 3; day += 1) {
      expect((await invite({ email }, await anOwner(world))).status).toBe(201);
    }
    const refused = await invite({ email }, owner);
    expect(refused).toMatchObject({ status: 429, problem: 'rate-limited' });
    expect(Number(refused.headers.get('Retry-After'))).toBeGreaterThan(0);
  });

  it('takes an address and slugs, and nothing else', async () => {
    for (const [body, field, code] of [
      [{}, 'email', 'REQUIRED'],
      [{ email: 'nobody' }, 'email', 'INVALID_FORMAT'],
      [{ email: anAddress(), roles: {} }, 'roles', 'INVALID_TYPE'],
    ] as const) {
      expect(await invite(body)).toMatchObject({ status: 400, body: { errors: [{ field, code }] } });
    }
  });
});

describe('POST /auth/accept-invite', () => {
  it('makes an account of a new address, proven and signed in to the tenant', async () => {
    const { email, token } = await anInvitation(['admin']);
    const { status, body, headers } = await accept({ token, password: NEW_PASSWORD, firstName: 'Bob', lastName: 'B.' });
    expect(status).toBe(201);
    expect(headers.get('Cache-Control')).toBe('no-store');
    expect(Object.keys(body)).toEqual(['accessToken', 'refreshToken', 'expiresAt', 'user']);
    expect(body.user).toMatchObject({
      email,
      firstName: 'Bob',
      lastName: 'B.',
      emailVerified: true,
      status: 'active',
      tenantId: owner.tenantId,
      roles: ['admin'],
    });
    expect((await world.get('/auth/me', body.accessToken)).body).toMatchObject(body.user);
    expect((await world.post('/auth/login', { email, password: NEW_PASSWORD })).status).toBe(200);
    expect((await world.get(`/users/${body.user.id}`, owner.token)).body.status).toBe('active');
    expect(await accept({ token, password: NEW_PASSWORD })).toMatchObject(TOKEN_INVALID);
  });

  it('takes nothing but what it names', async () => {
    const { email, token } = await anInvitation();
    const given = { email: anAddress(), roles: ['owner'], tenantId: anId<string>(), userId: anId<string>() };
    const { body } = await accept({ token, password: NEW_PASSWORD, ...given, metadata: { admin: true } });
    expect(body.user).toMatchObject({ email, roles: ['member'], tenantId: owner.tenantId, metadata: {} });
  });

  it('refuses a weak password, and the token lives on', async () => {
    const { token } = await anInvitation();
    expect(await accept({ token, password: 'short' })).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'password', code: 'TOO_SHORT' }] },
    });
    expect(await accept({ token, password: 'password1234' })).toMatchObject({
      status: 400,
      problem: 'weak-password',
      body: { errors: [{ field: 'password', code: 'NOT_ALLOWED' }] },
    });
    expect((await accept({ token, password: NEW_PASSWORD })).status).toBe(201);
  });

  it('asks a known address for its own password and code', async () => {
    const known = await anOwner(world);
    const code = await protect(world, known);
    await invite({ email: known.email });
    const token = await invitationTo(world, known.email);
    expect(await accept({ token, password: NEW_PASSWORD })).toMatchObject({
      status: 401,
      problem: 'invalid-credentials',
    });
    expect(await accept({ token, password: PASSWORD })).toMatchObject({ status: 401, problem: 'mfa-required' });
    expect(await accept({ token, password: PASSWORD, mfaCode: '000000' })).toMatchObject({
      status: 401,
      problem: 'mfa-invalid',
    });
    const joined = await accept({ token, password: PASSWORD, mfaCode: await code(), firstName: 'Not mine' });
    expect(joined).toMatchObject({ status: 201, body: { user: { id: known.id, firstName: null, roles: ['member'] } } });
    expect((await world.get('/auth/tenants', known.token)).body.data).toHaveLength(2);
    expect((await world.get('/auth/me', known.token)).body.tenant.id).toBe(known.tenantId);
  });

  it('takes the bearer of a known address in place of its password, and no other', async () => {
    const known = await anOwner(world);
    await invite({ email: known.email });
    const token = await invitationTo(world, known.email);
    expect(await accept({ token }, { token: owner.token })).toMatchObject(TOKEN_INVALID);
    expect(await accept({ token }, { token: 'guess' })).toMatchObject(TOKEN_INVALID);
    expect(await accept({ token })).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'password', code: 'REQUIRED' }] },
    });
    const joined = await accept({ token }, { token: known.token });
    expect(joined).toMatchObject({ status: 201, body: { user: { id: known.id, tenantId: owner.tenantId } } });
  });

  it('keeps no answer for an Idempotency-Key: its repetition hears that it is done', async () => {
    const { token } = await anInvitation();
    const headers = { 'Idempotency-Key': 'join' };
    const body = { token, password: NEW_PASSWORD };
    const first = await accept(body, { headers });
    expect(first.status).toBe(201);
    const again = await accept(body, { headers });
    expect(again).toMatchObject({ status: 409, problem: 'already-done' });
    expect(again.text).not.toContain(first.body.refreshToken);
  });

  it('is of its own project', async () => {
    const settings = { v1Enabled: true, signingAlgorithm: 'ES256', emailVerificationRequired: false } as const;
    const shop = await world.iam.projects.createProject.execute(OPERATOR, { name: 'Shop', settings });
    const { token } = await anInvitation();
    const body = { token, password: NEW_PASSWORD };
    expect(await accept(body, { headers: { 'X-Project-Id': shop.id } })).toMatchObject(TOKEN_INVALID);
    expect((await accept(body)).status).toBe(201);
  });

  it('says when it is too late, and when whoever sent it could not any more', async () => {
    const late = await anInvitation();
    const admin = await aColleague(world, owner, ['admin']);
    const email = anAddress();
    await invite({ email }, admin);
    const token = await invitationTo(world, email);
    await world.call('DELETE', `/users/${admin.id}/roles/admin`, { token: owner.token });
    expect(await accept({ token, password: NEW_PASSWORD })).toMatchObject({ status: 403, problem: 'forbidden' });
    world.clock.advance(72 * HOURS);
    expect(await accept({ token: late.token, password: NEW_PASSWORD })).toMatchObject({
      status: 401,
      problem: 'token-expired',
    });
  });

  it.each([
    [{ password: NEW_PASSWORD }, 'token', 'REQUIRED'],
    [{ token: 7 }, 'token', 'INVALID_TYPE'],
    [{ token: 'x'.repeat(513) }, 'token', 'TOO_LONG'],
    [{ token: 'x', firstName: 'a://b' }, 'firstName', 'NOT_ALLOWED'],
    [{ token: 'x', mfaCode: 1 }, 'mfaCode', 'INVALID_TYPE'],
  ])('names what is wrong with %j', async (wrong, field, code) => {
    expect(await accept(wrong)).toMatchObject({ status: 400, body: { errors: [{ field, code }] } });
  });

  it('is counted with registrations', async () => {
    const world = await aV1World();
    const settings = { rateLimits: { register: { limit: 3, windowSeconds: 60 } } };
    await world.iam.projects.updateProject.execute(OPERATOR, { id: world.platform.id, settings });
    const answer = await world.post('/auth/accept-invite', { token: 'x', password: NEW_PASSWORD });
    expect(answer.headers.get('RateLimit-Policy')).toBe('"register";q=3;w=60');
  });
});

describe('GET /invitations', () => {
  it('lists what nobody has accepted yet, newest first, by cursor and by Link, of the tenant alone', async () => {
    const boss = await anOwner(world);
    const made: string[] = [];
    for (let n = 0; n < 3; n += 1) made.unshift((await invite({ email: anAddress() }, boss)).body.id);
    await aColleague(world, boss);
    const first = await list('?limit=2', boss);
    expect(first.status).toBe(200);
    expect(Object.keys(first.body.data[0])).toEqual(['id', 'email', 'roles', 'expiresAt', 'createdAt', 'invitedBy']);
    expect(first.body.data[0]).toMatchObject({ roles: ['member'], invitedBy: boss.id });
    const link = /^<(.*)>; rel="next"$/.exec(first.headers.get('Link') ?? '')?.[1] ?? '';
    expect(link.startsWith(`${PUBLIC_URL}/api/v1/invitations?`)).toBe(true);
    const second = await world.get(link.slice(PUBLIC_URL.length), boss.token);
    const ids = [first, second].flatMap(({ body }) => body.data.map(({ id }: { id: string }) => id));
    expect(ids).toEqual(made);
    const { nextCursor } = first.body.pagination;
    expect(await list(`?cursor=${nextCursor}`)).toMatchObject({ status: 400, problem: 'invalid-cursor' });
  });

  it('is for whoever has users.list', async () => {
    expect(await list('', await aColleague(world, owner))).toMatchObject(needs('users.list'));
  });
});

describe('POST /invitations/{id}/resend', () => {
  it('mails another token; the older one is dead', async () => {
    const { id, email, token } = await anInvitation();
    expect(await resend(id)).toMatchObject({ status: 202, text: '' });
    const newer = await invitationTo(world, email);
    expect(await accept({ token, password: NEW_PASSWORD })).toMatchObject(TOKEN_INVALID);
    expect((await accept({ token: newer, password: NEW_PASSWORD })).status).toBe(201);
    expect(await resend(id)).toMatchObject(NOT_FOUND);
  });
});

describe('DELETE /invitations/{id}', () => {
  it('takes the invitation back: its token is dead, and nobody stands in the list', async () => {
    const { id, email, token } = await anInvitation();
    expect(await revoke(id)).toMatchObject({ status: 204, text: '' });
    expect(await accept({ token, password: NEW_PASSWORD })).toMatchObject(TOKEN_INVALID);
    const found = await world.get(`/users?search=${encodeURIComponent(email)}&includeDeleted=true`, owner.token);
    expect(found.body.data).toEqual([]);
    expect(await revoke(id)).toMatchObject(NOT_FOUND);
  });

  it('matches no entity tag, since an invitation by itself is not read', async () => {
    const { id } = await anInvitation();
    expect(await revoke(id, owner, { 'If-Match': '"x"' })).toMatchObject({ status: 412 });
    expect((await revoke(id, owner, { 'If-Match': '*' })).status).toBe(204);
  });
});

describe('an invitation', () => {
  it('is 404 for another tenant, like none, and takes users.create', async () => {
    const { id } = await anInvitation();
    const other = await anOwner(world);
    const member = await aColleague(world, owner);
    for (const change of [resend, revoke]) {
      expect(await change(id, other)).toMatchObject(NOT_FOUND);
      expect(await change(id, member)).toMatchObject(needs('users.create'));
      for (const unknown of [anId<string>(), 'nonsense']) expect(await change(unknown)).toMatchObject(NOT_FOUND);
    }
    expect((await list()).body.data).toContainEqual(expect.objectContaining({ id }));
  });
});
