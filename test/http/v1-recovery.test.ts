import { decodeJwt } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { HERE } from '../../src/application/actor.ts';
import { codeAt } from '../support/authenticator-app.ts';
import { aV1World, latest, PASSWORD, type V1World } from './v1-world.ts';

let world: V1World;
beforeAll(async () => {
  world = await aV1World();
});

const NEW_PASSWORD = 'nine quiet harbours glow';
const WRONG_CODE = 'AAAA-AAAA-AAAA';
const WRONG = { status: 401, problem: 'invalid-credentials' };

const recover = (body: object) => world.post('/auth/recovery', body);
const login = (email: string, password = PASSWORD) => world.post('/auth/login', { email, password });
const me = (token: string) => world.get('/auth/me', token);

/** Somebody new with their ten codes. */
async function aPerson() {
  const person = await world.person();
  const [code = '', other = ''] = person.answer.body.recoveryCodes as readonly string[];
  return { ...person, code, other, tenant: person.answer.body.tenant };
}

/** Somebody whose account asks for a code of an authenticator app besides the password. */
async function aProtectedPerson() {
  const person = await world.person();
  const { token: proof } = latest(await world.mailsTo(person.email), 'verify-email-link');
  await world.post('/auth/verify-email', { token: proof });
  const { token } = person;
  const { secret, recoveryCodes } = (await world.call('POST', '/auth/mfa/enable', { token })).body;
  await world.post('/auth/mfa/verify', { code: await codeAt(secret, world.clock.now()) }, { token });
  return { email: person.email, code: recoveryCodes[0] as string };
}

describe('POST /auth/recovery', () => {
  it('signs in with a code in place of the password, and says how many are left', async () => {
    const { email, code } = await aPerson();
    const { status, body, headers } = await recover({ email, recoveryCode: code });
    expect(status).toBe(200);
    expect(headers.get('Cache-Control')).toBe('no-store');
    expect(body).toEqual({
      accessToken: expect.stringMatching(/^ey/),
      refreshToken: expect.stringMatching(/^rt_/),
      expiresAt: expect.stringMatching(/Z$/),
      recoveryCodesRemaining: 9,
    });
    expect(decodeJwt(body.accessToken)).toMatchObject({ amr: ['recovery'] });
    expect((await me(body.accessToken)).body.email).toBe(email);
    expect((await login(email)).status).toBe(200);
  });

  it('ends the other sessions, and the person is told', async () => {
    const { email, code, token, refreshToken } = await aPerson();
    await recover({ email, recoveryCode: code });
    expect((await me(token)).status).toBe(401);
    expect((await world.post('/auth/refresh', { refreshToken })).status).toBe(401);
    expect(latest(await world.mailsTo(email), 'account-recovered')).toMatchObject({ codesRemaining: 9 });
  });

  it('takes a code in whatever case and spacing, once', async () => {
    const { email, code } = await aPerson();
    const typed = ` ${code.toLowerCase().replaceAll('-', ' ')} `;
    expect((await recover({ email: email.toUpperCase(), recoveryCode: typed })).status).toBe(200);
    expect(await recover({ email, recoveryCode: code })).toMatchObject(WRONG);
  });

  it('takes a code once of sixteen times at once', async () => {
    const { email, code } = await aPerson();
    const answers = await Promise.all(Array.from({ length: 16 }, () => recover({ email, recoveryCode: code })));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    for (const { status } of answers) expect([200, 401, 403]).toContain(status);
  });

  it('answers alike for a wrong code and an unknown address', async () => {
    const { email } = await aPerson();
    const wrong = await recover({ email, recoveryCode: WRONG_CODE });
    const unknown = await recover({ email: 'nobody@example.test', recoveryCode: WRONG_CODE });
    expect(wrong).toMatchObject(WRONG);
    expect(wrong.headers.get('WWW-Authenticate')).toBe('Bearer error="invalid_token"');
    expect({ ...unknown.body, trace_id: '' }).toEqual({ ...wrong.body, trace_id: '' });
  });

  it('does not take a code of somebody else', async () => {
    const { code } = await aPerson();
    expect(await recover({ email: (await aPerson()).email, recoveryCode: code })).toMatchObject(WRONG);
  });

  it('sets a new password', async () => {
    const { email, code } = await aPerson();
    expect((await recover({ email, recoveryCode: code, newPassword: NEW_PASSWORD })).status).toBe(200);
    expect(await login(email)).toMatchObject(WRONG);
    expect((await login(email, NEW_PASSWORD)).status).toBe(200);
  });

  it.each([
    ['elevenchars', 'validation-error', 'TOO_SHORT'],
    ['password1234', 'weak-password', 'NOT_ALLOWED'],
  ])('refuses %s as the new password by the name of its field, and spends nothing', async (...given) => {
    const [newPassword, problem, code] = given;
    const person = await aPerson();
    const refused = await recover({ email: person.email, recoveryCode: person.code, newPassword });
    expect(refused).toMatchObject({ status: 400, problem });
    expect(refused.body.errors).toContainEqual({ field: 'newPassword', message: expect.any(String), code });
    expect((await me(person.token)).status).toBe(200);
    expect((await recover({ email: person.email, recoveryCode: person.code })).status).toBe(200);
  });

  it('leaves a new address pending until it is proven, and tells both', async () => {
    const { email, code } = await aPerson();
    const newEmail = `new-${email}`;
    const { body } = await recover({ email, recoveryCode: code, newEmail });
    expect((await me(body.accessToken)).body).toMatchObject({ email, pendingEmail: newEmail });
    expect(latest(await world.mailsTo(email), 'email-change-notice')).toMatchObject({ newEmail });
    const { token } = latest(await world.mailsTo(newEmail), 'email-change-link');
    expect((await world.post('/auth/verify-email', { token })).status).toBe(200);
    expect((await me(body.accessToken)).body).toMatchObject({ email: newEmail, pendingEmail: null });
  });

  it('takes the code for the second factor too, which stays on', async () => {
    const { email, code } = await aProtectedPerson();
    const { status, body } = await recover({ email, recoveryCode: code });
    expect(status).toBe(200);
    expect((await me(body.accessToken)).body.mfaEnabled).toBe(true);
    expect(await login(email)).toMatchObject({ status: 401, problem: 'mfa-required' });
  });

  it('turns the second factor off on demand', async () => {
    const { email, code } = await aProtectedPerson();
    const { body } = await recover({ email, recoveryCode: code, disableMfa: true });
    expect((await me(body.accessToken)).body.mfaEnabled).toBe(false);
    expect((await login(email)).status).toBe(200);
  });

  it('lets somebody with several tenants choose, as a sign-in does', async () => {
    const { email, code, tenant } = await aPerson();
    world.clock.advance(1);
    const gate = { projectId: world.platform.id, dialect: 'gate', origin: HERE } as const;
    await world.iam.authentication.login.execute(gate, { email, password: PASSWORD });
    const { status, body } = await recover({ email, recoveryCode: code });
    expect(status).toBe(200);
    expect(body).toEqual({
      requiresTenantSelection: true,
      sessionToken: expect.stringMatching(/^st_/),
      tenants: [expect.objectContaining({ role: 'owner' }), expect.objectContaining({ role: 'user' })],
      recoveryCodesRemaining: 9,
    });
    const selection = { sessionToken: body.sessionToken, tenantId: tenant.id };
    const selected = await world.post('/auth/select-tenant', selection);
    expect(decodeJwt(selected.body.accessToken)).toMatchObject({ amr: ['recovery'] });
  });

  it('names every field that is wrong', async () => {
    const answer = await recover({ recoveryCode: '1'.repeat(65), newPassword: 7, newEmail: [], disableMfa: 'yes' });
    expect(answer).toMatchObject({ status: 400, problem: 'validation-error' });
    const named = answer.body.errors.map(({ field, code }: { field: string; code: string }) => [field, code]);
    expect(Object.fromEntries(named)).toEqual({
      email: 'REQUIRED',
      recoveryCode: 'TOO_LONG',
      newPassword: 'INVALID_TYPE',
      newEmail: 'INVALID_TYPE',
      disableMfa: 'INVALID_TYPE',
    });
    const { email, code } = await aPerson();
    const noAddress = await recover({ email, recoveryCode: code, newEmail: 'nobody' });
    expect(noAddress.body.errors).toEqual([{ field: 'newEmail', message: expect.any(String), code: 'INVALID_FORMAT' }]);
  });
});
