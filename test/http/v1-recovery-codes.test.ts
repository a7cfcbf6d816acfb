import { beforeAll, describe, expect, it } from 'vitest';
import { codeAt, wrongCodesAt } from '../support/authenticator-app.ts';
import { aV1World, latest, PASSWORD, type V1World } from './v1-world.ts';

let world: V1World;
beforeAll(async () => {
  world = await aV1World();
});

const RECOVERY_CODE = /^[A-Z\d]{4}-[A-Z\d]{4}-[A-Z\d]{4}$/;

const left = (token: string) => world.get('/auth/recovery-codes', token);
const regenerate = (token: string, body: object, headers = {}) =>
  world.post('/auth/recovery-codes/regenerate', body, { token, headers });
const recover = (email: string, recoveryCode: string) => world.post('/auth/recovery', { email, recoveryCode });

async function aPerson() {
  const person = await world.person();
  return { ...person, codes: person.answer.body.recoveryCodes as readonly string[] };
}

describe('GET /auth/recovery-codes', () => {
  it('says how many are left, and of when they are; never which', async () => {
    const generatedAt = world.clock.now().toISOString();
    const { email, token, codes } = await aPerson();
    const all = await left(token);
    expect(all.status).toBe(200);
    expect(all.body).toEqual({ remaining: 10, total: 10, generatedAt });
    world.clock.advance(10);
    const { accessToken } = (await recover(email, codes[0] ?? '')).body;
    expect((await left(accessToken)).body).toEqual({ remaining: 9, total: 10, generatedAt });
  });

  it('wants a bearer', async () => {
    expect(await world.get('/auth/recovery-codes')).toMatchObject({ status: 401, problem: 'token-invalid' });
  });
});

describe('POST /auth/recovery-codes/regenerate', () => {
  it('answers with ten new codes; the older ones die, and the person is told', async () => {
    const { email, token, codes } = await aPerson();
    world.clock.advance(10);
    const { status, body, headers } = await regenerate(token, { password: PASSWORD });
    expect(status).toBe(200);
    expect(headers.get('Cache-Control')).toBe('no-store');
    expect(Object.keys(body)).toEqual(['recoveryCodes']);
    expect(new Set([...body.recoveryCodes, ...codes]).size).toBe(20);
    for (const code of body.recoveryCodes) expect(code).toMatch(RECOVERY_CODE);
    const generatedAt = world.clock.now().toISOString();
    expect((await left(token)).body).toEqual({ remaining: 10, total: 10, generatedAt });
    latest(await world.mailsTo(email), 'recovery-codes-regenerated');
    expect(await recover(email, codes[0] ?? '')).toMatchObject({ status: 401, problem: 'invalid-credentials' });
    expect((await recover(email, body.recoveryCodes[0])).status).toBe(200);
  });

  it('wants the password', async () => {
    const { token } = await aPerson();
    const missing = await regenerate(token, {});
    expect(missing).toMatchObject({ status: 400, problem: 'validation-error' });
    expect(missing.body.errors).toEqual([{ field: 'password', message: expect.any(String), code: 'REQUIRED' }]);
    const wrong = await regenerate(token, { password: 'not the password at all' });
    expect(wrong).toMatchObject({ status: 401, problem: 'invalid-credentials' });
  });

  it('wants an authentication of the last five minutes (RFC 9470)', async () => {
    const { token } = await aPerson();
    world.clock.advance(301);
    const stale = await regenerate(token, { password: PASSWORD });
    expect(stale).toMatchObject({ status: 401, problem: 'reauthentication-required' });
    expect(stale.headers.get('WWW-Authenticate')).toBe('Bearer error="insufficient_user_authentication", max_age=300');
    await world.post('/auth/reauthenticate', { password: PASSWORD }, { token });
    expect((await regenerate(token, { password: PASSWORD })).status).toBe(200);
  });

  it('wants a code of the authenticator app besides, where the account has one', async () => {
    const { email, token } = await aPerson();
    const { token: proof } = latest(await world.mailsTo(email), 'verify-email-link');
    await world.post('/auth/verify-email', { token: proof });
    const { secret } = (await world.call('POST', '/auth/mfa/enable', { token })).body;
    const code = () => codeAt(secret, world.clock.now());
    await world.post('/auth/mfa/verify', { code: await code() }, { token });
    world.clock.advance(30);
    const [wrong] = await wrongCodesAt(secret, world.clock.now(), 1);
    const again = (mfaCode?: string) => regenerate(token, { password: PASSWORD, mfaCode });
    expect(await again()).toMatchObject({ status: 401, problem: 'mfa-required' });
    expect(await again(wrong)).toMatchObject({ status: 401, problem: 'mfa-invalid' });
    const mfaCode = await code();
    expect((await again(mfaCode)).status).toBe(200);
    expect(await again(mfaCode)).toMatchObject({ status: 401, problem: 'mfa-invalid' });
  });

  it('repeats no secret for an Idempotency-Key', async () => {
    const { token } = await aPerson();
    const key = { 'Idempotency-Key': '"once"' };
    const first = (await regenerate(token, { password: PASSWORD }, key)).body.recoveryCodes;
    const second = (await regenerate(token, { password: PASSWORD }, key)).body.recoveryCodes;
    expect(new Set([...first, ...second]).size).toBe(20);
  });

  it('wants a bearer', async () => {
    const answer = await world.post('/auth/recovery-codes/regenerate', { password: PASSWORD });
    expect(answer).toMatchObject({ status: 401, problem: 'token-invalid' });
  });
});
