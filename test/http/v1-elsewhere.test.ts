import { beforeAll, describe, expect, it } from 'vitest';
import { OPERATOR } from '../../src/application/actor.ts';
import { anAddress, anOwner, aRole, type Person } from './v1-people.ts';
import { aV1World, latest, PASSWORD, type V1World } from './v1-world.ts';

const OPEN = { v1Enabled: true, selfServiceTenants: true, signingAlgorithm: 'ES256' } as const;
const NOT_FOUND = { status: 404, problem: 'not-found' };

let world: V1World;
let shopId: string;
let shopkeeper: Person;
let platformPerson: Person;
beforeAll(async () => {
  world = await aV1World();
  shopId = (await world.iam.projects.createProject.execute(OPERATOR, { name: 'Shop', settings: OPEN })).id;
  shopkeeper = await anOwnerIn(shopId);
  platformPerson = await anOwner(world);
});

/** Where an address must be proven before the first sign-in. */
async function anOwnerIn(projectId: string): Promise<Person> {
  const headers = { 'X-Project-Id': projectId };
  const email = anAddress();
  const registered = await world.post('/auth/register', { email, password: PASSWORD }, { headers });
  const { token: proof } = latest(await world.mailsTo(email), 'verify-email-link');
  await world.post('/auth/verify-email', { token: proof }, { headers });
  const { accessToken: token, refreshToken } = (
    await world.post('/auth/login', { email, password: PASSWORD }, { headers })
  ).body;
  const { user, tenant } = registered.body;
  return { id: user.id, email, token, refreshToken, tenantId: tenant.id };
}

describe('another project that serves this API', () => {
  it('has people, roles, invitations and tenants of its own, in the same way', async () => {
    const { slug } = await aRole(world, shopkeeper, ['users.list', 'audit.read']);
    const email = anAddress();
    const invited = await world.post('/auth/invite', { email, roles: [slug] }, { token: shopkeeper.token });
    expect(invited.status).toBe(201);
    const { token } = latest(await world.mailsTo(email), 'invitation');
    expect(world.ports.notifier.messages.find(({ to }) => to === email)?.projectId).toBe(shopId);
    const body = { token, password: PASSWORD };
    expect(await world.post('/auth/accept-invite', body)).toMatchObject({ status: 401, problem: 'token-invalid' });
    const joined = await world.post('/auth/accept-invite', body, { headers: { 'X-Project-Id': shopId } });
    expect(joined).toMatchObject({ status: 201, body: { user: { email, roles: [slug] } } });
    const people = await world.get('/users', joined.body.accessToken);
    expect(people.body.data.map(({ id }: { id: string }) => id)).toEqual([joined.body.user.id, shopkeeper.id]);
    expect((await world.post('/tenants', { name: 'Branch' }, { token: shopkeeper.token })).status).toBe(201);
  });

  it('knows nothing of the platform’s people, and the platform nothing of its', async () => {
    const role = await aRole(world, platformPerson);
    const paths = [`/users/${platformPerson.id}`, `/roles/${role.id}`, `/tenants/${platformPerson.tenantId}`];
    const platformOwner = await world.owner();
    for (const path of paths) expect(await world.get(path, shopkeeper.token), path).toMatchObject(NOT_FOUND);
    for (const token of [platformPerson.token, platformOwner]) {
      for (const path of [`/users/${shopkeeper.id}`, `/tenants/${shopkeeper.tenantId}`]) {
        expect(await world.get(path, token), path).toMatchObject(NOT_FOUND);
      }
      const disable = { token, body: { status: 'disabled' } };
      expect(await world.call('PATCH', `/users/${shopkeeper.id}`, disable)).toMatchObject(NOT_FOUND);
    }
    const block = await world.call('POST', `/tenants/${shopkeeper.tenantId}/block`, { token: platformOwner });
    expect(block).toMatchObject(NOT_FOUND);
    expect((await world.get('/auth/me', shopkeeper.token)).status).toBe(200);
  });

  it('gives nobody what belongs to the owner of the platform', async () => {
    const { token, tenantId } = shopkeeper;
    const attempts = [
      world.get('/tenants', token),
      world.get('/modules', token),
      world.post('/modules', { name: 'mine', permissions: [] }, { token }),
      world.call('POST', `/tenants/${tenantId}/block`, { token }),
      world.post('/auth/impersonate', { tenantId, reason: 'support_request' }, { token }),
    ];
    for (const answer of await Promise.all(attempts)) {
      expect(answer).toMatchObject({ status: 403, problem: 'forbidden' });
    }
  });
});
