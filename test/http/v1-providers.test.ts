import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { OPERATOR } from '../../src/application/actor.ts';
import type { ProjectSettingsPatch } from '../../src/domain/project/project-settings.ts';
import { anIdentity, answerOfWallet, aWallet } from '../support/a-provider.ts';
import { codeAt } from '../support/authenticator-app.ts';
import { anOwner } from './v1-people.ts';
import { aLink, anExchangeCode, anMfaChallenge, begun, callback, comeBy, parametersOf } from './v1-round-trip.ts';
import { ACME, aV1World, GENEROUS, PASSWORD, RETURN_TO, type V1World, WALLET } from './v1-world.ts';

const PAIR = ['accessToken', 'refreshToken', 'expiresAt'];
const START = `/auth/login/${ACME}`;

let world: V1World;
beforeAll(async () => {
  world = await aV1World();
});
beforeEach(() => world.clock.advance(61));

async function aShop(settings: ProjectSettingsPatch = {}) {
  const { id: projectId } = await world.iam.projects.createProject.execute(OPERATOR, {
    name: 'Shop',
    settings: {
      v1Enabled: true,
      emailVerificationRequired: false,
      signingAlgorithm: 'ES256',
      ...GENEROUS,
      ...settings,
    },
  });
  const provider = { projectId, id: ACME, name: 'Acme of the shop', type: 'oidc', clientId: 'shop' };
  await world.iam.providers.configureProvider.execute(OPERATOR, provider);
  const change = (more: ProjectSettingsPatch) =>
    world.iam.projects.updateProject.execute(OPERATOR, { id: projectId, settings: more });
  return { projectId, change, headers: { 'X-Project-Id': projectId } };
}

describe('GET /auth/providers', () => {
  it('says what a sign-in page may offer, and nothing else of it', async () => {
    const { status, body } = await world.get('/auth/providers');
    expect(status).toBe(200);
    expect(body).toEqual({
      data: [
        { id: ACME, name: 'Acme', type: 'oidc' },
        { id: WALLET, name: 'Wallet', type: 'wallet' },
      ],
    });
  });

  it('is about the project of the header, and leaves out what is switched off', async () => {
    const { projectId, headers } = await aShop();
    const offered = async () => (await world.get('/auth/providers', undefined, { headers })).body.data;
    expect(await offered()).toEqual([{ id: ACME, name: 'Acme of the shop', type: 'oidc' }]);
    const token = await world.owner();
    await world.call('PATCH', `/projects/${projectId}/providers/${ACME}`, { token, body: { enabled: false } });
    expect(await offered()).toEqual([]);
    expect(await world.post(START, {}, { headers })).toMatchObject({ status: 404, problem: 'not-found' });
  });
});

describe('POST /auth/login/{providerId}', () => {
  it('answers where to go, and what to keep', async () => {
    const { status, body, headers } = await world.call('POST', START);
    expect(status).toBe(200);
    expect(Object.keys(body)).toEqual(['redirectUrl', 'state', 'verifier', 'expiresAt']);
    expect(new URL(body.redirectUrl).searchParams.get('state')).toBe(body.state);
    expect(body.redirectUrl).not.toContain(body.verifier);
    expect(Date.parse(body.expiresAt) - world.clock.now().getTime()).toBe(600_000);
    expect(headers.get('Cache-Control')).toBe('no-store');
    expect(headers.get('Set-Cookie')).toBeNull();
  });

  it('tells a wallet what to sign', async () => {
    const { status, body } = await world.post(`/auth/login/${WALLET}`, aWallet());
    expect(status).toBe(200);
    expect(Object.keys(body)).toEqual(['redirectUrl', 'state', 'verifier', 'expiresAt', 'message', 'nonce']);
    expect(body.message).toContain(body.nonce);
  });

  it.each([
    [{ returnTo: 'https://evil.example/' }, 'returnTo', 'NOT_ALLOWED'],
    [{ returnTo: `${RETURN_TO}&more=1` }, 'returnTo', 'NOT_ALLOWED'],
    [{ returnTo: 'javascript:alert(1)' }, 'returnTo', 'INVALID_FORMAT'],
    [{ address: '0x00' }, 'chainId', 'REQUIRED'],
    [{ chainId: 1 }, 'address', 'REQUIRED'],
    [{ address: '0x00', chainId: '1' }, 'chainId', 'INVALID_TYPE'],
  ])('refuses %j', async (body, field, code) => {
    const answer = await world.post(START, body);
    expect(answer).toMatchObject({ status: 400, problem: 'validation-error' });
    expect(answer.body.errors).toEqual([expect.objectContaining({ field, code })]);
  });

  it('knows no provider that there is not', async () => {
    for (const id of ['globex', 'ACME', '%00', '..%2facme', 'constructor']) {
      expect(await world.post(`/auth/login/${id}`, {}), id).toMatchObject({ status: 404, problem: 'not-found' });
    }
  });
});

describe('GET /auth/callback/{providerId}', () => {
  it('signs in whoever shows the verifier, and registers whom it does not know', async () => {
    const identity = anIdentity();
    const { status, body, headers } = await comeBy(world, identity);
    expect(status).toBe(200);
    expect(Object.keys(body)).toEqual(PAIR);
    expect(headers.get('Cache-Control')).toBe('no-store');
    const me = (await world.get('/auth/me', body.accessToken)).body;
    expect(me).toMatchObject({ email: identity.email, emailVerified: true, firstName: 'Ada', lastName: 'Lovelace' });
    const again = await comeBy(world, identity);
    expect((await world.get('/auth/me', again.body.accessToken)).body.id).toBe(me.id);
  });

  it('is there under /v1, too', async () => {
    const started = await begun(world, START);
    const query = new URLSearchParams(parametersOf(started));
    const headers = { 'X-Verifier': started.verifier };
    const answer = await world.app.request(`/v1/auth/callback/${ACME}?${query}`, { headers });
    expect(answer.status).toBe(200);
  });

  it('lets somebody of several tenants choose', async () => {
    const person = await anOwner(world);
    const identity = anIdentity();
    await aLink(world, person, ACME, identity);
    await world.post('/tenants', { name: 'Second' }, { token: person.token });
    const { status, body } = await comeBy(world, identity);
    expect(status).toBe(200);
    expect(Object.keys(body)).toEqual(['requiresTenantSelection', 'sessionToken', 'tenants']);
    expect(body.tenants).toHaveLength(2);
  });

  it.each([
    ['without a verifier', {}],
    ['with another verifier', { 'X-Verifier': 'pv_of-somebody-else' }],
    ['with the cookie of another browser', { Cookie: '__Host-castellan-verifier=pv_of-somebody-else' }],
  ])('refuses whoever comes %s, and the state is spent', async (_, headers) => {
    const started = await begun(world, START);
    const parameters = parametersOf(started);
    expect(await callback(world, parameters, { headers })).toMatchObject({ status: 401, problem: 'token-invalid' });
    const own = { headers: { 'X-Verifier': started.verifier } };
    expect(await callback(world, parameters, own)).toMatchObject({ status: 401, problem: 'token-invalid' });
  });

  it('takes a state once, for ten minutes, of its own provider', async () => {
    const started = await begun(world, START);
    const parameters = parametersOf(started);
    const own = { headers: { 'X-Verifier': started.verifier } };
    expect((await callback(world, parameters, own)).status).toBe(200);
    expect(await callback(world, parameters, own)).toMatchObject({ status: 401, problem: 'token-invalid' });

    const late = await begun(world, START);
    world.clock.advance(601);
    const lateOwn = { headers: { 'X-Verifier': late.verifier } };
    expect(await callback(world, parametersOf(late), lateOwn)).toMatchObject({ status: 401 });

    const elsewhere = await begun(world, START);
    const query = new URLSearchParams(parametersOf(elsewhere));
    const headers = { 'X-Verifier': elsewhere.verifier };
    const answer = await world.call('GET', `/auth/callback/${WALLET}?${query}`, { headers });
    expect(answer).toMatchObject({ status: 401, problem: 'token-invalid' });
  });

  it('says that somebody has said no there', async () => {
    const { state, verifier } = await begun(world, START);
    const answer = await callback(world, { state, error: 'access_denied' }, { headers: { 'X-Verifier': verifier } });
    expect(answer).toMatchObject({ status: 401, problem: 'invalid-credentials' });
  });

  it.each([
    '',
    'state=a',
    'code=a',
    'state=a&code=b&code=c',
    'state=a&state=b&code=c',
    'state=a&code=%00',
    'state=&code=a',
  ])('refuses the query %j by its shape', async (query) => {
    const answer = await world.call('GET', `/auth/callback/${ACME}?${query}`);
    expect(answer).toMatchObject({ status: 400, problem: 'validation-error' });
  });

  it('finds the project in the state, and keeps all its rules', async () => {
    const { change, headers, projectId } = await aShop();
    const settled = async () => {
      const started = await begun(world, START, { headers });
      return callback(world, parametersOf(started), { headers: { 'X-Verifier': started.verifier } });
    };
    const { status, body } = await settled();
    expect(status).toBe(200);
    const found = await world.get('/auth/me', body.accessToken);
    expect(found.body.tenantId).not.toBe(world.platform.rootTenantId);
    expect((await world.iam.projects.findProject.execute(projectId)).rootTenantId).toBe(found.body.tenantId);

    const started = await begun(world, START, { headers });
    const back = () => callback(world, parametersOf(started), { headers: { 'X-Verifier': started.verifier } });
    await change({ ipRules: { allow: ['198.51.100.0/24'], deny: [] } });
    expect(await back()).toMatchObject({ status: 403, problem: 'forbidden' });
    await change({ ipRules: { allow: [], deny: [] }, signInEnabled: false });
    expect(await back()).toMatchObject({ status: 403, problem: 'sign-in-closed' });
    await change({ signInEnabled: true, v1Enabled: false });
    expect(await back()).toMatchObject({ status: 404, problem: 'not-found' });
  });
});

describe('a sign-in that returns to a page', () => {
  it('comes there with a one-time code, with all that the address had, and with no token', async () => {
    const started = await begun(world, START, { body: { returnTo: RETURN_TO } });
    const { status, headers, text } = await callback(world, parametersOf(started));
    expect(status).toBe(303);
    expect(text).toBe('');
    expect([headers.get('Cache-Control'), headers.get('Referrer-Policy')]).toEqual(['no-store', 'no-referrer']);
    const url = new URL(headers.get('Location') ?? '');
    expect(url.origin + url.pathname).toBe('https://app.example/welcome');
    expect([...url.searchParams.keys()]).toEqual(['from', 'code']);
    expect(url.searchParams.get('from')).toBe('iam');
  });

  it('gives tokens for the code to whoever has the verifier, once, within a minute', async () => {
    const { code, verifier } = await anExchangeCode(world);
    const wrong = await world.post('/auth/exchange', { code, verifier: 'pv_of-somebody-else' });
    expect(wrong).toMatchObject({ status: 401, problem: 'token-invalid' });
    const { status, body, headers } = await world.post('/auth/exchange', { code, verifier });
    expect(status).toBe(200);
    expect(Object.keys(body)).toEqual(PAIR);
    expect(headers.get('Set-Cookie')).toBeNull();
    expect(await world.post('/auth/exchange', { code, verifier })).toMatchObject({ problem: 'token-invalid' });
    const late = await anExchangeCode(world);
    world.clock.advance(61);
    expect(await world.post('/auth/exchange', late)).toMatchObject({ status: 401, problem: 'token-expired' });
  });

  it('comes back there with an error where it is refused', async () => {
    const owner = await anOwner(world);
    const errorOf = async (parameters: (started: Parameters<typeof parametersOf>[0]) => Record<string, string>) => {
      const started = await begun(world, START, { body: { returnTo: RETURN_TO } });
      const { status, headers } = await callback(world, parameters(started));
      expect(status).toBe(303);
      const url = new URL(headers.get('Location') ?? '');
      expect(url.searchParams.has('code')).toBe(false);
      return url.searchParams.get('error');
    };
    expect(await errorOf(({ state }) => ({ state, error: 'access_denied' }))).toBe('invalid-credentials');
    const unproven = anIdentity({ email: owner.email, emailVerified: false });
    expect(await errorOf((started) => parametersOf(started, unproven))).toBe('email-already-registered');
  });

  it('asks for the second factor when the code is exchanged', async () => {
    const { person, challengeToken, code } = await anMfaChallenge(world);
    const wrong = await world.post('/auth/mfa/challenge', { challengeToken, mfaCode: '000000' });
    expect(wrong).toMatchObject({ status: 401, problem: 'mfa-invalid' });
    const { status, body } = await world.post('/auth/mfa/challenge', { challengeToken, mfaCode: await code() });
    expect(status).toBe(200);
    expect(Object.keys(body)).toEqual(PAIR);
    expect((await world.get('/auth/me', body.accessToken)).body.id).toBe(person.id);
    world.clock.advance(30);
    const again = await world.post('/auth/mfa/challenge', { challengeToken, mfaCode: await code() });
    expect(again).toMatchObject({ status: 401, problem: 'token-invalid' });
  });

  it('says with what the second factor is to be sent', async () => {
    const person = await anOwner(world);
    const identity = anIdentity();
    await aLink(world, person, ACME, identity);
    const { secret } = (await world.call('POST', '/auth/mfa/enable', { token: person.token })).body;
    await world.post('/auth/mfa/verify', { code: await codeAt(secret, world.clock.now()) }, { token: person.token });
    const answer = await world.post('/auth/exchange', await anExchangeCode(world, ACME, identity));
    expect(answer).toMatchObject({ status: 401, problem: 'mfa-required' });
    expect(answer.body.challengeToken).toMatch(/^mc_/);
    const login = await world.post('/auth/login', { email: person.email, password: PASSWORD });
    expect(login).toMatchObject({ status: 401, problem: 'mfa-required' });
    expect(login.body).not.toHaveProperty('challengeToken');
  });
});

describe('a sign-in by wallet', () => {
  it('takes the signature as JSON', async () => {
    const wallet = aWallet();
    const { state, verifier, message } = await begun(world, `/auth/login/${WALLET}`, { body: wallet });
    const { kind: _, ...signed } = answerOfWallet({ challenge: { message } }, wallet) as { kind: 'signature' };
    const { status, body } = await world.post(`/auth/callback/${WALLET}`, { state, verifier, ...signed });
    expect(status).toBe(200);
    expect((await world.get('/auth/me', body.accessToken)).body).toMatchObject({ email: null, emailVerified: false });
  });

  it('refuses another signature, and asks for one', async () => {
    const { state, verifier } = await begun(world, `/auth/login/${WALLET}`, { body: aWallet() });
    const path = `/auth/callback/${WALLET}`;
    expect((await world.post(path, { state, verifier })).body.errors).toMatchObject([{ field: 'signature' }]);
    const answer = await world.post(path, { state, verifier, signature: '0x00' });
    expect(answer).toMatchObject({ status: 401, problem: 'token-invalid' });
  });
});

describe('the rate of sign-ins', () => {
  it('counts every step with a provider as it counts logins', async () => {
    const limited = await aV1World();
    const id = limited.platform.id;
    const settings = { rateLimits: { ...GENEROUS.rateLimits, login: { limit: 7, windowSeconds: 60 } } };
    await limited.iam.projects.updateProject.execute(OPERATOR, { id, settings });
    limited.clock.advance(61);
    const steps = [
      ['POST', START],
      ['GET', START],
      ['GET', `/auth/callback/${ACME}?state=a&code=b`],
      ['POST', `/auth/callback/${ACME}`, { state: 'a', signature: 'b' }],
      ['POST', '/auth/exchange', { code: 'a', verifier: 'b' }],
      ['POST', '/auth/mfa/challenge', { challengeToken: 'a', mfaCode: 'b' }],
      ['POST', '/auth/login', { email: 'a@b.test', password: 'c' }],
    ] as const;
    for (const [index, [method, path, body]] of steps.entries()) {
      const { headers } = await limited.call(method, path, { body });
      expect(headers.get('RateLimit'), path).toMatch(`"login";r=${6 - index};`);
    }
    for (const [method, path, body] of steps) {
      expect(await limited.call(method, path, { body }), path).toMatchObject({ status: 429, problem: 'rate-limited' });
    }
    expect((await limited.get('/auth/providers')).status).toBe(200);
  });
});
