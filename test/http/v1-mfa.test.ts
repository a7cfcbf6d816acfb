import { decodeJwt } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { HERE, OPERATOR } from '../../src/application/actor.ts';
import { codeAt, wrongCodesAt } from '../support/authenticator-app.ts';
import { aV1World, latest, OWNER, PASSWORD, type V1World } from './v1-world.ts';

let world: V1World;
beforeAll(async () => {
  world = await aV1World();
});

const STEP_SECONDS = 30;
const RECOVERY_CODE = /^[A-Z\d]{4}-[A-Z\d]{4}-[A-Z\d]{4}$/;
const MFA_REQUIRED = { status: 401, problem: 'mfa-required' };
const MFA_INVALID = { status: 401, problem: 'mfa-invalid' };

const enable = (token: string, headers = {}) => world.call('POST', '/auth/mfa/enable', { token, headers });
const verify = (token: string, code: string) => world.post('/auth/mfa/verify', { code }, { token });
const disable = (token: string, body: object) => world.post('/auth/mfa/disable', body, { token });
const login = (email: string, mfaCode?: string) => world.post('/auth/login', { email, password: PASSWORD, mfaCode });
const wrongCode = async (secret: string) => (await wrongCodesAt(secret, world.clock.now(), 1))[0] ?? '';
const mailKinds = async (email: string) => (await world.mailsTo(email)).map(({ kind }) => kind);

/** Somebody signed in, whose address is proven. */
async function aProvenPerson(given: { readonly email?: string } = {}) {
  const person = await world.person(given);
  const { token } = latest(await world.mailsTo(person.email), 'verify-email-link');
  expect((await world.post('/auth/verify-email', { token })).status).toBe(200);
  return person;
}

/** Somebody signed in, whose account asks for a code; the code of the set-up is past. */
async function aProtectedPerson() {
  const person = await aProvenPerson();
  const secret: string = (await enable(person.token)).body.secret;
  const code = () => codeAt(secret, world.clock.now());
  expect((await verify(person.token, await code())).status).toBe(200);
  world.clock.advance(STEP_SECONDS);
  return { ...person, secret, code };
}

describe('POST /auth/mfa/enable', () => {
  it('answers with secret, URI, QR code and ten recovery codes; nothing is asked for until it is confirmed', async () => {
    const { email, token } = await aProvenPerson();
    const { status, body, headers } = await enable(token);
    expect(status).toBe(200);
    expect(headers.get('Cache-Control')).toBe('no-store');
    expect(body).toEqual({
      secret: expect.stringMatching(/^[A-Z2-7]{32}$/),
      otpauthUri: expect.stringMatching(/^otpauth:\/\/totp\//),
      qrCodeSvg: expect.stringMatching(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg".+<\/svg>$/),
      recoveryCodes: expect.any(Array),
    });
    const uri = new URL(body.otpauthUri);
    expect(decodeURIComponent(uri.pathname)).toBe(`/${world.platform.settings.issuerName}:${email}`);
    expect(uri.searchParams.get('secret')).toBe(body.secret);
    expect(uri.searchParams.get('issuer')).toBe(world.platform.settings.issuerName);
    expect(new Set(body.recoveryCodes).size).toBe(10);
    for (const code of body.recoveryCodes) expect(code).toMatch(RECOVERY_CODE);
    expect((await world.get('/auth/me', token)).body.mfaEnabled).toBe(false);
    expect((await login(email)).status).toBe(200);
    expect(await mailKinds(email)).toContain('mfa-setup-started');
  });

  it('wants a proven address', async () => {
    const { token } = await world.person();
    expect(await enable(token)).toMatchObject({ status: 403, problem: 'email-not-verified' });
  });

  it('wants an authentication of the last five minutes (RFC 9470)', async () => {
    const { token } = await aProvenPerson();
    world.clock.advance(301);
    const stale = await enable(token);
    expect(stale).toMatchObject({ status: 401, problem: 'reauthentication-required' });
    expect(stale.headers.get('WWW-Authenticate')).toBe('Bearer error="insufficient_user_authentication", max_age=300');
    await world.post('/auth/reauthenticate', { password: PASSWORD }, { token });
    expect((await enable(token)).status).toBe(200);
  });

  it('is closed where the project has TOTP off', async () => {
    const plain = await aV1World();
    await plain.iam.projects.updateProject.execute(OPERATOR, {
      id: plain.platform.id,
      settings: { totpEnabled: false },
    });
    plain.clock.advance(3);
    const { accessToken: token } = (await plain.post('/auth/login', OWNER)).body;
    expect(await plain.call('POST', '/auth/mfa/enable', { token })).toMatchObject({
      status: 403,
      problem: 'forbidden',
    });
  });

  it('takes the place of a set-up that is not confirmed, and repeats no secret for an Idempotency-Key', async () => {
    const { token } = await aProvenPerson();
    const key = { 'Idempotency-Key': '"once"' };
    const first = (await enable(token, key)).body;
    const second = (await enable(token, key)).body;
    expect(second.secret).not.toBe(first.secret);
    expect(await verify(token, await codeAt(first.secret, world.clock.now()))).toMatchObject(MFA_INVALID);
    expect((await verify(token, await codeAt(second.secret, world.clock.now()))).status).toBe(200);
  });

  it('draws the longest issuer and address that there may be', async () => {
    const rename = (issuerName: string) =>
      world.iam.projects.updateProject.execute(OPERATOR, { id: world.platform.id, settings: { issuerName } });
    await rename('塔'.repeat(128));
    world.clock.advance(3);
    const domain = `${'d'.repeat(60)}.`.repeat(3);
    const { token } = await aProvenPerson({ email: `${'+'.repeat(64)}@${domain}test` });
    const { status, body } = await enable(token);
    expect(status).toBe(200);
    expect(body.qrCodeSvg).toMatch(/<\/svg>$/);
    await rename(world.platform.settings.issuerName);
    world.clock.advance(3);
  });

  it('is a conflict where the second factor is on', async () => {
    const { token } = await aProtectedPerson();
    expect(await enable(token)).toMatchObject({ status: 409, problem: 'mfa-already-enabled' });
  });
});

describe('POST /auth/mfa/verify', () => {
  it('turns the second factor on; the other sessions end, this one lives, and the person is told', async () => {
    const { email, token, refreshToken } = await aProvenPerson();
    const other = (await login(email)).body;
    const { secret } = (await enable(token)).body;
    const answer = await verify(token, await codeAt(secret, world.clock.now()));
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({ mfaEnabled: true, recoveryCodesRemaining: 10 });
    expect((await world.get('/auth/me', token)).body.mfaEnabled).toBe(true);
    expect((await world.get('/auth/me', other.accessToken)).status).toBe(401);
    expect((await world.post('/auth/refresh', { refreshToken: other.refreshToken })).status).toBe(401);
    expect((await world.post('/auth/refresh', { refreshToken })).status).toBe(200);
    expect(await mailKinds(email)).toContain('mfa-enabled');
  });

  it('wants a right code, and a set-up that waits for one', async () => {
    const { token } = await aProvenPerson();
    expect(await verify(token, '123456')).toMatchObject({ status: 400, problem: 'mfa-setup-missing' });
    const { secret } = (await enable(token)).body;
    expect(await verify(token, await wrongCode(secret))).toMatchObject(MFA_INVALID);
    const code = await codeAt(secret, world.clock.now());
    expect((await verify(token, `${code.slice(0, 3)} ${code.slice(3)}`)).status).toBe(200);
    expect(await verify(token, code)).toMatchObject({ status: 409, problem: 'mfa-already-enabled' });
  });

  it.each([
    [{}, 'REQUIRED'],
    [{ code: 123456 }, 'INVALID_TYPE'],
    [{ code: '' }, 'TOO_SHORT'],
    [{ code: '1'.repeat(17) }, 'TOO_LONG'],
  ])('names what is wrong with %j', async (body, code) => {
    const { token } = await world.person();
    const answer = await world.post('/auth/mfa/verify', body, { token });
    expect(answer).toMatchObject({ status: 400, problem: 'validation-error' });
    expect(answer.body.errors).toEqual([{ field: 'code', message: expect.any(String), code }]);
  });
});

describe('POST /auth/login with the second factor on', () => {
  it('asks for the code after the right password alone', async () => {
    const { email } = await aProtectedPerson();
    const missing = await login(email);
    expect(missing).toMatchObject(MFA_REQUIRED);
    expect(missing.headers.get('WWW-Authenticate')).toMatch(/^Bearer error="/);
    const wrong = await world.post('/auth/login', { email, password: 'not the password at all' });
    expect(wrong).toMatchObject({ status: 401, problem: 'invalid-credentials' });
  });

  it('takes the code together with the password, once', async () => {
    const { email, secret, code } = await aProtectedPerson();
    const wrong = await login(email, await wrongCode(secret));
    expect(wrong).toMatchObject(MFA_INVALID);
    expect(wrong.headers.get('WWW-Authenticate')).toMatch(/^Bearer error="/);
    const { status, body } = await login(email, await code());
    expect(status).toBe(200);
    expect(decodeJwt(body.accessToken)).toMatchObject({ amr: ['pwd', 'otp', 'mfa'] });
    expect((await world.get('/auth/me', body.accessToken)).body).toMatchObject({ email, mfaEnabled: true });
    expect(await login(email, await code())).toMatchObject(MFA_INVALID);
  });

  it('spends no code on a wrong password', async () => {
    const { email, code } = await aProtectedPerson();
    const mfaCode = await code();
    const wrong = await world.post('/auth/login', { email, password: 'not the password at all', mfaCode });
    expect(wrong).toMatchObject({ problem: 'invalid-credentials' });
    expect((await login(email, mfaCode)).status).toBe(200);
  });

  it('opens one session of sixteen at once', async () => {
    const { email, code } = await aProtectedPerson();
    const mfaCode = await code();
    const answers = await Promise.all(Array.from({ length: 16 }, () => login(email, mfaCode)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    for (const { status } of answers) expect(status).toBeLessThan(500);
  });

  it('refuses over the Gate the code that it took, and the other way round', async () => {
    const { email, code } = await aProtectedPerson();
    const gate = { projectId: world.platform.id, dialect: 'gate', origin: HERE } as const;
    const overTheGate = async (mfaCode: string) => {
      const signIn = await world.iam.authentication.login.execute(gate, { email, password: PASSWORD });
      if (signIn.kind !== 'second-factor') throw new Error('no ticket');
      return world.iam.authentication.loginWithTicket.execute(gate, { ticket: signIn.ticket, code: mfaCode });
    };
    const first = await code();
    expect((await login(email, first)).status).toBe(200);
    await expect(overTheGate(first)).rejects.toMatchObject({ code: 'mfa-invalid' });
    world.clock.advance(STEP_SECONDS);
    const second = await code();
    expect((await overTheGate(second)).tokens.accessToken).toMatch(/^ey/);
    expect(await login(email, second)).toMatchObject(MFA_INVALID);
  });

  it('keeps both factors in mind while the tenant is chosen', async () => {
    const { email, token, answer, code } = await aProtectedPerson();
    const gate = { projectId: world.platform.id, dialect: 'gate', origin: HERE } as const;
    await disable(token, { password: PASSWORD, mfaCode: await code() });
    world.clock.advance(STEP_SECONDS);
    await world.iam.authentication.login.execute(gate, { email, password: PASSWORD });
    const { secret } = (await enable(token)).body;
    await verify(token, await codeAt(secret, world.clock.now()));
    world.clock.advance(STEP_SECONDS);
    expect(await login(email)).toMatchObject(MFA_REQUIRED);
    const choice = await login(email, await codeAt(secret, world.clock.now()));
    expect(choice.body).toMatchObject({ requiresTenantSelection: true });
    const { sessionToken } = choice.body;
    const selected = await world.post('/auth/select-tenant', { sessionToken, tenantId: answer.body.tenant.id });
    expect(decodeJwt(selected.body.accessToken)).toMatchObject({ amr: ['pwd', 'otp', 'mfa'] });
  });

  it('refuses a code of more than 16 characters as none', async () => {
    const { email } = await aProtectedPerson();
    const answer = await login(email, '1'.repeat(17));
    expect(answer).toMatchObject({ status: 400, problem: 'validation-error' });
    expect(answer.body.errors).toEqual([{ field: 'mfaCode', message: expect.any(String), code: 'TOO_LONG' }]);
  });
});

describe('POST /auth/reauthenticate with the second factor on', () => {
  it('wants both', async () => {
    const { token, secret, code } = await aProtectedPerson();
    const again = (body: object) => world.post('/auth/reauthenticate', body, { token });
    const mfaCode = await code();
    expect(await again({ password: PASSWORD })).toMatchObject(MFA_REQUIRED);
    expect(await again({ password: PASSWORD, mfaCode: await wrongCode(secret) })).toMatchObject(MFA_INVALID);
    expect(await again({ mfaCode })).toMatchObject({ status: 400, problem: 'validation-error' });
    expect(await again({ password: 'not the password', mfaCode })).toMatchObject({ problem: 'invalid-credentials' });
    expect(await again({ password: PASSWORD, mfaCode })).toMatchObject({ status: 200 });
    expect(await again({ password: PASSWORD, mfaCode })).toMatchObject(MFA_INVALID);
  });
});

describe('POST /auth/mfa/disable', () => {
  it('turns the second factor off with both; the other sessions end, and the person is told', async () => {
    const { email, token, code } = await aProtectedPerson();
    const other = (await login(email, await code())).body;
    world.clock.advance(STEP_SECONDS);
    expect(await disable(token, { password: PASSWORD, mfaCode: await code() })).toMatchObject({
      status: 204,
      text: '',
    });
    expect((await world.get('/auth/me', token)).body.mfaEnabled).toBe(false);
    expect((await world.get('/auth/me', other.accessToken)).status).toBe(401);
    expect((await login(email)).status).toBe(200);
    expect(await mailKinds(email)).toContain('mfa-disabled');
  });

  it('wants the password and the code', async () => {
    const { token, secret, code } = await aProtectedPerson();
    const mfaCode = await code();
    const missing = await disable(token, { mfaCode });
    expect(missing).toMatchObject({ status: 400, problem: 'validation-error' });
    expect(missing.body.errors).toEqual([{ field: 'password', message: expect.any(String), code: 'REQUIRED' }]);
    const wrongPassword = await disable(token, { password: 'not the password', mfaCode });
    expect(wrongPassword).toMatchObject({ status: 401, problem: 'invalid-credentials' });
    expect(await disable(token, { password: PASSWORD, mfaCode: await wrongCode(secret) })).toMatchObject(MFA_INVALID);
    expect((await disable(token, { password: PASSWORD })).body.errors).toEqual([
      { field: 'mfaCode', message: expect.any(String), code: 'REQUIRED' },
    ]);
    expect((await disable(token, { password: PASSWORD, mfaCode })).status).toBe(204);
  });

  it('has nothing to do where the second factor is off', async () => {
    const { token } = await aProvenPerson();
    const answer = await disable(token, { password: PASSWORD, mfaCode: '123456' });
    expect(answer).toMatchObject({ status: 400, problem: 'mfa-not-enabled' });
  });
});

describe('rate limits', () => {
  it('are `general` for these routes', async () => {
    const narrow = await aV1World();
    await narrow.iam.projects.updateProject.execute(OPERATOR, {
      id: narrow.platform.id,
      settings: { rateLimits: { general: { limit: 29, windowSeconds: 1 } } },
    });
    narrow.clock.advance(3);
    const { token } = await narrow.person();
    for (const operation of ['enable', 'verify', 'disable']) {
      const { headers } = await narrow.post(`/auth/mfa/${operation}`, {}, { token });
      expect(headers.get('RateLimit-Policy'), operation).toBe('"general";q=29;w=1');
    }
  });
});
