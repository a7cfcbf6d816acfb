import { beforeAll, describe, expect, it } from 'vitest';
import { HERE } from '../../src/application/actor.ts';
import { aV1World, OWNER, PASSWORD, PUBLIC_URL, type V1World } from './v1-world.ts';

const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/;
const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;

let world: V1World;
beforeAll(async () => {
  world = await aV1World();
});

describe('POST /auth/register', () => {
  it('answers with a pair, the user, a tenant named after the organisation, and ten recovery codes', async () => {
    const { status, body, headers } = await world.post('/auth/register', {
      email: 'Ada@Example.Test',
      password: PASSWORD,
      firstName: 'Ada',
      lastName: 'Lovelace',
      organization: 'Engines Ltd',
      status: 'disabled',
      metadata: { admin: true },
    });
    expect(status).toBe(201);
    expect(headers.get('Cache-Control')).toBe('no-store');
    expect(body).toEqual({
      accessToken: expect.stringMatching(/^ey/),
      refreshToken: expect.stringMatching(/^rt_/),
      expiresAt: expect.stringMatching(MOMENT),
      user: {
        id: expect.stringMatching(UUID),
        email: 'ada@example.test',
        pendingEmail: null,
        firstName: 'Ada',
        lastName: 'Lovelace',
        phone: null,
        avatarUrl: null,
        metadata: {},
        preferences: {},
        tenantId: body.tenant.id,
        roles: ['owner'],
        emailVerified: false,
        mfaEnabled: false,
        status: 'active',
        createdAt: expect.stringMatching(MOMENT),
        updatedAt: expect.stringMatching(MOMENT),
        deletedAt: null,
      },
      tenant: { id: expect.stringMatching(UUID), name: 'Engines Ltd' },
      recoveryCodes: expect.any(Array),
    });
    expect(body.recoveryCodes).toHaveLength(10);
    for (const code of body.recoveryCodes) expect(code).toMatch(/^[A-Z\d]{4}-[A-Z\d]{4}-[A-Z\d]{4}$/);
  });

  it('names the tenant after the first name, else after the local part', async () => {
    const grace = await world.post('/auth/register', {
      email: 'g@example.test',
      password: PASSWORD,
      firstName: 'Grace',
    });
    expect(grace.body.tenant.name).toBe("Grace's workspace");
    const alan = await world.post('/auth/register', { email: 'alan@example.test', password: PASSWORD });
    expect(alan.body.tenant.name).toBe("alan's workspace");
  });

  it('is refused for an address that is taken, however it is written', async () => {
    const { email } = await world.person();
    const again = await world.post('/auth/register', { email: ` ${email.toUpperCase()} `, password: PASSWORD });
    expect(again).toMatchObject({ status: 409, problem: 'email-already-registered' });
  });

  it('wants twelve characters of a password', async () => {
    const answer = await world.post('/auth/register', { email: 'short@example.test', password: 'elevenchars' });
    expect(answer).toMatchObject({ status: 400, problem: 'validation-error' });
    expect(answer.body.errors).toEqual([{ field: 'password', message: expect.any(String), code: 'TOO_SHORT' }]);
  });

  it('refuses a password that everybody uses, with the reason', async () => {
    const answer = await world.post('/auth/register', { email: 'weak@example.test', password: 'password1234' });
    expect(answer).toMatchObject({ status: 400, problem: 'weak-password' });
    expect(answer.body.errors).toContainEqual({ field: 'password', message: expect.any(String), code: 'NOT_ALLOWED' });
  });

  it('names every field that is wrong', async () => {
    const answer = await world.post('/auth/register', { email: 7, firstName: 'http://x', organization: '' });
    expect(answer.problem).toBe('validation-error');
    const codes = Object.fromEntries(
      answer.body.errors.map((error: { field: string; code: string }) => [error.field, error.code]),
    );
    expect(codes).toEqual({
      email: 'INVALID_TYPE',
      password: 'REQUIRED',
      firstName: 'NOT_ALLOWED',
      organization: 'TOO_SHORT',
    });
  });

  it('tells an address from what is none', async () => {
    const answer = await world.post('/auth/register', { email: 'nobody', password: PASSWORD });
    expect(answer.body.errors).toEqual([{ field: 'email', message: expect.any(String), code: 'INVALID_FORMAT' }]);
  });

  it('is done once for one Idempotency-Key, and its tokens are not repeated', async () => {
    const input = { email: 'once@example.test', password: PASSWORD };
    const headers = { 'Idempotency-Key': '"once"' };
    expect((await world.post('/auth/register', input, { headers })).status).toBe(201);
    const again = await world.post('/auth/register', input, { headers });
    expect(again).toMatchObject({ status: 409, problem: 'already-done' });
    expect(again.text).not.toMatch(/rt_|ey[A-Za-z\d]{10}/);
  });

  it('makes one account of sixteen at once', async () => {
    const input = { email: 'race@example.test', password: PASSWORD };
    const answers = await Promise.all(Array.from({ length: 16 }, () => world.post('/auth/register', input)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ problem }) => problem === 'email-already-registered')).toHaveLength(15);
  });
});

describe('POST /auth/login', () => {
  it('answers with a pair that opens the account', async () => {
    const { email } = await world.person();
    const { status, body } = await world.post('/auth/login', { email, password: PASSWORD });
    expect(status).toBe(200);
    expect(Object.keys(body).sort()).toEqual(['accessToken', 'expiresAt', 'refreshToken']);
    expect((await world.get('/auth/me', body.accessToken)).body.email).toBe(email);
  });

  it('answers alike for a wrong password and an unknown address', async () => {
    const { email } = await world.person();
    const wrong = await world.post('/auth/login', { email, password: 'not the password at all' });
    const unknown = await world.post('/auth/login', { email: 'nobody@example.test', password: PASSWORD });
    expect(wrong).toMatchObject({ status: 401, problem: 'invalid-credentials' });
    expect({ ...unknown.body, trace_id: '' }).toEqual({ ...wrong.body, trace_id: '' });
    expect(wrong.headers.get('WWW-Authenticate')).toBe('Bearer error="invalid_token"');
  });

  it('is at /v1 too', async () => {
    const body = JSON.stringify({ email: OWNER.email, password: OWNER.password });
    const headers = { 'Content-Type': 'application/json' };
    expect((await world.app.request('/v1/auth/login', { method: 'POST', body, headers })).status).toBe(200);
  });
});

describe('POST /auth/refresh', () => {
  it('exchanges the token for a new pair; the same one within the grace', async () => {
    const { refreshToken } = await world.person();
    const first = await world.post('/auth/refresh', { refreshToken });
    expect(first.status).toBe(200);
    expect(first.body.refreshToken).not.toBe(refreshToken);
    const second = await world.post('/auth/refresh', { refreshToken });
    expect(second.body.refreshToken).toBe(first.body.refreshToken);
  });

  it('takes a replay for theft: the session is over', async () => {
    const { refreshToken } = await world.person();
    const next = (await world.post('/auth/refresh', { refreshToken })).body.refreshToken;
    await world.post('/auth/refresh', { refreshToken: next });
    expect(await world.post('/auth/refresh', { refreshToken })).toMatchObject({
      status: 401,
      problem: 'token-invalid',
    });
    expect(await world.post('/auth/refresh', { refreshToken: next })).toMatchObject({ status: 401 });
  });

  it.each(['rt_', 'nonsense', `rt_${'A'.repeat(80)}`])('refuses %s', async (refreshToken) => {
    expect(await world.post('/auth/refresh', { refreshToken })).toMatchObject({
      status: 401,
      problem: 'token-invalid',
    });
  });
});

describe('POST /auth/logout', () => {
  it('ends the session of the bearer, without a body', async () => {
    const { token, refreshToken } = await world.person();
    expect((await world.call('POST', '/auth/logout', { token })).status).toBe(204);
    expect(await world.get('/auth/me', token)).toMatchObject({ status: 401, problem: 'token-invalid' });
    expect((await world.post('/auth/refresh', { refreshToken })).status).toBe(401);
  });

  it('ends another session of the same person by its refresh token', async () => {
    const { email, token } = await world.person();
    const other = (await world.post('/auth/login', { email, password: PASSWORD })).body;
    expect((await world.post('/auth/logout', { refreshToken: other.refreshToken }, { token })).status).toBe(204);
    expect((await world.get('/auth/me', other.accessToken)).status).toBe(401);
    expect((await world.get('/auth/me', token)).status).toBe(200);
  });
});

describe('a bearer', () => {
  it.each([
    ['none', {}],
    ['no token', { Authorization: 'Bearer' }],
    ['garbage', { Authorization: 'Bearer abc.def.ghi' }],
    ['another scheme', { Authorization: 'Basic YTpi' }],
    ['an unknown key', { 'X-API-Key': 'ck_unknown' }],
  ])('is wanted: %s', async (_, headers) => {
    const answer = await world.call('GET', '/auth/me', { headers });
    expect(answer).toMatchObject({ status: 401, problem: 'token-invalid' });
    expect(answer.headers.get('WWW-Authenticate')).toBe('Bearer error="invalid_token"');
  });

  it('may be announced in any case', async () => {
    const { token } = await world.person();
    expect((await world.call('GET', '/auth/me', { headers: { Authorization: `bEARER ${token}` } })).status).toBe(200);
  });

  it('expires', async () => {
    const world = await aV1World();
    const { token } = await world.person();
    world.clock.advance(901);
    expect(await world.get('/auth/me', token)).toMatchObject({ status: 401, problem: 'token-expired' });
  });
});

describe('tenants', () => {
  it('are listed, with the current one', async () => {
    const { answer, token } = await world.person();
    const { body } = await world.get('/auth/tenants', token);
    expect(body).toEqual({
      data: [{ ...answer.body.tenant, logoUrl: null, role: 'owner', roles: ['owner'], current: true }],
    });
  });

  it('are nowhere to switch to without membership, or by what is no id', async () => {
    const { token } = await world.person();
    const stranger = (await world.person()).answer.body.tenant.id;
    for (const tenantId of [stranger, 'nonsense']) {
      expect(await world.post('/auth/switch-tenant', { tenantId }, { token })).toMatchObject({ status: 404 });
    }
  });

  it('are switched to with a new pair', async () => {
    const { answer, token, refreshToken } = await world.person();
    const tenantId = answer.body.tenant.id;
    const switched = await world.post('/auth/switch-tenant', { tenantId, refreshToken }, { token });
    expect(switched.status).toBe(200);
    expect((await world.get('/auth/me', switched.body.accessToken)).body.tenantId).toBe(tenantId);
    expect((await world.post('/auth/refresh', { refreshToken })).status).toBe(401);
  });

  it('are not selected without a selection session', async () => {
    const tenantId = (await world.person()).answer.body.tenant.id;
    const answer = await world.post('/auth/select-tenant', { sessionToken: 'st_unknown', tenantId });
    expect(answer).toMatchObject({ status: 401, problem: 'token-invalid' });
  });
});

describe('the choice of a tenant', () => {
  /** Signed in over the Gate, somebody from v1 belongs to the root tenant besides. */
  async function aMemberOfTwo() {
    const { email, answer } = await world.person();
    world.clock.advance(1);
    const gate = { projectId: world.platform.id, dialect: 'gate', origin: HERE } as const;
    await world.iam.authentication.login.execute(gate, { email, password: PASSWORD });
    const login = () => world.post('/auth/login', { email, password: PASSWORD });
    return { login, own: answer.body.tenant, root: world.platform.rootTenantId };
  }

  it('is asked for at the sign-in of somebody with several', async () => {
    const { login, own, root } = await aMemberOfTwo();
    expect(await login()).toMatchObject({
      status: 200,
      body: {
        requiresTenantSelection: true,
        sessionToken: expect.stringMatching(/^st_/),
        tenants: [
          { ...own, logoUrl: null, role: 'owner', roles: ['owner'] },
          { id: root, name: expect.any(String), logoUrl: null, role: 'user', roles: ['user'] },
        ],
      },
    });
  });

  it('opens the session there, once of sixteen', async () => {
    const { login, root } = await aMemberOfTwo();
    const { sessionToken } = (await login()).body;
    const select = () => world.post('/auth/select-tenant', { sessionToken, tenantId: root });
    const answers = await Promise.all(Array.from({ length: 16 }, select));
    const opened = answers.filter(({ status }) => status === 200);
    expect(opened).toHaveLength(1);
    expect(answers.filter(({ problem }) => problem === 'token-invalid')).toHaveLength(15);
    expect((await world.get('/auth/me', opened[0]?.body.accessToken)).body.tenantId).toBe(root);
  });

  it('is not for a tenant of somebody else, and is still open after that', async () => {
    const { login, own } = await aMemberOfTwo();
    const { sessionToken } = (await login()).body;
    const stranger = (await world.person()).answer.body.tenant.id;
    for (const tenantId of [stranger, 'nonsense']) {
      expect((await world.post('/auth/select-tenant', { sessionToken, tenantId })).status).toBe(404);
    }
    expect((await world.post('/auth/select-tenant', { sessionToken, tenantId: own.id })).status).toBe(200);
  });

  it('is remembered on demand', async () => {
    const { login, root } = await aMemberOfTwo();
    const { sessionToken } = (await login()).body;
    await world.post('/auth/select-tenant', { sessionToken, tenantId: root, rememberChoice: true });
    const { accessToken } = (await login()).body;
    expect((await world.get('/auth/me', accessToken)).body.tenantId).toBe(root);
  });
});

describe('POST /auth/reauthenticate', () => {
  it('says when', async () => {
    const { token } = await world.person();
    const answer = await world.post('/auth/reauthenticate', { password: PASSWORD }, { token });
    expect(answer).toMatchObject({ status: 200, body: { authenticatedAt: world.clock.now().toISOString() } });
  });

  it('wants the right password', async () => {
    const { token } = await world.person();
    const wrong = await world.post('/auth/reauthenticate', { password: 'not the password' }, { token });
    expect(wrong).toMatchObject({ status: 401, problem: 'invalid-credentials' });
    expect(await world.post('/auth/reauthenticate', {}, { token })).toMatchObject({ status: 400 });
  });
});

describe('a problem', () => {
  it('has the form of RFC 9457', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const answer = await world.call('GET', '/auth/me', { headers: { traceparent } });
    expect(answer.headers.get('Content-Type')).toBe('application/problem+json');
    expect(answer.body).toEqual({
      type: `${PUBLIC_URL}/problems/token-invalid`,
      title: expect.any(String),
      status: 401,
      detail: expect.any(String),
      instance: '/api/v1/auth/me',
      trace_id: '0af7651916cd43dd8448eb211c80319c',
    });
  });

  it.each([
    ['/auth/login', 'GET', 405, 'method-not-allowed'],
    ['/auth/nowhere', 'GET', 404, 'not-found'],
  ])('tells %s %s', async (path, method, status, problem) => {
    expect(await world.call(method, path)).toMatchObject({ status, problem });
  });

  it('says which methods there are', async () => {
    expect((await world.call('PUT', '/auth/me')).headers.get('Allow')).toBe('GET, HEAD, PATCH');
  });

  it.each([
    ['malformed-json', 400, '{"email":', 'application/json'],
    ['unsupported-media-type', 415, '{}', 'text/plain'],
    ['payload-too-large', 413, `{"email":"${'x'.repeat(70_000)}"}`, 'application/json'],
    ['validation-error', 400, '{"email":"a\\u0000@b.c","password":"x"}', 'application/json'],
    ['validation-error', 400, `${'['.repeat(40)}${']'.repeat(40)}`, 'application/json'],
    ['validation-error', 400, '"text"', 'application/json'],
    ['validation-error', 400, 'null', 'application/json'],
  ])('is told of a body: %s', async (problem, status, body, type) => {
    const headers = { 'Content-Type': type, 'Content-Length': String(body.length) };
    const answer = await world.app.request('/api/v1/auth/login', { method: 'POST', body, headers });
    expect(answer.status).toBe(status);
    expect(((await answer.json()) as { type: string }).type).toBe(`${PUBLIC_URL}/problems/${problem}`);
  });
});
