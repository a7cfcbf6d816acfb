import { beforeAll, describe, expect, it } from 'vitest';
import { OPERATOR } from '../../src/application/actor.ts';
import type { ApiKeyPermission } from '../../src/domain/project/api-key.ts';
import type { ProjectId } from '../../src/domain/project/project.ts';
import { KERNEL_PERMISSIONS } from '../../src/domain/role/kernel-permissions.ts';
import { anId } from '../support/builders.ts';
import { aColleague, anOwner, aRole, type Person } from './v1-people.ts';
import { type Answer, aV1World, type Call, OWNER, type V1World } from './v1-world.ts';

let world: V1World;
let platformOwner: string;
beforeAll(async () => {
  world = await aV1World();
  platformOwner = await world.owner();
});

const QUICK_KEYS = { signingAlgorithm: 'ES256' } as const;
let modules = 0;
const aName = () => {
  modules += 1;
  return `mod${modules}`;
};
const aModule = (name: string, ...permissions: readonly string[]) => ({
  name,
  permissions: permissions.map((permission) => ({ name: permission, description: `May ${permission}` })),
});
const install = (body: unknown, given: Call = { token: platformOwner }) => world.post('/modules', body, given);
const uninstall = (path: string, given: Call = { token: platformOwner }) =>
  world.call('DELETE', `/modules/${path}`, given);

async function aKey(projectId: ProjectId, ...permissions: readonly ApiKeyPermission[]): Promise<Call> {
  const { key } = await world.iam.projects.createApiKey.execute(OPERATOR, { projectId, name: 'k', permissions });
  return { headers: { 'X-API-Key': key, ...(projectId !== world.platform.id && { 'X-Project-Id': projectId }) } };
}

describe('POST /modules', () => {
  it('registers permissions that roles can hold from then on', async () => {
    const name = aName();
    const input = aModule(name, `${name}.tickets.close`, `${name}:read`);
    const { status, body } = await install({ ...input, projectId: anId<string>() });
    expect(status).toBe(201);
    expect(body).toEqual({
      ...input,
      createdAt: expect.stringMatching(/Z$/),
      updatedAt: expect.stringMatching(/Z$/),
    });
    const owner = await anOwner(world);
    const permissions = [`${name}.*`, `${name}:read`];
    expect((await world.post('/roles', { name: 'Support', permissions }, { token: owner.token })).status).toBe(201);
    const listed = (await world.get('/permissions', owner.token)).body.data;
    expect(listed).toContainEqual({
      name: `${name}.tickets.close`,
      module: name,
      description: `May ${name}.tickets.close`,
      assignable: true,
    });
  });

  it('takes another release of a module that is there', async () => {
    const name = aName();
    const first = await install(aModule(name, `${name}.a`));
    const next = await install(aModule(name, `${name}.a`, `${name}.b`));
    expect(next.status).toBe(201);
    expect(next.body.createdAt).toBe(first.body.createdAt);
    expect(next.body.permissions).toHaveLength(2);
  });

  it('is done once for one Idempotency-Key', async () => {
    const name = aName();
    const given = { token: platformOwner, headers: { 'Idempotency-Key': `install-${name}` } };
    const first = await install(aModule(name, `${name}.a`), given);
    expect(await install(aModule(name, `${name}.a`), given)).toMatchObject({ status: 201, text: first.text });
    expect(await install(aModule(name, `${name}.b`), given)).toMatchObject({ status: 422 });
  });

  it('repeats no answer to somebody who does not own the platform any more', async () => {
    const world = await aV1World();
    const token = await world.owner();
    const headers = { 'Idempotency-Key': 'before' };
    const given = aModule('crm', 'crm.a');
    expect((await world.post('/modules', given, { token, headers })).status).toBe(201);
    const heir = await aColleague(world, { token });
    const path = `/tenants/${heir.tenantId}/transfer`;
    const offer = { newOwnerId: heir.id, password: OWNER.password };
    expect((await world.post(path, offer, { token })).status).toBe(202);
    expect((await world.post(`${path}/accept`, undefined, { token: heir.token })).status).toBe(200);
    expect(await world.post('/modules', given, { token: await world.owner(), headers })).toMatchObject({
      status: 403,
      problem: 'forbidden',
      body: { requiredPermission: 'modules.install' },
    });
    expect((await world.get('/modules', heir.token)).body.data).toMatchObject([{ name: 'crm' }]);
  });

  it.each(['users', 'Users', ' users ', 'SYSTEM', 'platform', 'tenants', 'modules'])(
    'leaves the prefix %j to the kernel',
    async (name) => {
      const answer = await install(aModule(name, `${name}.anything`));
      expect(answer).toMatchObject({ status: 400, problem: 'reserved-permission', body: { permission: name } });
    },
  );

  it('leaves names of other modules to them', async () => {
    const name = aName();
    expect(await install(aModule(name, 'users.anything'))).toMatchObject({
      status: 400,
      problem: 'reserved-permission',
    });
    expect(await install(aModule(name, 'other.anything'))).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'permissions.0.name', code: 'INVALID_FORMAT' }] },
    });
  });

  it.each([
    [{ permissions: [] }, 'name', 'REQUIRED'],
    [{ name: 'crm' }, 'permissions', 'REQUIRED'],
    [{ name: 'Not one segment', permissions: [] }, 'name', 'INVALID_FORMAT'],
    [{ name: 'crm', permissions: ['crm.read'] }, 'permissions.0', 'INVALID_TYPE'],
    [{ name: 'crm', permissions: [{ name: 'crm.read' }] }, 'permissions.0.description', 'REQUIRED'],
    [{ name: 'crm', permissions: [{ name: 'crm.*', description: 'x' }] }, 'permissions.0.name', 'INVALID_FORMAT'],
    [{ name: 'crm', permissions: Array(1001).fill({ name: 'crm.a', description: 'x' }) }, 'permissions', 'TOO_LONG'],
  ])('names what is wrong with %#', async (wrong, field, code) => {
    expect(await install(wrong)).toMatchObject({ status: 400, body: { errors: [{ field, code }] } });
  });
});

describe('GET /modules and GET /permissions', () => {
  it('list every module by name, and every permission with what it is for', async () => {
    const names = [aName(), aName()];
    for (const name of names) await install(aModule(name, `${name}.a`));
    const listed = await world.get('/modules', platformOwner);
    expect(listed.status).toBe(200);
    expect(Object.keys(listed.body)).toEqual(['data']);
    const found = listed.body.data.filter(({ name }: { name: string }) => names.includes(name));
    expect(found.map(({ name }: { name: string }) => name)).toEqual(names);
    const { body } = await world.get('/permissions', platformOwner);
    expect(Object.keys(body)).toEqual(['data']);
    for (const entry of body.data) expect(Object.keys(entry)).toEqual(['name', 'module', 'description', 'assignable']);
    const kernel = body.data.filter(({ name }: { name: string }) => KERNEL_PERMISSIONS.some((k) => k.name === name));
    expect(kernel).toHaveLength(KERNEL_PERMISSIONS.length);
    const assignable = (name: string) => body.data.find((entry: { name: string }) => entry.name === name)?.assignable;
    expect([assignable('users.list'), assignable('users.impersonate'), assignable('platform.projects')]).toEqual([
      true,
      false,
      false,
    ]);
  });
});

describe('DELETE /modules/{name}', () => {
  let owner: Person;
  beforeAll(async () => {
    owner = await anOwner(world);
  });

  it('spares a module that a role uses, unless forced: then its names are gone from roles', async () => {
    const name = aName();
    await install(aModule(name, `${name}.a`));
    const { id, slug } = await aRole(world, owner, [`${name}.a`, 'users.list']);
    const { token } = await aColleague(world, owner, [slug]);
    const allowed = async () => (await world.post('/authz/check', { permission: `${name}.a` }, { token })).body.allowed;
    expect(await allowed()).toBe(true);
    for (const path of [name, `${name}?force=false`]) {
      expect(await uninstall(path)).toMatchObject({ status: 409, problem: 'role-in-use' });
    }
    expect(await uninstall(`${name}?force=true`)).toMatchObject({ status: 204, text: '' });
    expect((await world.get(`/roles/${id}`, owner.token)).body.permissions).toEqual(['users.list']);
    expect(await allowed()).toBe(false);
    expect(await uninstall(name)).toMatchObject({ status: 404, problem: 'not-found' });
  });

  it.each(['never-was', "'%20or%201=1", '%00', '__proto__', 'constructor', 'x'.repeat(200)])(
    'finds no module named %s',
    async (name) => {
      expect(await uninstall(name)).toMatchObject({ status: 404, problem: 'not-found' });
    },
  );

  it('matches no entity tag, since a module by itself is not read', async () => {
    const name = aName();
    await install(aModule(name));
    expect(await uninstall(name, { token: platformOwner, headers: { 'If-Match': '"x"' } })).toMatchObject({
      status: 412,
    });
  });
});

describe('modules', () => {
  it('are the business of the platform’s owner', async () => {
    const owner = await anOwner(world);
    const given = { token: owner.token };
    const refused = (requiredPermission: string) => ({
      status: 403,
      problem: 'forbidden',
      body: { requiredPermission },
    });
    expect(await install(aModule('mine', 'mine.a'), given)).toMatchObject(refused('modules.install'));
    expect(await world.get('/modules', owner.token)).toMatchObject(refused('modules.list'));
    expect(await uninstall('mine', given)).toMatchObject(refused('modules.uninstall'));
  });

  it('and of a back end, in its own project alone, whether or not that serves people here', async () => {
    for (const v1Enabled of [true, false]) {
      const input = { name: 'Shop', settings: { v1Enabled, ...QUICK_KEYS } };
      const shop = await world.iam.projects.createProject.execute(OPERATOR, input);
      const key = await aKey(shop.id, 'manage');
      const name = aName();
      expect((await install(aModule(name, `${name}.a`), key)).status).toBe(201);
      expect((await world.call('GET', '/modules', key)).body.data).toMatchObject([{ name }]);
      const { data } = (await world.call('GET', '/permissions', key)).body;
      expect(data.map((entry: { name: string }) => entry.name)).toContain(`${name}.a`);
      const ofPlatform = (await world.get('/modules', platformOwner)).body.data;
      expect(ofPlatform.map((module: { name: string }) => module.name)).not.toContain(name);
      expect((await uninstall(name, key)).status).toBe(204);
    }
  });

  it('are created once for one Idempotency-Key of a back end, which is nobody else’s', async () => {
    const keys = [await aKey(world.platform.id, 'manage'), await aKey(world.platform.id, 'manage')];
    const name = aName();
    const answers: Answer[] = [];
    for (const key of [keys[0], keys[0], keys[1]]) {
      const headers = { ...key?.headers, 'Idempotency-Key': 'one' };
      world.clock.advance(1);
      answers.push(await install(aModule(name, `${name}.a`), { headers }));
    }
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
    expect(answers[1]?.text).toBe(answers[0]?.text);
    expect(answers[2]?.text).not.toBe(answers[0]?.text);
  });

  it('are closed to every other key, and to a key that stands beside a token', async () => {
    const refused = { status: 403, problem: 'forbidden' };
    const unknown = { status: 401, problem: 'token-invalid' };
    const list = (given: Call) => world.call('GET', '/modules', given);
    expect(await list(await aKey(world.platform.id, 'auth', 'client-address'))).toMatchObject(refused);
    expect(await list({ headers: { 'X-API-Key': 'ck_unknown' } })).toMatchObject(unknown);
    expect(await list({})).toMatchObject(unknown);
    const manage = await aKey(world.platform.id, 'manage');
    const elsewhere = { ...manage.headers, 'X-Project-Id': anId<string>() };
    expect(await list({ headers: elsewhere })).toMatchObject(unknown);
    const { token } = await anOwner(world);
    expect(await list({ ...manage, token })).toMatchObject(refused);
    expect((await list(manage)).status).toBe(200);
  });

  it('are behind the rules of the project that the key is of', async () => {
    const settings = { ipRules: { deny: ['203.0.113.0/24'] }, ...QUICK_KEYS };
    const shop = await world.iam.projects.createProject.execute(OPERATOR, { name: 'Shop', settings });
    const key = await aKey(shop.id, 'manage');
    expect((await world.call('GET', '/modules', key)).status).toBe(200);
    expect(await world.call('GET', '/modules', { ...key, address: '203.0.113.9' })).toMatchObject({
      status: 403,
      problem: 'forbidden',
    });
  });
});
