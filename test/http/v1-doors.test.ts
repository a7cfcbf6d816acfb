import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { OPERATOR } from '../../src/application/actor.ts';
import type { ProjectSettingsPatch } from '../../src/domain/project/project-settings.ts';
import { anId } from '../support/builders.ts';
import { aV1World, GENEROUS, PASSWORD, type V1World } from './v1-world.ts';

let world: V1World;
beforeAll(async () => {
  world = await aV1World();
});
beforeEach(async () => {
  // Every window of the test before is over, and so are its settings.
  world.clock.advance(61);
  await change({ ...world.platform.settings, ...GENEROUS });
});

const aProject = (settings: ProjectSettingsPatch) =>
  world.iam.projects.createProject.execute(OPERATOR, { name: 'Shop', settings: { ...settings, ...QUICK_KEYS } });
const change = (settings: ProjectSettingsPatch) =>
  world.iam.projects.updateProject.execute(OPERATOR, { id: world.platform.id, settings });
const QUICK_KEYS = { signingAlgorithm: 'ES256' } as const;
const OPEN = { v1Enabled: true, emailVerificationRequired: false } as const;
const in_ = (id: string) => ({ headers: { 'X-Project-Id': id } });

describe('X-Project-Id', () => {
  it('names the project of a public route; a bearer carries its own', async () => {
    const shop = await aProject(OPEN);
    const input = { email: 'ada@example.test', password: PASSWORD };
    const { status, body } = await world.post('/auth/register', input, in_(shop.id));
    expect(status).toBe(201);
    expect((await world.get('/auth/me', body.accessToken)).body.email).toBe(input.email);
    expect((await world.get('/auth/me', body.accessToken, in_(world.platform.id))).status).toBe(200);
    expect((await world.post('/auth/login', input, in_(shop.id.toUpperCase()))).status).toBe(200);
    expect((await world.post('/auth/login', input)).status).toBe(401);
    expect((await world.post('/auth/refresh', { refreshToken: body.refreshToken })).status).toBe(401);
    expect((await world.post('/auth/refresh', { refreshToken: body.refreshToken }, in_(shop.id))).status).toBe(200);
  });

  it('is 404 for a project that does not serve this API, that there is not, and that no id names', async () => {
    const closed = await aProject({ v1Enabled: false });
    for (const id of [closed.id, anId<string>(), 'nonsense', '']) {
      const answer = await world.post('/auth/login', { email: 'a@b.test', password: PASSWORD }, in_(id));
      expect(answer, id).toMatchObject({ status: 404, problem: 'not-found' });
    }
  });

  it('leaves the tokens of a project that stops serving this API without a door', async () => {
    const shop = await aProject(OPEN);
    const input = { email: 'ada@example.test', password: PASSWORD };
    const { accessToken } = (await world.post('/auth/register', input, in_(shop.id))).body;
    await world.iam.projects.updateProject.execute(OPERATOR, { id: shop.id, settings: { v1Enabled: false } });
    expect((await world.get('/auth/me', accessToken)).status).toBe(404);
  });

  it('lets nobody of another project near the platform', async () => {
    const shop = await aProject({ ...OPEN, selfServiceTenants: true });
    const input = { email: 'ada@example.test', password: PASSWORD };
    const { accessToken: token } = (await world.post('/auth/register', input, in_(shop.id))).body;
    expect(await world.get('/projects', token)).toMatchObject({ status: 403, problem: 'forbidden' });
  });
});

describe('a registration where the address must be proven first', () => {
  it('answers without tokens', async () => {
    const shop = await aProject({ ...OPEN, emailVerificationRequired: true });
    const input = { email: 'ada@example.test', password: PASSWORD };
    const { status, body } = await world.post('/auth/register', input, in_(shop.id));
    expect(status).toBe(201);
    expect(body).toMatchObject({
      accessToken: null,
      refreshToken: null,
      expiresAt: null,
      user: { email: input.email },
    });
    const login = await world.post('/auth/login', input, in_(shop.id));
    expect(login).toMatchObject({ status: 403, problem: 'email-not-verified' });
  });
});

describe('the settings of a project', () => {
  it('close registration and sign-in', async () => {
    const { email } = await world.person();
    await change({ registrationEnabled: false, signInEnabled: false });
    const register = await world.post('/auth/register', { email: 'x@example.test', password: PASSWORD });
    expect(register).toMatchObject({ status: 403, problem: 'registration-closed' });
    const login = await world.post('/auth/login', { email, password: PASSWORD });
    expect(login).toMatchObject({ status: 403, problem: 'sign-in-closed' });
  });

  it('keep networks out, of public routes and of those with a bearer', async () => {
    const { token, email } = await world.person();
    await change({ ipRules: { deny: ['203.0.113.0/24'] } });
    const outside = { address: '203.0.113.9' };
    expect(await world.get('/auth/me', token, outside)).toMatchObject({ status: 403, problem: 'forbidden' });
    const login = await world.post('/auth/login', { email, password: PASSWORD }, outside);
    expect(login).toMatchObject({ status: 403, problem: 'forbidden' });
    expect((await world.get('/auth/me', token)).status).toBe(200);
  });

  it('keep paths and user agents out, by whatever name the path is reached', async () => {
    const { token } = await world.person();
    await change({
      firewallRules: [
        { action: 'deny', path: '/api/v1/auth/sessions' },
        { action: 'deny', userAgent: 'BadBot' },
      ],
    });
    expect((await world.get('/auth/sessions', token)).status).toBe(403);
    const headers = { Authorization: `Bearer ${token}` };
    expect((await world.app.request('/v1/auth/sessions', { headers })).status).toBe(403);
    expect((await world.get('/auth/me', token, { headers: { 'User-Agent': 'x badbot/1' } })).status).toBe(403);
    expect((await world.get('/auth/me', token)).status).toBe(200);
  });
});

describe('an API key at a route of persons', () => {
  it('is told apart: a live one is forbidden, one that administers or is unknown is no token', async () => {
    const at = async (permissions: readonly ('auth' | 'manage')[], projectId = world.platform.id) => {
      const input = { projectId, name: 'k', permissions };
      return (await world.iam.projects.createApiKey.execute(OPERATOR, input)).key;
    };
    const shop = await aProject({});
    const me = (key: string, more: Record<string, string> = {}) =>
      world.call('GET', '/auth/me', { headers: { 'X-API-Key': key, ...more } });
    expect(await me(await at(['auth']))).toMatchObject({ status: 403, problem: 'forbidden' });
    expect(await me(await at(['auth', 'manage']))).toMatchObject({ status: 401, problem: 'token-invalid' });
    expect(await me('ck_unknown')).toMatchObject({ status: 401, problem: 'token-invalid' });
    const shopKey = await at(['auth'], shop.id);
    expect((await me(shopKey)).status).toBe(401);
    expect((await me(shopKey, { 'X-Project-Id': shop.id })).status).toBe(403);
  });
});

describe('rate limits', () => {
  const rate = (limit: number) => ({ limit, windowSeconds: 60 });

  it('are shown on every answer and refuse what is beyond, per category', async () => {
    await change({ rateLimits: { login: rate(2) } });
    const login = () => world.post('/auth/login', { email: 'a@example.test', password: PASSWORD });
    const first = await login();
    expect(first.status).toBe(401);
    expect(first.headers.get('RateLimit-Policy')).toBe('"login";q=2;w=60');
    expect(first.headers.get('RateLimit')).toMatch(/^"login";r=1;t=\d+$/);
    await login();
    const third = await login();
    expect(third).toMatchObject({ status: 429, problem: 'rate-limited' });
    expect(third.headers.get('RateLimit')).toMatch(/^"login";r=0;t=\d+$/);
    expect(third.headers.get('Retry-After')).toMatch(/^\d+$/);
    expect((await world.post('/auth/request-reset', { email: 'a@example.test' })).status).toBe(202);
    world.clock.advance(60);
    expect((await login()).status).toBe(401);
  });

  it.each([
    ['register', '/auth/register', 'register'],
    ['passwordReset', '/auth/request-reset', 'password_reset'],
    ['passwordReset', '/auth/reset-password', 'password_reset'],
    ['login', '/auth/select-tenant', 'login'],
    ['login', '/auth/recovery', 'login'],
    ['general', '/auth/recovery-codes/regenerate', 'general'],
    ['general', '/auth/refresh', 'general'],
    ['general', '/auth/verify-email', 'general'],
  ] as const)('count %s at %s', async (category, path, name) => {
    await change({ rateLimits: { [category]: rate(7) } });
    expect((await world.post(path, {})).headers.get('RateLimit-Policy')).toBe(`"${name}";q=7;w=60`);
  });

  it('are counted for each client address by itself', async () => {
    await change({ rateLimits: { general: rate(1) } });
    const from = (address: string) => world.post('/auth/refresh', { refreshToken: 'rt_x' }, { address });
    expect((await from('192.0.2.7')).status).toBe(401);
    expect((await from('192.0.2.7')).status).toBe(429);
    expect((await from('192.0.2.8')).status).toBe(401);
    expect((await from('2001:db8::1')).status).toBe(401);
    expect((await from('2001:db8::2')).status).toBe(429);
  });

  it('show the tighter of address and person', async () => {
    const { token } = await world.person();
    expect((await world.get('/auth/me', token)).headers.get('RateLimit-Policy')).toBe('"user";q=1000;w=60');
    await change({ rateLimits: { general: rate(5) } });
    expect((await world.get('/auth/me', token)).headers.get('RateLimit-Policy')).toBe('"general";q=5;w=60');
  });

  it('stop a person after a thousand calls a minute, from wherever', async () => {
    const { token } = await world.person();
    const addressOf = (index: number) => `198.51.100.${index % 200}`;
    for (let index = 0; index < 1000; index += 1) {
      expect((await world.get('/auth/tenants', token, { address: addressOf(index) })).status).toBe(200);
    }
    expect(await world.get('/auth/tenants', token)).toMatchObject({ status: 429, problem: 'rate-limited' });
  });

  it('count the trying out of tokens and projects', async () => {
    await change({ rateLimits: { general: rate(2) } });
    expect((await world.get('/auth/me', 'guess')).status).toBe(401);
    expect((await world.post('/auth/refresh', {}, in_(anId()))).status).toBe(404);
    expect((await world.get('/auth/me', 'guess')).status).toBe(429);
  });
});
