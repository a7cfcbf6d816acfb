import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { OPERATOR } from '../../src/application/actor.ts';
import { InMemoryProvider, inMemoryProviders } from '../support/a-provider.ts';
import { anId } from '../support/builders.ts';
import { dumpOf } from '../support/store-dump.ts';
import { anOwner } from './v1-people.ts';
import { anExchangeCode, begun, callback, parametersOf } from './v1-round-trip.ts';
import { ACME, aV1World, type V1World } from './v1-world.ts';

const SECRET = 'a secret that only the two of them know';
const INPUT = {
  id: ACME,
  type: 'oidc',
  name: 'Acme',
  clientId: 'castellan',
  clientSecret: SECRET,
  issuer: 'https://id.example.test',
  scopes: ['openid', 'email'],
};

let world: V1World;
let token: string;
let projectId: string;
beforeAll(async () => {
  world = await aV1World();
});
beforeEach(async () => {
  world.clock.advance(61);
  token = await world.owner();
  const settings = { v1Enabled: true, emailVerificationRequired: false, signingAlgorithm: 'ES256' } as const;
  projectId = (await world.iam.projects.createProject.execute(OPERATOR, { name: 'Shop', settings })).id;
});

const list = (project = projectId) => `/projects/${project}/providers`;
const one = (project = projectId) => `${list(project)}/${ACME}`;
const configure = (body: object = INPUT, headers: Record<string, string> = {}) =>
  world.post(list(), body, { token, headers });
const change = (body: object, headers: Record<string, string> = {}) =>
  world.call('PATCH', one(), { token, body, headers });

describe('POST /projects/{id}/providers', () => {
  it('answers with everything but the secret, which is never shown again', async () => {
    const { status, body } = await configure();
    expect(status).toBe(201);
    const now = world.clock.now().toISOString();
    const { clientSecret: _, ...given } = INPUT;
    expect(body).toEqual({
      ...given,
      preset: null,
      authorizeUrl: null,
      tokenUrl: null,
      userinfoUrl: null,
      mapping: null,
      chainIds: [],
      enabled: true,
      createdAt: now,
      updatedAt: now,
    });
    const { text } = await world.get(list(), token);
    expect(JSON.parse(text)).toEqual({ data: [body] });
    const changed = await change({ clientSecret: 'another secret altogether' });
    for (const shown of [text, changed.text, dumpOf(world.ports.store)]) {
      expect(shown).not.toContain(SECRET);
      expect(shown).not.toContain('another secret altogether');
    }
  });

  it('takes a preset, a mapping, and one that is switched off', async () => {
    const preset = await configure({
      id: 'google',
      name: 'Google',
      preset: 'google',
      clientId: 'c',
      clientSecret: 's',
    });
    expect(preset.body).toMatchObject({ type: 'oidc', preset: 'google', issuer: null });
    const off = await configure({ ...INPUT, mapping: { subject: 'user.id' }, enabled: false });
    expect(off.body).toMatchObject({ mapping: { subject: 'user.id' }, enabled: false });
    const offered = await world.get('/auth/providers', undefined, { headers: { 'X-Project-Id': projectId } });
    expect(offered.body.data).toEqual([{ id: 'google', name: 'Google', type: 'oidc' }]);
  });

  it.each([
    [{ id: 'No Slug' }, 'id', 'INVALID_FORMAT'],
    [{ id: 'email' }, 'id', 'INVALID_FORMAT'],
    [{ type: undefined }, 'type', 'REQUIRED'],
    [{ type: 'carrier-pigeon' }, 'type', 'NOT_ALLOWED'],
    [{ type: 'wallet', preset: 'google' }, 'type', 'NOT_ALLOWED'],
    [{ preset: 'myspace' }, 'preset', 'NOT_ALLOWED'],
    [{ name: undefined }, 'name', 'REQUIRED'],
    [{ clientId: undefined }, 'clientId', 'INVALID_FORMAT'],
    [{ issuer: 'ftp://id.example.test' }, 'issuer', 'INVALID_FORMAT'],
    [{ scopes: ['two words'] }, 'scopes.0', 'INVALID_FORMAT'],
    [{ chainIds: [0] }, 'chainIds.0', 'TOO_SMALL'],
    [{ mapping: { subject: 5 } }, 'mapping.subject', 'INVALID_TYPE'],
  ])('refuses %j', async (wrong, field, code) => {
    const answer = await configure({ ...INPUT, ...wrong });
    expect(answer).toMatchObject({ status: 400, problem: 'validation-error' });
    expect(answer.body.errors).toEqual([expect.objectContaining({ field, code })]);
  });

  it('refuses an id that is taken, and is repeated for its Idempotency-Key', async () => {
    const headers = { 'Idempotency-Key': 'once' };
    const first = await configure(INPUT, headers);
    const second = await configure(INPUT, headers);
    expect(second).toMatchObject({ status: 201, body: first.body });
    expect(await configure()).toMatchObject({ status: 409, problem: 'conflict' });
    expect(await configure({ ...INPUT, name: 'Other' }, headers)).toMatchObject({ status: 422 });
  });

  it('is for the owner of the platform, after a recent authentication', async () => {
    const { token: another } = await anOwner(world);
    const calls = [
      ['POST', list(), INPUT],
      ['PATCH', one(), { enabled: false }],
      ['DELETE', one(), undefined],
    ] as const;
    for (const [method, path, body] of calls) {
      expect(await world.call(method, path, { token: another, body })).toMatchObject({ status: 403 });
    }
    expect(await world.get(list(), another)).toMatchObject({ status: 403, problem: 'forbidden' });
    world.clock.advance(301);
    for (const [method, path, body] of calls) {
      const answer = await world.call(method, path, { token, body });
      expect(answer).toMatchObject({ status: 401, problem: 'reauthentication-required' });
    }
    expect((await world.get(list(), token)).status).toBe(200);
  });

  it('knows no project that there is not', async () => {
    for (const id of [anId<string>(), 'nonsense']) {
      expect(await world.post(list(id), INPUT, { token })).toMatchObject({ status: 404, problem: 'not-found' });
      expect(await world.get(list(id), token)).toMatchObject({ status: 404, problem: 'not-found' });
      expect(await world.call('DELETE', one(id), { token })).toMatchObject({ status: 404, problem: 'not-found' });
    }
  });
});

describe('PATCH /projects/{id}/providers/{providerId}', () => {
  beforeEach(() => configure());

  it('changes what is given, and leaves the rest', async () => {
    const { status, body } = await change({ name: 'Acme Ltd', userinfoUrl: 'https://id.example.test/me' });
    expect(status).toBe(200);
    expect(body).toMatchObject({ name: 'Acme Ltd', userinfoUrl: 'https://id.example.test/me', clientId: 'castellan' });
    expect((await change({ userinfoUrl: null })).body.userinfoUrl).toBeNull();
    expect((await change({})).body.name).toBe('Acme Ltd');
  });

  it('leaves alone whose word is taken', async () => {
    const { body } = await change({ id: 'globex', type: 'wallet', preset: 'google', issuer: 'https://evil.example' });
    expect(body).toMatchObject({ id: ACME, type: 'oidc', preset: null, issuer: 'https://id.example.test' });
  });

  it('switches it off at once, also for whoever is on the way', async () => {
    const headers = { 'X-Project-Id': projectId };
    const started = await begun(world, `/auth/login/${ACME}`, { headers });
    expect((await change({ enabled: false })).body.enabled).toBe(false);
    const back = await callback(world, parametersOf(started), { headers: { 'X-Verifier': started.verifier } });
    expect(back).toMatchObject({ status: 404, problem: 'not-found' });
  });

  it('knows no provider that there is not, and nothing that If-Match could name', async () => {
    for (const id of ['globex', anId<string>(), '%00', 'ACME']) {
      const answer = await world.call('PATCH', `${list()}/${id}`, { token, body: { name: 'A' } });
      expect(answer, id).toMatchObject({ status: 404, problem: 'not-found' });
    }
    expect(await change({ name: 'A' }, { 'If-Match': '"a"' })).toMatchObject({ status: 412 });
    expect(await change({ name: 'A' }, { 'If-Match': '*' })).toMatchObject({ status: 200 });
  });
});

describe('DELETE /projects/{id}/providers/{providerId}', () => {
  it('takes the links of its people along', async () => {
    await configure();
    const headers = { 'X-Project-Id': projectId };
    const started = await begun(world, `/auth/login/${ACME}`, { headers });
    const signIn = await callback(world, parametersOf(started), { headers: { 'X-Verifier': started.verifier } });
    const { accessToken } = signIn.body;
    const { id } = (await world.get('/auth/me', accessToken)).body;
    const links = async () => (await world.get(`/users/${id}/providers`, accessToken)).body.data;
    expect(await links()).toHaveLength(1);
    const { status, text } = await world.call('DELETE', one(), { token });
    expect([status, text]).toEqual([204, '']);
    expect(await world.call('DELETE', one(), { token })).toMatchObject({ status: 404, problem: 'not-found' });
    await configure();
    expect(await links()).toEqual([]);
  });
});

describe('a type of provider that whoever embeds the service has brought', () => {
  it('is configured, offered and signed in with like any other', async () => {
    const own = await aV1World({
      providerAdapters: { ...inMemoryProviders(), 'staff-directory': new InMemoryProvider() },
    });
    const input = { id: 'staff', type: 'staff-directory', name: 'Staff', clientId: 'c' };
    const by = { token: await own.owner() };
    expect((await own.post(`/projects/${own.platform.id}/providers`, input, by)).status).toBe(201);
    const offered = (await own.get('/auth/providers')).body.data;
    expect(offered).toContainEqual({ id: 'staff', type: 'staff-directory', name: 'Staff' });
    const { code, verifier } = await anExchangeCode(own, 'staff');
    expect((await own.post('/auth/exchange', { code, verifier })).status).toBe(200);
  });
});
