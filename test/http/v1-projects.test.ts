import { beforeAll, describe, expect, it } from 'vitest';
import { platformProjectSettings } from '../../src/domain/project/project-settings.ts';
import { anId } from '../support/builders.ts';
import { aV1World, PUBLIC_URL, type V1World } from './v1-world.ts';

let world: V1World;
let owner: string;
beforeAll(async () => {
  world = await aV1World();
  owner = await world.owner();
});

/** Making keys for another algorithm takes longer. */
const SHOP = { name: 'Shop', settings: { signingAlgorithm: 'ES256' } };
const create = async (body: object = SHOP): Promise<string> =>
  (await world.post('/projects', body, { token: owner })).body.id;

describe('projects', () => {
  it('are created with defaults, and settings of their own where given', async () => {
    const settings = { registrationEnabled: false, rateLimits: { login: { limit: 3 } } };
    const { status, body } = await world.post('/projects', { name: 'Shop', settings }, { token: owner });
    expect(status).toBe(201);
    expect(Object.keys(body).sort()).toEqual(['createdAt', 'id', 'name', 'rootTenantId', 'settings']);
    expect(Object.keys(body.settings).sort()).toEqual(Object.keys(platformProjectSettings).sort());
    expect(body.settings).toMatchObject({
      v1Enabled: false,
      registrationEnabled: false,
      rateLimits: { login: { limit: 3, windowSeconds: 60 }, register: { limit: 5, windowSeconds: 60 } },
    });
  });

  it('are read with a strong ETag, which spares the body', async () => {
    const id = await create();
    const { body, headers } = await world.get(`/projects/${id}`, owner);
    expect(body).toMatchObject({ id, name: 'Shop' });
    const known = { headers: { 'If-None-Match': headers.get('ETag') ?? '' } };
    expect((await world.get(`/projects/${id}`, owner, known)).status).toBe(304);
  });

  it('are changed deeply; lists are replaced', async () => {
    const id = await create();
    const patch = (settings: object) => world.call('PATCH', `/projects/${id}`, { token: owner, body: { settings } });
    await patch({ ipRules: { allow: ['192.0.2.0/24', '2001:db8::1'] }, passwordPolicy: { minLength: 15 } });
    const { body } = await patch({ ipRules: { allow: ['198.51.100.7'] }, userLimit: 10 });
    expect(body.settings).toMatchObject({
      ipRules: { allow: ['198.51.100.7'], deny: [] },
      passwordPolicy: { minLength: 15, blockCommon: true },
      userLimit: 10,
    });
    expect((await patch({ userLimit: null })).body.settings.userLimit).toBeNull();
  });

  it('refuse a setting of the wrong type or out of range, naming it', async () => {
    const id = await create();
    const patch = (settings: object) => world.call('PATCH', `/projects/${id}`, { token: owner, body: { settings } });
    const wrong = await patch({ userLimit: 'many', ipRules: { deny: ['nowhere'] } });
    expect(wrong.body.errors).toEqual([
      { field: 'settings.userLimit', message: expect.any(String), code: 'INVALID_TYPE' },
      { field: 'settings.ipRules.deny.0', message: expect.any(String), code: 'INVALID_FORMAT' },
    ]);
    const beyond = await patch({ accessTokenTtlSeconds: 1 });
    expect(beyond.body.errors).toMatchObject([{ field: 'settings.accessTokenTtlSeconds', code: 'TOO_SMALL' }]);
  });

  it('are changed by the first of two writers who read the same', async () => {
    const path = `/projects/${await create()}`;
    const headers = { 'If-Match': (await world.get(path, owner)).headers.get('ETag') ?? '' };
    const rename = (name: string) => world.call('PATCH', path, { token: owner, body: { name }, headers });
    expect((await rename('First')).status).toBe(200);
    expect(await rename('Second')).toMatchObject({ status: 412, problem: 'precondition-failed' });
    expect((await world.get(path, owner)).body.name).toBe('First');
  });

  it('are created once for one Idempotency-Key, and the answer is repeated', async () => {
    const headers = { 'Idempotency-Key': 'once' };
    const first = await world.post('/projects', { name: 'Once' }, { token: owner, headers });
    const again = await world.post('/projects', { name: 'Once' }, { token: owner, headers });
    expect(again).toMatchObject({ status: 201, text: first.text });
    const other = await world.post('/projects', { name: 'Other' }, { token: owner, headers });
    expect(other).toMatchObject({ status: 422, problem: 'idempotency-key-reused' });
  });

  it('are nobody’s business but the platform owner’s', async () => {
    const { token } = await world.person();
    const id = await create();
    const attempts = [
      world.post('/projects', { name: 'Mine' }, { token }),
      world.get('/projects', token),
      world.get(`/projects/${id}`, token),
      world.call('PATCH', `/projects/${id}`, { token, body: { name: 'Mine' } }),
      world.post(`/projects/${id}/api-keys`, { name: 'k', permissions: ['auth'] }, { token }),
      world.get(`/projects/${id}/api-keys`, token),
      world.get(`/projects/${id}/signing-keys`, token),
      world.call('POST', `/projects/${id}/signing-keys/rotate`, { token }),
    ];
    for (const answer of await Promise.all(attempts)) {
      expect(answer).toMatchObject({
        status: 403,
        problem: 'forbidden',
        body: { requiredPermission: 'platform.projects' },
      });
    }
  });

  it('want a fresh authentication to be changed', async () => {
    const world = await aV1World();
    const token = await world.owner();
    world.clock.advance(301);
    expect(await world.post('/projects', { name: 'Late' }, { token })).toMatchObject({
      status: 401,
      problem: 'reauthentication-required',
    });
    expect((await world.get('/projects', token)).status).toBe(200);
  });

  it.each(['nonsense', anId<string>()])('are 404 at %s', async (id) => {
    expect(await world.get(`/projects/${id}`, owner)).toMatchObject({ status: 404, problem: 'not-found' });
    const patch = { token: owner, body: { name: 'x' } };
    expect(await world.call('PATCH', `/projects/${id}`, patch)).toMatchObject({ status: 404 });
    expect(await world.get(`/projects/${id}/api-keys`, owner)).toMatchObject({ status: 404 });
    expect(await world.get(`/projects/${id}/signing-keys`, owner)).toMatchObject({ status: 404 });
  });
});

describe('a list', () => {
  it('goes through every project, newest first, by cursor and by Link', async () => {
    const world = await aV1World();
    const token = await world.owner();
    const made: string[] = [];
    for (const name of ['a', 'b', 'c', 'd']) made.unshift((await world.post('/projects', { name }, { token })).body.id);

    const first = await world.get('/projects?limit=2', token);
    expect(first.body.pagination).toEqual({ nextCursor: expect.any(String), hasMore: true });
    const link = /^<(.*)>; rel="next"$/.exec(first.headers.get('Link') ?? '')?.[1] ?? '';
    expect(link.startsWith(`${PUBLIC_URL}/api/v1/projects?`)).toBe(true);
    const second = await world.get(link.slice(PUBLIC_URL.length), token);
    const third = await world.get(`/projects?limit=2&cursor=${second.body.pagination.nextCursor}`, token);
    expect(third.body.pagination).toEqual({ nextCursor: null, hasMore: false });
    expect(third.headers.get('Link')).toBeNull();

    const ids = [first, second, third].flatMap(({ body }) => body.data.map((project: { id: string }) => project.id));
    expect(ids).toEqual([...made, world.platform.id]);
  });

  it.each(['0', '101', 'ten', '', '2&limit=3'])('has no limit of %j', async (limit) => {
    const answer = await world.get(`/projects?limit=${limit}`, owner);
    expect(answer).toMatchObject({ status: 400, problem: 'validation-error', body: { errors: [{ field: 'limit' }] } });
  });

  it('takes no cursor but its own', async () => {
    const [a, b] = [await create(), await create()];
    for (const name of ['1', '2']) {
      await world.post(`/projects/${a}/api-keys`, { name, permissions: ['auth'] }, { token: owner });
    }
    const { nextCursor } = (await world.get(`/projects/${a}/api-keys?limit=1`, owner)).body.pagination;
    const withCursor = (path: string, cursor = nextCursor) => world.get(`${path}?cursor=${cursor}`, owner);
    expect((await withCursor(`/projects/${a}/api-keys`)).status).toBe(200);
    expect(await withCursor(`/projects/${b}/api-keys`)).toMatchObject({ status: 400, problem: 'invalid-cursor' });
    expect(await withCursor('/projects')).toMatchObject({ problem: 'invalid-cursor' });
    expect(await withCursor('/projects', 'made-up')).toMatchObject({ problem: 'invalid-cursor' });
  });
});

describe('API keys', () => {
  it('are shown once, at their creation', async () => {
    const id = await create();
    const input = { name: 'Server', permissions: ['auth', 'client-address'], expiresAt: '2999-01-31T12:00:00+01:00' };
    const { status, body } = await world.post(`/projects/${id}/api-keys`, input, { token: owner });
    expect(status).toBe(201);
    expect(body).toEqual({
      id: expect.any(String),
      key: expect.stringMatching(/^ck_/),
      prefix: expect.any(String),
      name: 'Server',
      permissions: input.permissions,
      expiresAt: '2999-01-31T11:00:00.000Z',
      createdAt: expect.stringMatching(/Z$/),
      revokedAt: null,
    });
    const list = await world.get(`/projects/${id}/api-keys`, owner);
    const { key, ...shown } = body;
    expect(list.body).toEqual({ data: [shown], pagination: { nextCursor: null, hasMore: false } });
    expect(list.text).not.toContain(key);
  });

  it('are made once for one Idempotency-Key, and never shown again', async () => {
    const path = `/projects/${await create()}/api-keys`;
    const given = { token: owner, headers: { 'Idempotency-Key': '"k"' } };
    const input = { name: 'Server', permissions: ['auth'] };
    const { body } = await world.post(path, input, given);
    const again = await world.post(path, input, given);
    expect(again).toMatchObject({ status: 409, problem: 'already-done' });
    expect(again.text).not.toContain(body.key);
    expect((await world.get(path, owner)).body.data).toHaveLength(1);
  });

  it.each([
    [{ permissions: ['auth'] }, 'name', 'REQUIRED'],
    [{ name: 'k' }, 'permissions', 'REQUIRED'],
    [{ name: 'k', permissions: [] }, 'permissions', 'TOO_SHORT'],
    [{ name: 'k', permissions: ['everything'] }, 'permissions.0', 'NOT_ALLOWED'],
    [{ name: 'k', permissions: ['auth'], expiresAt: 'tomorrow' }, 'expiresAt', 'INVALID_FORMAT'],
  ])('are not made of %j', async (input, field, code) => {
    const answer = await world.post(`/projects/${world.platform.id}/api-keys`, input, { token: owner });
    expect(answer.body.errors).toMatchObject([{ field, code }]);
  });

  it('are revoked, in their own project alone', async () => {
    const [a, b] = [await create(), await create()];
    const input = { name: 'k', permissions: ['auth'] };
    const { id } = (await world.post(`/projects/${a}/api-keys`, input, { token: owner })).body;
    const revoke = (project: string, key: string) =>
      world.call('DELETE', `/projects/${project}/api-keys/${key}`, { token: owner });
    expect((await revoke(b, id)).status).toBe(404);
    expect((await revoke(a, 'nonsense')).status).toBe(404);
    expect((await revoke(a, id)).status).toBe(204);
    const { data } = (await world.get(`/projects/${a}/api-keys`, owner)).body;
    expect(data).toMatchObject([{ id, revokedAt: expect.stringMatching(/Z$/) }]);
  });
});

describe('signing keys', () => {
  it('are shown by their public half', async () => {
    const { body, text } = await world.get(`/projects/${await create()}/signing-keys`, owner);
    expect(body.data.map((key: { stage: string }) => key.stage).sort()).toEqual(['current', 'next']);
    expect(text).not.toMatch(/sealed|"d"|"p"|"q"/);
  });

  it('rotate no sooner than relying parties have seen the next one', async () => {
    const world = await aV1World();
    const token = await world.owner();
    const path = `/projects/${world.platform.id}/signing-keys`;
    const early = await world.call('POST', `${path}/rotate`, { token });
    expect(early).toMatchObject({ status: 409, problem: 'rotation-too-soon' });
    expect(Number(early.headers.get('Retry-After'))).toBeGreaterThan(0);
    world.clock.advance(300);
    const { status, body } = await world.call('POST', `${path}/rotate`, { token });
    expect(status).toBe(200);
    expect(body.keys.map((key: { stage: string }) => key.stage).sort()).toEqual(['current', 'next', 'previous']);
    expect((await world.get('/auth/me', token)).status).toBe(200);
  });

  it('are removed at once when compromised', async () => {
    const path = `/projects/${await create()}/signing-keys`;
    const { data } = (await world.get(path, owner)).body;
    const { kid } = data.find((key: { stage: string }) => key.stage === 'current');
    expect((await world.call('DELETE', `${path}/${kid}`, { token: owner })).status).toBe(204);
    const left = (await world.get(path, owner)).body.data;
    expect(left.map((key: { kid: string }) => key.kid)).not.toContain(kid);
    expect(left.some((key: { stage: string }) => key.stage === 'current')).toBe(true);
    expect((await world.call('DELETE', `${path}/unknown`, { token: owner })).status).toBe(404);
  });
});
