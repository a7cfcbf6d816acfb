import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { anId } from '../support/builders.ts';
import { aColleague, anOwner, type Person, protect } from './v1-people.ts';
import { aV1World, latest, PASSWORD, type V1World } from './v1-world.ts';

const HOURS = 3600;
const NOT_FOUND = { status: 404, problem: 'not-found' };

let world: V1World;
let owner: Person;
let heir: Person;
beforeAll(async () => {
  world = await aV1World();
});
beforeEach(async () => {
  owner = await anOwner(world);
  heir = await aColleague(world, owner);
});

const offer = (given: object = {}, by: Person = owner, headers: Record<string, string> = {}) => {
  const body = { newOwnerId: heir.id, password: PASSWORD, ...given };
  return world.post(`/tenants/${owner.tenantId}/transfer`, body, { token: by.token, headers });
};
const accept = (by: Person = heir, tenantId = owner.tenantId) =>
  world.call('POST', `/tenants/${tenantId}/transfer/accept`, { token: by.token });
const cancel = (by: Person, headers: Record<string, string> = {}) =>
  world.call('DELETE', `/tenants/${owner.tenantId}/transfer`, { token: by.token, headers });
const rolesOf = async ({ token }: Person) => (await world.get('/auth/me', token)).body.roles;

describe('POST /tenants/{id}/transfer', () => {
  it('offers the tenant for 72 hours, and mails both', async () => {
    const { status, body } = await offer();
    expect(status).toBe(202);
    expect(body).toEqual({ id: expect.any(String), newOwnerId: heir.id, expiresAt: expect.stringMatching(/Z$/) });
    expect(Date.parse(body.expiresAt)).toBe(world.clock.now().getTime() + 72 * HOURS * 1000);
    expect(latest(await world.mailsTo(owner.email), 'transfer-offered').toNewOwner).toBe(false);
    expect(latest(await world.mailsTo(heir.email), 'transfer-offered').toNewOwner).toBe(true);
    expect(await offer()).toMatchObject({ status: 409, problem: 'transfer-in-progress' });
    expect(await rolesOf(owner)).toEqual(['owner']);
  });

  it('happens once for one Idempotency-Key', async () => {
    const headers = { 'Idempotency-Key': 'hand-over' };
    const first = await offer({}, owner, headers);
    expect(await offer({}, owner, headers)).toMatchObject({ status: 202, text: first.text });
    await accept();
    expect(await offer({}, owner, headers)).toMatchObject({ status: 403, problem: 'forbidden' });
  });

  it('takes the password, the code of the authenticator app, and a recent authentication', async () => {
    expect(await offer({ password: 'not the password at all' })).toMatchObject({
      status: 401,
      problem: 'invalid-credentials',
    });
    expect(await offer({ password: undefined })).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'password', code: 'REQUIRED' }] },
    });
    const code = await protect(world, owner);
    expect(await offer()).toMatchObject({ status: 401, problem: 'mfa-required' });
    expect((await offer({ mfaCode: await code() })).status).toBe(202);
    await cancel(owner);
    world.clock.advance(301);
    const late = await offer({ mfaCode: await code() });
    expect(late).toMatchObject({ status: 401, problem: 'reauthentication-required' });
    expect(late.headers.get('WWW-Authenticate')).toContain('max_age=300');
  });

  it('is the owner’s, and names another member', async () => {
    const admin = await aColleague(world, owner, ['admin']);
    expect(await offer({}, admin)).toMatchObject({ status: 403, problem: 'forbidden' });
    const other = await anOwner(world);
    expect(await offer({}, other)).toMatchObject(NOT_FOUND);
    for (const newOwnerId of [other.id, anId<string>(), 'nonsense']) {
      expect(await offer({ newOwnerId }), newOwnerId).toMatchObject(NOT_FOUND);
    }
    expect(await offer({ newOwnerId: owner.id })).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'newOwnerId', code: 'NOT_ALLOWED' }] },
    });
    expect(await offer({ newOwnerId: undefined })).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'newOwnerId', code: 'REQUIRED' }] },
    });
  });
});

describe('POST /tenants/{id}/transfer/accept', () => {
  it('makes the new owner the one owner; the old one keeps admin', async () => {
    await offer();
    const { status, body } = await accept();
    expect(status).toBe(200);
    expect(body).toMatchObject({ id: owner.tenantId, ownerId: heir.id });
    expect(await rolesOf(heir)).toEqual(['member', 'owner']);
    expect(await rolesOf(owner)).toEqual(['admin']);
    for (const { email } of [owner, heir]) latest(await world.mailsTo(email), 'transfer-accepted');
    expect(await accept()).toMatchObject(NOT_FOUND);
  });

  it('finds nothing pending for anybody else, after 72 hours, or at another tenant', async () => {
    expect(await accept()).toMatchObject(NOT_FOUND);
    await offer();
    const admin = await aColleague(world, owner, ['admin']);
    const other = await anOwner(world);
    for (const by of [owner, admin, other]) expect(await accept(by)).toMatchObject(NOT_FOUND);
    for (const id of [other.tenantId, anId<string>(), 'nonsense']) {
      expect(await accept(heir, id), id).toMatchObject(NOT_FOUND);
    }
    world.clock.advance(72 * HOURS);
    const token = (await world.post('/auth/login', { email: heir.email, password: PASSWORD })).body.accessToken;
    expect(await accept({ ...heir, token })).toMatchObject(NOT_FOUND);
  });
});

describe('DELETE /tenants/{id}/transfer', () => {
  it('is taken back by the owner, or declined by the other, and then there is nothing', async () => {
    for (const by of [owner, heir]) {
      await offer();
      expect(await cancel(by)).toMatchObject({ status: 204, text: '' });
      expect(await accept()).toMatchObject(NOT_FOUND);
      expect(await cancel(by)).toMatchObject(NOT_FOUND);
      for (const { email } of [owner, heir]) latest(await world.mailsTo(email), 'transfer-cancelled');
    }
    expect(await rolesOf(owner)).toEqual(['owner']);
  });

  it('is nobody else’s, and matches no entity tag', async () => {
    await offer();
    const admin = await aColleague(world, owner, ['admin']);
    expect(await cancel(admin)).toMatchObject(NOT_FOUND);
    expect(await cancel(owner, { 'If-Match': '"x"' })).toMatchObject({ status: 412 });
    expect((await cancel(owner, { 'If-Match': '*' })).status).toBe(204);
  });
});
