import { createLocalJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { anId } from '../support/builders.ts';
import { sixteenAtOnce } from '../support/sixteen.ts';
import { aGateWorld, type GateWorld } from './gate-world.ts';

let world: GateWorld;
beforeAll(async () => {
  world = await aGateWorld();
});

const INVALID_TOKEN = { status: 401, body: { detail: 'Invalid token' } };
const refresh = (refresh_token: string) => world.post('pub/refresh', { refresh_token });

describe('refresh', () => {
  it('answers with a new pair; the presented token is dead', async () => {
    const { refreshToken } = await world.person();
    const answer = await refresh(refreshToken);
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      access_token: expect.stringMatching(/^ey/),
      refresh_token: expect.stringMatching(/^rt_/),
      token_type: 'bearer',
      expires_in: 900,
    });
    expect(await refresh(refreshToken)).toMatchObject(INVALID_TOKEN);
    expect((await refresh(answer.body.refresh_token)).status).toBe(200);
  });

  it('is won by one of sixteen at once, and the session lives on', async () => {
    const { refreshToken } = await world.person();
    const { succeeded } = await sixteenAtOnce(() => refresh(refreshToken));
    const won = succeeded.filter(({ status }) => status === 200);
    expect(won).toHaveLength(1);
    expect(succeeded.filter(({ status }) => status === 401)).toHaveLength(15);
    expect((await refresh(won[0]?.body.refresh_token)).status).toBe(200);
  });

  it('revokes the session when a token comes back after its successor was used', async () => {
    const { email, refreshToken } = await world.person();
    const second = (await refresh(refreshToken)).body;
    const third = (await refresh(second.refresh_token)).body;
    expect(await refresh(refreshToken)).toMatchObject(INVALID_TOKEN);
    expect(await refresh(third.refresh_token)).toMatchObject(INVALID_TOKEN);
    expect(await world.me(third.access_token)).toMatchObject(INVALID_TOKEN);
    expect((await world.mailsTo(email)).map(({ kind }) => kind)).toContain('session-stolen');
  });

  it('refuses nonsense and a token of another project', async () => {
    const { refreshToken } = await world.person();
    const other = await world.aProject();
    const { key } = await world.aKey(other.id);
    for (const token of ['', 'nonsense', `${refreshToken}x`, refreshToken.slice(0, -1)]) {
      expect((await refresh(token)).status, token).toBe(401);
    }
    const path = `/api/v1/pub/${other.id}/auth/refresh`;
    expect(await world.post(path, { refresh_token: refreshToken }, { key })).toMatchObject(INVALID_TOKEN);
    expect((await refresh(refreshToken)).status).toBe(200);
  });
});

describe('logout', () => {
  it('ends the session, and answers 204 to unknown tokens and again', async () => {
    const { token, refreshToken } = await world.person();
    for (const refresh_token of [refreshToken, refreshToken, 'nonsense']) {
      expect((await world.post('pub/logout', { refresh_token })).status).toBe(204);
    }
    expect(await world.me(token)).toMatchObject(INVALID_TOKEN);
    expect(await world.post('pub/verify', undefined, { token })).toMatchObject(INVALID_TOKEN);
    expect(await refresh(refreshToken)).toMatchObject(INVALID_TOKEN);
  });
});

describe('verify', () => {
  it('says whose token it is', async () => {
    const { token } = await world.person();
    const answer = await world.post('pub/verify', undefined, { token });
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      valid: true,
      user_id: (await world.me(token)).body.id,
      tenant_id: world.project.rootTenantId,
      roles: ['user'],
      permissions: [],
    });
  });

  it('answers 401 to every bad token, never valid: false', async () => {
    const { token, refreshToken } = await world.person();
    const [header = '', payload = '', signature = ''] = token.split('.');
    const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.`;
    const changed = `${header}.${payload.slice(0, -2)}.${signature}`;
    for (const bad of ['', 'nonsense', refreshToken, unsigned, changed, `${token}x`]) {
      expect(await world.post('pub/verify', undefined, { token: bad }), bad).toMatchObject(INVALID_TOKEN);
    }
    const missing = await world.post('pub/verify');
    expect(missing).toMatchObject(INVALID_TOKEN);
    expect(missing.headers.get('WWW-Authenticate')).toContain('Bearer');
    const basic = await world.post('pub/verify', undefined, { headers: { authorization: `Basic ${token}` } });
    expect(basic).toMatchObject(INVALID_TOKEN);
  });

  it('takes the scheme in any case (RFC 9110 §11.1)', async () => {
    const { token } = await world.person();
    const headers = { authorization: `bearer  ${token}` };
    expect((await world.post('pub/verify', undefined, { headers })).status).toBe(200);
  });

  it('answers 401 when the token is past its time', async () => {
    const { token } = await world.person();
    world.clock.advance(901);
    expect(await world.post('pub/verify', undefined, { token })).toMatchObject({
      status: 401,
      body: { detail: 'Token expired' },
    });
  });

  it('answers 401 to a token of another project', async () => {
    const { token } = await world.person();
    const other = await world.aProject();
    const { key } = await world.aKey(other.id);
    const path = `/api/v1/pub/${other.id}/auth/verify`;
    expect(await world.post(path, undefined, { token, key })).toMatchObject(INVALID_TOKEN);
  });

  it('answers 401 to a token of the v1 API', async () => {
    const v1 = await aGateWorld({ settings: { v1Enabled: true } });
    const { email } = await v1.person();
    const headers = { 'x-project-id': v1.project.id };
    const input = { email, password: 'seven purple elephants dance' };
    const { body } = await v1.post('/api/v1/auth/login', input, { headers });
    const token = body.accessToken as string;
    expect(token).toMatch(/^ey/);
    expect(await v1.post('pub/verify', undefined, { token })).toMatchObject(INVALID_TOKEN);
    expect((await v1.call('GET', '/api/v1/auth/me', { token })).status).toBe(200);
  });
});

describe('me', () => {
  it('answers 403 while the address must be proven', async () => {
    const { token } = await world.person();
    await world.change({ emailVerificationRequired: true });
    world.clock.advance(3);
    expect(await world.me(token)).toMatchObject({ status: 403, body: { detail: 'Email verification required' } });
    await world.change({ emailVerificationRequired: false });
    world.clock.advance(3);
    expect((await world.me(token)).status).toBe(200);
  });
});

describe('JWKS', () => {
  const jwks = (id: string, headers: Readonly<Record<string, string>> = {}) =>
    world.call('GET', `/api/v1/pub/${id}/.well-known/jwks.json`, { key: null, headers });

  it('verifies an access token without a call, and holds no private member', async () => {
    const { token } = await world.person();
    const { status, body, headers } = await jwks(world.project.id);
    expect(status).toBe(200);
    expect(headers.get('Cache-Control')).toBe('public, max-age=300');
    expect(JSON.stringify(body)).not.toMatch(/"d":/);
    expect(decodeProtectedHeader(token)).toMatchObject({ alg: 'ES256', typ: 'at+jwt' });
    const { payload } = await jwtVerify(token, createLocalJWKSet(body), {
      issuer: `https://iam.example/projects/${world.project.id}`,
      audience: world.project.id,
      currentDate: world.clock.now(),
    });
    expect(payload).toMatchObject({ client_id: 'gate', pid: world.project.id, tid: world.project.rootTenantId });
  });

  it('answers 304 to whoever has it already', async () => {
    const etag = (await jwks(world.project.id)).headers.get('ETag') ?? '';
    expect(etag).toMatch(/^"[\w-]+"$/);
    for (const given of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const answer = await jwks(world.project.id, { 'if-none-match': given });
      expect(answer, given).toMatchObject({ status: 304, body: '' });
      expect(answer.headers.get('ETag'), given).toBe(etag);
    }
    expect((await jwks(world.project.id, { 'if-none-match': '"other"' })).status).toBe(200);
  });

  it('answers 404 for a project that there is not, and where sign-in is disabled', async () => {
    const closed = await world.aProject({ signInEnabled: false });
    for (const id of [anId<string>(), 'nonsense', closed.id]) {
      const answer = await jwks(id);
      expect(answer, id).toMatchObject({ status: 404, body: { detail: 'Not found' } });
      expect(answer.headers.get('X-Request-Id'), id).not.toBeNull();
    }
  });

  it('is the platform’s at the root', async () => {
    const { status, body } = await world.call('GET', '/.well-known/jwks.json', { key: null });
    expect(status).toBe(200);
    expect(body.keys.length).toBeGreaterThan(0);
    expect(body).not.toEqual((await jwks(world.project.id)).body);
  });
});
