import { decodeJwt } from 'jose';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { anId } from '../support/builders.ts';
import { aColleague, anAddress, anOwner, type Person } from './v1-people.ts';
import { aV1World, OWNER, PASSWORD, type V1World } from './v1-world.ts';

let world: V1World;
let platformOwner: string;
let platformOwnerId: string;
let target: Person;
beforeAll(async () => {
  world = await aV1World();
});
beforeEach(async () => {
  platformOwner = await world.owner();
  platformOwnerId = (await world.get('/auth/me', platformOwner)).body.id;
  target = await anOwner(world);
});

const impersonate = (given: object = {}, token = platformOwner) =>
  world.post('/auth/impersonate', { tenantId: target.tenantId, reason: 'support_request', ...given }, { token });

describe('POST /auth/impersonate', () => {
  it('answers with a pair that acts as the owner of the tenant, and says who acts', async () => {
    const { status, body, headers } = await impersonate({ note: 'Ticket 7' });
    expect(status).toBe(200);
    expect(headers.get('Cache-Control')).toBe('no-store');
    expect(Object.keys(body)).toEqual(['accessToken', 'refreshToken', 'expiresAt']);
    expect(decodeJwt(body.accessToken)).toMatchObject({
      sub: target.id,
      tid: target.tenantId,
      act: { sub: platformOwnerId },
    });
    const me = (await world.get('/auth/me', body.accessToken)).body;
    expect(me).toMatchObject({ id: target.id, actor: { id: platformOwnerId }, tenant: { id: target.tenantId } });
    expect((await world.get('/auth/me', target.token)).body).not.toHaveProperty('actor');
  });

  it('acts as a given member, and as nobody of another tenant', async () => {
    const member = await aColleague(world, target);
    const { body } = await impersonate({ userId: member.id });
    expect((await world.get('/auth/me', body.accessToken)).body.id).toBe(member.id);
    const stranger = await anOwner(world);
    for (const given of [
      { userId: stranger.id },
      { userId: anId<string>() },
      { userId: 'nonsense' },
      { tenantId: anId<string>() },
      { tenantId: 'nonsense' },
    ]) {
      expect(await impersonate(given), JSON.stringify(given)).toMatchObject({ status: 404, problem: 'not-found' });
    }
  });

  it('lives for an hour in all, however often it is refreshed, and keeps saying who acts', async () => {
    let { accessToken, refreshToken } = (await impersonate()).body;
    for (let minutes = 0; minutes < 50; minutes += 10) {
      world.clock.advance(600);
      const refreshed = await world.post('/auth/refresh', { refreshToken });
      expect(refreshed.status).toBe(200);
      ({ accessToken, refreshToken } = refreshed.body);
    }
    expect(decodeJwt(accessToken).act).toEqual({ sub: platformOwnerId });
    expect((await world.get('/auth/me', accessToken)).status).toBe(200);
    world.clock.advance(600);
    expect((await world.post('/auth/refresh', { refreshToken })).status).toBe(401);
    expect((await world.get('/auth/me', accessToken)).status).toBe(401);
  });

  it('is open to looks, checks, the tenant’s own face and the way out, and to nothing else', async () => {
    const { accessToken: token } = (await impersonate()).body;
    const colleague = await aColleague(world, target);
    for (const path of ['/auth/me', '/auth/tenants', '/users', `/users/${colleague.id}`, '/roles', '/invitations']) {
      expect((await world.get(path, token)).status, path).toBe(200);
    }
    expect((await world.post('/authz/check', { permission: 'users.list' }, { token })).body.allowed).toBe(true);
    const renamed = await world.call('PATCH', `/tenants/${target.tenantId}`, { token, body: { name: 'Renamed' } });
    expect(renamed).toMatchObject({ status: 200, body: { name: 'Renamed' } });
    const attempts: readonly (readonly [string, string, unknown?])[] = [
      ['POST', '/users', { email: anAddress() }],
      ['POST', '/auth/invite', { email: anAddress() }],
      ['PATCH', `/users/${colleague.id}`, { firstName: 'x' }],
      ['DELETE', `/users/${colleague.id}`],
      ['POST', `/users/${colleague.id}/roles`, { role: 'admin' }],
      ['POST', '/roles', { name: 'x', permissions: [] }],
      ['POST', '/tenants', { name: 'x' }],
      ['POST', `/tenants/${target.tenantId}/transfer`, { newOwnerId: colleague.id, password: PASSWORD }],
      ['PATCH', '/auth/me', { firstName: 'x' }],
      ['POST', '/auth/change-password', { currentPassword: PASSWORD, newPassword: 'nine orange walruses sing' }],
      ['POST', '/auth/impersonate', { tenantId: target.tenantId, reason: 'support_request' }],
      ['POST', '/auth/accept-invite', { token: 'x' }],
      ['DELETE', '/auth/sessions'],
    ];
    for (const [method, path, body] of attempts) {
      expect(await world.call(method, path, { token, body }), `${method} ${path}`).toMatchObject({
        status: 403,
        problem: 'impersonation-restricted',
      });
    }
    expect((await world.call('POST', '/auth/logout', { token })).status).toBe(204);
    expect((await world.get('/auth/me', token)).status).toBe(401);
    expect((await world.get('/auth/me', target.token)).status).toBe(200);
  });

  it('repeats nothing that the person did under an Idempotency-Key', async () => {
    const headers = { 'Idempotency-Key': 'theirs' };
    const input = { name: 'Theirs', permissions: [] };
    expect((await world.post('/roles', input, { token: target.token, headers })).status).toBe(201);
    const { accessToken: token } = (await impersonate()).body;
    expect(await world.post('/roles', input, { token, headers })).toMatchObject({
      status: 403,
      problem: 'impersonation-restricted',
    });
  });

  it('is the platform owner’s alone, and nobody acts as themselves', async () => {
    const refused = { status: 403, problem: 'forbidden', body: { requiredPermission: 'users.impersonate' } };
    expect(await impersonate({}, target.token)).toMatchObject(refused);
    expect(await impersonate({}, (await aColleague(world, target, ['admin'])).token)).toMatchObject(refused);
    const { status } = await impersonate({ tenantId: world.platform.rootTenantId });
    expect(status).toBe(403);
  });

  it('ends with whatever ends the sessions of whoever acts', async () => {
    const { accessToken } = (await impersonate()).body;
    const change = { currentPassword: OWNER.password, newPassword: 'nine orange walruses sing' };
    expect((await world.post('/auth/change-password', change, { token: platformOwner })).status).toBe(204);
    expect((await world.get('/auth/me', accessToken)).status).toBe(401);
    const back = { currentPassword: change.newPassword, newPassword: change.currentPassword };
    expect((await world.post('/auth/change-password', back, { token: platformOwner })).status).toBe(204);
  });

  it.each([
    [{ reason: undefined }, 'reason', 'REQUIRED'],
    [{ reason: 'Because I can' }, 'reason', 'INVALID_FORMAT'],
    [{ reason: 'x'.repeat(65) }, 'reason', 'TOO_LONG'],
    [{ note: 'a\u001b[31mb' }, 'note', 'NOT_ALLOWED'],
    [{ tenantId: 7 }, 'tenantId', 'INVALID_TYPE'],
    [{ userId: null }, 'userId', 'INVALID_TYPE'],
  ])('names what is wrong with %j', async (wrong, field, code) => {
    expect(await impersonate(wrong)).toMatchObject({ status: 400, body: { errors: [{ field, code }] } });
  });
});
