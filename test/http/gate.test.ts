import { beforeAll, describe, expect, it } from 'vitest';
import { aGateWorld, type GateWorld, PASSWORD } from './gate-world.ts';

let world: GateWorld;
beforeAll(async () => {
  world = await aGateWorld();
});

const UUID = /^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[\da-f]{4}-[\da-f]{12}$/;
const INVALID_TOKEN = { status: 401, body: { detail: 'Invalid token' } };

describe('register', () => {
  it('answers 201 with tokens, without a login before', async () => {
    const answer = await world.post('gate/register', { email: 'ada@example.test', password: PASSWORD });
    expect(answer.status).toBe(201);
    expect(answer.headers.get('Cache-Control')).toBe('no-store');
    expect(answer.body).toEqual({
      access_token: expect.stringMatching(/^ey/),
      refresh_token: expect.stringMatching(/^rt_/),
      token_type: 'bearer',
      expires_in: 900,
      requires_email_verification: false,
      last_login_method: null,
    });
  });

  it('keeps name, phone and metadata, and gives the default role of the root tenant', async () => {
    const { email, token } = await world.person({
      name: 'Ada Lovelace',
      phone: '+44 1',
      metadata: { plan: 'pro', nested: { yes: true } },
      unheard_of: 1,
    });
    expect((await world.me(token)).body).toEqual({
      id: expect.stringMatching(UUID),
      email,
      name: 'Ada Lovelace',
      phone: '+44 1',
      is_active: true,
      email_verified: false,
      totp_enabled: false,
      metadata: { plan: 'pro', nested: { yes: true } },
      last_login_method: 'email',
      roles: ['user'],
      permissions: [],
    });
  });

  it('answers 409 for a registered email, in whatever spelling', async () => {
    const { email } = await world.person();
    expect(await world.post('gate/register', { email: ` ${email.toUpperCase()} `, password: PASSWORD })).toMatchObject({
      status: 409,
      body: { detail: 'Email already registered' },
    });
  });

  it('answers 400 for a password that everybody tries, and that is the own address', async () => {
    for (const password of ['password123', 'hopper@example.test']) {
      const answer = await world.post('gate/register', { email: 'hopper@example.test', password });
      expect(answer.status, password).toBe(400);
      expect(answer.body.detail, password).toMatch(/^Password refused: /);
    }
  });

  it('answers 403 where registration is off, and where the user limit is reached', async () => {
    const closed = await aGateWorld({ settings: { registrationEnabled: false } });
    const input = { email: 'ada@example.test', password: PASSWORD };
    expect(await closed.post('gate/register', input)).toMatchObject({ status: 403 });
    const full = await aGateWorld({ settings: { userLimit: 0 } });
    expect(await full.post('gate/register', input)).toMatchObject({ status: 403 });
  });

  it('gives no tokens where the address must be proven first, and mails a code', async () => {
    const strict = await aGateWorld({ settings: { emailVerificationRequired: true } });
    const input = { email: 'ada@example.test', password: PASSWORD };
    expect(await strict.post('gate/register', input)).toMatchObject({
      status: 201,
      body: {
        access_token: null,
        refresh_token: null,
        token_type: 'bearer',
        expires_in: null,
        requires_email_verification: true,
        last_login_method: null,
      },
    });
    expect((await strict.post('gate/login', input)).status).toBe(403);
    const otp = await strict.otpTo(input.email);
    expect((await strict.post('gate/verify-email', { email: input.email, otp })).status).toBe(204);
    const signedIn = await strict.post('gate/login', input);
    expect(signedIn.status).toBe(200);
    expect((await strict.me(signedIn.body.access_token)).body.email_verified).toBe(true);
  });
});

describe('verify-email and resend-verification', () => {
  it('has one answer for a wrong code, a used one, and an address that nobody has', async () => {
    const strict = await aGateWorld({ settings: { emailVerificationRequired: true } });
    const email = 'ada@example.test';
    await strict.post('gate/register', { email, password: PASSWORD });
    const first = await strict.otpTo(email);
    expect((await strict.post('gate/resend-verification', { email })).status).toBe(204);
    const second = await strict.otpTo(email);
    const wrong = second === '000000' ? '000001' : '000000';
    const refusal = { status: 400, body: { detail: 'Invalid or expired code' } };
    if (first !== second) expect(await strict.post('gate/verify-email', { email, otp: first })).toMatchObject(refusal);
    expect(await strict.post('gate/verify-email', { email, otp: wrong })).toMatchObject(refusal);
    expect(await strict.post('gate/verify-email', { email: 'no@example.test', otp: second })).toMatchObject(refusal);
    expect((await strict.post('gate/verify-email', { email, otp: second })).status).toBe(204);
    expect(await strict.post('gate/verify-email', { email, otp: second })).toMatchObject(refusal);
  });

  it('answers 204 to a resend for an address that nobody has', async () => {
    expect((await world.post('gate/resend-verification', { email: 'nobody@example.test' })).status).toBe(204);
  });
});

describe('login', () => {
  it('answers with tokens and the method of the login before', async () => {
    const { email } = await world.person();
    const answer = await world.post('gate/login', { email, password: PASSWORD });
    expect(answer).toMatchObject({ status: 200 });
    expect(answer.body).toEqual({
      access_token: expect.stringMatching(/^ey/),
      refresh_token: expect.stringMatching(/^rt_/),
      token_type: 'bearer',
      expires_in: 900,
      requires_totp: false,
      login_ticket: null,
      last_login_method: 'email',
    });
  });

  it('answers a wrong password and an unknown address with the same body', async () => {
    const { email } = await world.person();
    const wrong = await world.post('gate/login', { email, password: `${PASSWORD}!` });
    const unknown = await world.post('gate/login', { email: 'nobody@example.test', password: PASSWORD });
    expect(wrong).toMatchObject({ status: 401, body: { detail: 'Wrong email or password' } });
    expect([unknown.status, unknown.body]).toEqual([wrong.status, wrong.body]);
  });

  it('answers 429 with Retry-After when the attempts are used up, the same for an unknown address', async () => {
    const { email } = await world.person();
    for (const address of [email, 'never@example.test']) {
      const input = { email: address, password: 'not the password' };
      for (let attempt = 0; attempt < 30; attempt += 1) await world.post('gate/login', input);
      const last = await world.post('gate/login', input);
      expect(last, address).toMatchObject({ status: 429, body: { detail: 'Too many requests' } });
      expect(Number(last.headers.get('Retry-After')), address).toBeGreaterThan(0);
    }
  });
});

describe('forgot-password and reset-password', () => {
  it('sets a new password with the mailed code and ends every session', async () => {
    const { email, token } = await world.person();
    expect((await world.post('gate/forgot-password', { email })).status).toBe(204);
    const otp = await world.otpTo(email);
    const newPassword = 'eleven quiet volcanoes hum';
    const weak = { email, otp, new_password: 'password123' };
    expect((await world.post('gate/reset-password', weak)).status).toBe(400);
    expect((await world.post('gate/reset-password', { email, otp, new_password: newPassword })).status).toBe(204);
    expect(await world.me(token)).toMatchObject(INVALID_TOKEN);
    expect((await world.post('gate/login', { email, password: PASSWORD })).status).toBe(401);
    expect((await world.post('gate/login', { email, password: newPassword })).status).toBe(200);
    expect((await world.post('gate/reset-password', { email, otp, new_password: PASSWORD })).status).toBe(400);
  });

  it('answers 204 for an address that nobody has, and 400 to a code for it', async () => {
    const email = 'nobody@example.test';
    expect((await world.post('gate/forgot-password', { email })).status).toBe(204);
    const input = { email, otp: '123456', new_password: PASSWORD };
    expect((await world.post('gate/reset-password', input)).status).toBe(400);
  });

  it('names a field as the caller knows it', async () => {
    const answer = await world.post('gate/reset-password', { email: 'a@b.test', otp: '123456', new_password: 'short' });
    expect(answer).toMatchObject({ status: 422, body: { detail: [{ loc: ['body', 'new_password'] }] } });
    await world.change({ passwordPolicy: { minLength: 20 } });
    const input = { email: 'long@example.test', password: 'nineteen characters' };
    const refused = await world.post('gate/register', input);
    expect(refused).toMatchObject({ status: 422, body: { detail: [{ loc: ['body', 'password'] }] } });
    await world.change({ passwordPolicy: { minLength: 8 } });
  });
});
