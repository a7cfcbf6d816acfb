import { decodeJwt } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { codeAt, wrongCodesAt } from '../support/authenticator-app.ts';
import { sixteenAtOnce } from '../support/sixteen.ts';
import { type Answer, aGateWorld, type GateWorld, PASSWORD } from './gate-world.ts';

let world: GateWorld;
beforeAll(async () => {
  world = await aGateWorld();
});

const STEP_SECONDS = 30;
const NEW_PASSWORD = 'nine orange walruses sing';
const WRONG_CODE = { status: 401, body: { detail: 'Wrong code' } };
const BAD_TICKET_OR_CODE = { status: 401, body: { detail: 'Invalid login ticket or code' } };
const ALREADY_ENABLED = { status: 400, body: { detail: 'TOTP is already enabled' } };

const setup = (token: string, body?: object) => world.post('pub/totp/setup', body, { token });
const verifySetup = (token: string, code: string) => world.post('pub/totp/verify-setup', { code }, { token });
const disable = (token: string, code: string) => world.post('pub/totp/disable', { code }, { token });
const login = (email: string) => world.post('gate/login', { email, password: PASSWORD });
const loginTotp = (login_ticket: string, totp_code: string) =>
  world.post('gate/login/totp', { login_ticket, totp_code });
const ticketFor = async (email: string): Promise<string> => (await login(email)).body.login_ticket;
const wrongCode = async (secret: string) => (await wrongCodesAt(secret, world.clock.now(), 1))[0] ?? '';
const mailKinds = async (email: string) => (await world.mailsTo(email)).map(({ kind }) => kind);

/** One after the other: at once they would use up the budget of the password. */
async function ticketsFor(email: string, count: number): Promise<readonly string[]> {
  const tickets: string[] = [];
  while (tickets.length < count) tickets.push(await ticketFor(email));
  return tickets;
}

async function reset(email: string): Promise<void> {
  await world.post('gate/forgot-password', { email });
  const input = { email, otp: await world.otpTo(email), new_password: NEW_PASSWORD };
  expect((await world.post('gate/reset-password', input)).status).toBe(204);
}

/** Somebody signed in, whose account asks for a code; the code of the set-up is past. */
async function aProtectedPerson() {
  const person = await world.person();
  const secret: string = (await setup(person.token)).body.secret;
  const code = () => codeAt(secret, world.clock.now());
  expect((await verifySetup(person.token, await code())).status).toBe(204);
  world.clock.advance(STEP_SECONDS);
  return { ...person, secret, code };
}

describe('totp/setup', () => {
  it('answers with a secret and its URI; nothing is asked for until it is confirmed, and the person is told', async () => {
    const { email, token } = await world.person();
    const answer = await setup(token);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('Cache-Control')).toBe('no-store');
    expect(Object.keys(answer.body).sort()).toEqual(['secret', 'uri']);
    expect(answer.body.secret).toMatch(/^[A-Z2-7]{32}$/);
    const uri = new URL(answer.body.uri);
    const issuer = world.project.settings.issuerName;
    expect(`${uri.protocol}//${uri.host}`).toBe('otpauth://totp');
    expect(decodeURIComponent(uri.pathname)).toBe(`/${issuer}:${email}`);
    expect(uri.searchParams.get('secret')).toBe(answer.body.secret);
    expect(uri.searchParams.get('issuer')).toBe(issuer);
    expect((await world.me(token)).body.totp_enabled).toBe(false);
    expect((await login(email)).body.requires_totp).toBe(false);
    expect(await mailKinds(email)).toContain('mfa-setup-started');
  });

  it('takes the place of a set-up that is not confirmed', async () => {
    const { token } = await world.person();
    const first: string = (await setup(token)).body.secret;
    const second: string = (await setup(token)).body.secret;
    expect(second).not.toBe(first);
    expect(await verifySetup(token, await codeAt(first, world.clock.now()))).toMatchObject(WRONG_CODE);
    expect((await verifySetup(token, await codeAt(second, world.clock.now()))).status).toBe(204);
  });

  it('wants the password once the authentication is older than five minutes', async () => {
    const { token } = await world.person();
    world.clock.advance(301);
    for (const body of [undefined, {}, { password: null }]) {
      expect(await setup(token, body)).toMatchObject({
        status: 403,
        body: { detail: 'Authenticate again with the password' },
      });
    }
    expect((await setup(token, { password: 'not the password' })).status).toBe(401);
    expect((await setup(token, { password: PASSWORD })).status).toBe(200);
  });

  it('answers 403 where the project has TOTP off', async () => {
    const plain = await aGateWorld({ settings: { totpEnabled: false } });
    const { token } = await plain.person();
    expect(await plain.post('pub/totp/setup', undefined, { token })).toMatchObject({ status: 403 });
  });

  it('answers 403 to an unproven address where proof is required', async () => {
    const strict = await aGateWorld();
    const { token } = await strict.person();
    await strict.change({ emailVerificationRequired: true });
    strict.clock.advance(3);
    const answer = await strict.post('pub/totp/setup', undefined, { token });
    expect(answer).toMatchObject({ status: 403, body: { detail: 'Email verification required' } });
  });

  it('answers 400 when TOTP is enabled, and 422 to what is no password', async () => {
    const { token } = await aProtectedPerson();
    expect(await setup(token)).toMatchObject(ALREADY_ENABLED);
    expect(await setup(token, { password: 7 })).toMatchObject({
      status: 422,
      body: { detail: [{ loc: ['body', 'password'], type: 'type_error' }] },
    });
  });
});

describe('totp/verify-setup', () => {
  it('enables TOTP; the other sessions end, this one lives, and the person is told', async () => {
    const { email, token, refreshToken } = await world.person();
    const other = (await login(email)).body;
    const { secret } = (await setup(token)).body;
    expect(await verifySetup(token, await codeAt(secret, world.clock.now()))).toMatchObject({ status: 204, body: '' });
    expect((await world.me(token)).body.totp_enabled).toBe(true);
    expect((await world.me(other.access_token)).status).toBe(401);
    expect((await world.post('pub/refresh', { refresh_token: other.refresh_token })).status).toBe(401);
    expect((await world.post('pub/refresh', { refresh_token: refreshToken })).status).toBe(200);
    expect(await mailKinds(email)).toContain('mfa-enabled');
  });

  it.each(['123 456', '123-456', ' 123456 '])('takes a code that is typed like %j', async (typed) => {
    const { token } = await world.person();
    const { secret } = (await setup(token)).body;
    const code = await codeAt(secret, world.clock.now());
    const spaced = typed.replace('123', code.slice(0, 3)).replace('456', code.slice(3));
    expect((await verifySetup(token, spaced)).status).toBe(204);
  });

  it('answers 401 to a wrong code, and the set-up still waits', async () => {
    const { token } = await world.person();
    const { secret } = (await setup(token)).body;
    for (const code of [await wrongCode(secret), '', 'abcdef', '12345', '1234567']) {
      expect(await verifySetup(token, code), code).toMatchObject(WRONG_CODE);
    }
    expect((await verifySetup(token, await codeAt(secret, world.clock.now()))).status).toBe(204);
  });

  it('answers 400 when nothing is pending, any more, or TOTP is enabled', async () => {
    const nothing = { status: 400, body: { detail: 'No TOTP set-up is pending' } };
    const { token } = await world.person();
    expect(await verifySetup(token, '123456')).toMatchObject(nothing);
    const { secret } = (await setup(token)).body;
    world.clock.advance(301);
    expect(await verifySetup(token, await codeAt(secret, world.clock.now()))).toMatchObject(nothing);
    const person = await aProtectedPerson();
    expect(await verifySetup(person.token, await person.code())).toMatchObject(ALREADY_ENABLED);
  });

  it('answers 422 to what is no code', async () => {
    const { token } = await world.person();
    for (const [body, type] of [
      [{}, 'missing'],
      [{ code: 123456 }, 'type_error'],
      [{ code: '1'.repeat(17) }, 'too_long'],
    ] as const) {
      const answer = await world.post('pub/totp/verify-setup', body, { token });
      expect(answer).toMatchObject({ status: 422, body: { detail: [{ loc: ['body', 'code'], type }] } });
    }
  });

  it('succeeds once of sixteen at once', async () => {
    const { token } = await world.person();
    const { secret } = (await setup(token)).body;
    const code = await codeAt(secret, world.clock.now());
    const { succeeded } = await sixteenAtOnce(() => verifySetup(token, code));
    expect(succeeded.filter(({ status }) => status === 204)).toHaveLength(1);
    expect(succeeded.filter(({ status }) => status >= 400 && status < 500)).toHaveLength(15);
  });
});

describe('login with TOTP', () => {
  it('answers with a ticket in place of tokens', async () => {
    const { email } = await aProtectedPerson();
    const answer = await login(email);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('Cache-Control')).toBe('no-store');
    expect(answer.body).toEqual({
      access_token: null,
      refresh_token: null,
      token_type: null,
      expires_in: null,
      requires_totp: true,
      login_ticket: expect.stringMatching(/^.{20,128}$/),
      last_login_method: 'email',
    });
  });

  it('answers a wrong password as ever', async () => {
    const { email } = await aProtectedPerson();
    const wrong = await world.post('gate/login', { email, password: 'not the password' });
    expect(wrong).toMatchObject({ status: 401, body: { detail: 'Wrong email or password' } });
  });

  it('gives a ticket that is good for nothing but the second step', async () => {
    const { email } = await aProtectedPerson();
    const ticket = await ticketFor(email);
    expect((await world.me(ticket)).status).toBe(401);
    expect((await world.post('pub/refresh', { refresh_token: ticket })).status).toBe(401);
  });
});

describe('login/totp', () => {
  it('answers with tokens of both factors, and the method of the login before', async () => {
    const { email, code } = await aProtectedPerson();
    const answer = await loginTotp(await ticketFor(email), await code());
    expect(answer.status).toBe(200);
    expect(answer.headers.get('Cache-Control')).toBe('no-store');
    expect(answer.body).toEqual({
      access_token: expect.stringMatching(/^ey/),
      refresh_token: expect.stringMatching(/^rt_/),
      token_type: 'bearer',
      expires_in: 900,
      last_login_method: 'email',
    });
    expect(decodeJwt(answer.body.access_token)).toMatchObject({ amr: ['pwd', 'otp', 'mfa'] });
    expect((await world.me(answer.body.access_token)).body).toMatchObject({
      email,
      totp_enabled: true,
      last_login_method: 'email_totp',
    });
    expect((await login(email)).body.last_login_method).toBe('email_totp');
  });

  it('answers a bad ticket and a bad code alike', async () => {
    const { email, secret, code } = await aProtectedPerson();
    const expired = await ticketFor(email);
    world.clock.advance(301);
    const foreign = await world.aProject();
    const { key } = await world.aKey(foreign.id);
    const live = await ticketFor(email);
    const input = { login_ticket: live, totp_code: await code() };
    const answers: readonly (readonly [string, Answer])[] = [
      ['a wrong code', await loginTotp(live, await wrongCode(secret))],
      ['no code', await loginTotp(live, 'abcdef')],
      ['an unknown ticket', await loginTotp('lt_unknown', await code())],
      ['no ticket', await loginTotp('', await code())],
      ['a changed ticket', await loginTotp(`${live}x`, await code())],
      ['an expired ticket', await loginTotp(expired, await code())],
      ['another project', await world.post(`/api/v1/gate/${foreign.id}/auth/login/totp`, input, { key })],
    ];
    for (const [what, answer] of answers) {
      expect(answer, what).toMatchObject(BAD_TICKET_OR_CODE);
      expect(answer.headers.has('WWW-Authenticate'), what).toBe(false);
    }
    expect((await loginTotp(live, await code())).status).toBe(200);
    expect(await loginTotp(live, await code())).toMatchObject(BAD_TICKET_OR_CODE);
  });

  it('takes a code once, ever, in whatever form it is typed, and not that of the set-up', async () => {
    const person = await world.person();
    const { secret } = (await setup(person.token)).body;
    const first = await codeAt(secret, world.clock.now());
    await verifySetup(person.token, first);
    expect(await loginTotp(await ticketFor(person.email), first)).toMatchObject(BAD_TICKET_OR_CODE);
    world.clock.advance(STEP_SECONDS);
    const second = await codeAt(secret, world.clock.now());
    expect((await loginTotp(await ticketFor(person.email), second)).status).toBe(200);
    const typed = `${second.slice(0, 3)} ${second.slice(3)}`;
    for (const code of [second, typed, first]) {
      expect(await loginTotp(await ticketFor(person.email), code), code).toMatchObject(BAD_TICKET_OR_CODE);
    }
    expect(await disable(person.token, second)).toMatchObject(WRONG_CODE);
  });

  it('takes the code of the step before and of the step after, and none further away', async () => {
    const { email, secret } = await aProtectedPerson();
    world.clock.advance(10 * STEP_SECONDS);
    const codeOf = (steps: number) =>
      codeAt(secret, new Date(world.clock.now().getTime() + steps * STEP_SECONDS * 1000));
    const ticket = await ticketFor(email);
    for (const steps of [-2, 2]) {
      expect(await loginTotp(ticket, await codeOf(steps)), String(steps)).toMatchObject(BAD_TICKET_OR_CODE);
    }
    expect((await loginTotp(ticket, await codeOf(-1))).status).toBe(200);
    expect((await loginTotp(await ticketFor(email), await codeOf(1))).status).toBe(200);
  });

  it('opens one session of sixteen at once, with one ticket or with many', async () => {
    const { email, code } = await aProtectedPerson();
    const one = await ticketFor(email);
    const now = await code();
    const withOne = await sixteenAtOnce(() => loginTotp(one, now));
    expect(withOne.succeeded.filter(({ status }) => status === 200)).toHaveLength(1);
    world.clock.advance(STEP_SECONDS);
    const tickets = await ticketsFor(email, 16);
    const next = await code();
    const withMany = await sixteenAtOnce((index) => loginTotp(tickets[index] ?? '', next));
    expect(withMany.succeeded.filter(({ status }) => status === 200)).toHaveLength(1);
    for (const { status } of [...withOne.succeeded, ...withMany.succeeded]) expect(status).toBeLessThan(500);
  });

  it('burns the ticket with five wrong codes', async () => {
    const { email, secret, code } = await aProtectedPerson();
    const ticket = await ticketFor(email);
    for (const wrong of await wrongCodesAt(secret, world.clock.now(), 5)) {
      expect(await loginTotp(ticket, wrong), wrong).toMatchObject(BAD_TICKET_OR_CODE);
    }
    expect(await loginTotp(ticket, await code())).toMatchObject(BAD_TICKET_OR_CODE);
    expect((await loginTotp(await ticketFor(email), await code())).status).toBe(200);
  });

  it('evaluates ten wrong codes of an account, however many come at once; passwords are counted apart', async () => {
    const { email, secret, code } = await aProtectedPerson();
    const tickets = await ticketsFor(email, 25);
    const wrong = await wrongCodesAt(secret, world.clock.now(), 100);
    const answers = await Promise.all(wrong.map((guess, index) => loginTotp(tickets[index % 25] ?? '', guess)));
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(10);
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(90);
    for (const { headers } of refused) expect(Number(headers.get('Retry-After'))).toBeGreaterThan(0);
    expect((await loginTotp(await ticketFor(email), await code())).status).toBe(429);
    expect(await login(email)).toMatchObject({ status: 200, body: { requires_totp: true } });
  });

  it('answers 403 where sign-in is off', async () => {
    const closing = await aGateWorld();
    await closing.change({ signInEnabled: false });
    closing.clock.advance(3);
    const answer = await closing.post('gate/login/totp', { login_ticket: 'lt_any', totp_code: '123456' });
    expect(answer).toMatchObject({ status: 403, body: { detail: 'Sign-in is disabled' } });
  });

  it('answers 422 to a ticket of more than 128 characters and a code of more than 16', async () => {
    expect((await loginTotp('x'.repeat(128), '1'.repeat(16))).status).toBe(401);
    const answer = await loginTotp('x'.repeat(129), '1'.repeat(17));
    expect(answer).toMatchObject({
      status: 422,
      body: {
        detail: [
          { loc: ['body', 'login_ticket'], type: 'too_long' },
          { loc: ['body', 'totp_code'], type: 'too_long' },
        ],
      },
    });
  });
});

describe('totp/disable', () => {
  it('turns TOTP off with a code; the other sessions end, this one lives, and the person is told', async () => {
    const { email, token, code } = await aProtectedPerson();
    const other = (await loginTotp(await ticketFor(email), await code())).body;
    world.clock.advance(STEP_SECONDS);
    expect(await disable(token, await code())).toMatchObject({ status: 204, body: '' });
    expect((await world.me(token)).body.totp_enabled).toBe(false);
    expect((await world.me(other.access_token)).status).toBe(401);
    expect((await login(email)).body).toMatchObject({ requires_totp: false, login_ticket: null });
    expect(await mailKinds(email)).toContain('mfa-disabled');
  });

  it('answers 401 to a wrong code, and 400 when TOTP is not enabled', async () => {
    const { token, secret, code } = await aProtectedPerson();
    expect(await disable(token, await wrongCode(secret))).toMatchObject(WRONG_CODE);
    expect((await disable(token, await code())).status).toBe(204);
    world.clock.advance(STEP_SECONDS);
    expect(await disable(token, await code())).toMatchObject({ status: 400, body: { detail: 'TOTP is not enabled' } });
  });
});

describe('a reset of the password', () => {
  it('burns tickets, and the code is asked for as before', async () => {
    const { email, code } = await aProtectedPerson();
    await world.post('gate/resend-verification', { email });
    await world.post('gate/verify-email', { email, otp: await world.otpTo(email) });
    const before = await ticketFor(email);
    await reset(email);
    expect(await loginTotp(before, await code())).toMatchObject(BAD_TICKET_OR_CODE);
    const after = await world.post('gate/login', { email, password: NEW_PASSWORD });
    expect(after.body).toMatchObject({ access_token: null, requires_totp: true });
    expect((await loginTotp(after.body.login_ticket, await code())).status).toBe(200);
  });

  it('takes TOTP with it where it first proves the address: whoever set it up may not have been the owner', async () => {
    const { email } = await aProtectedPerson();
    await reset(email);
    const { body } = await world.post('gate/login', { email, password: NEW_PASSWORD });
    expect(body).toMatchObject({ requires_totp: false });
    const { secret } = (await setup(body.access_token)).body;
    expect((await verifySetup(body.access_token, await codeAt(secret, world.clock.now()))).status).toBe(204);
  });
});

describe('limits of the second step', () => {
  it('are those of `login`, and the hard cap', async () => {
    const narrow = await aGateWorld({ settings: { rateLimits: { login: { limit: 2, windowSeconds: 60 } } } });
    const second = () =>
      narrow.post('gate/login/totp', { login_ticket: 'x', totp_code: '123456' }, { address: '198.51.100.1' });
    const answers = [await second(), await second(), await second()];
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 429]);
    expect(answers[0]?.headers.get('RateLimit-Policy')).toBe('2;w=60');

    const address = '198.51.100.2';
    const calls = Array.from({ length: 61 }, () =>
      world.post('gate/login/totp', { login_ticket: 'x', totp_code: '123456' }, { address }),
    );
    const statuses = (await Promise.all(calls)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 401)).toHaveLength(60);
    expect(statuses.filter((status) => status === 429)).toHaveLength(1);
  });

  it('are `general` for the bearer of a token', async () => {
    const narrow = await aGateWorld({ settings: { rateLimits: { general: { limit: 29, windowSeconds: 1 } } } });
    const { token } = await narrow.person();
    for (const operation of ['setup', 'verify-setup', 'disable']) {
      const { headers } = await narrow.post(`pub/totp/${operation}`, { code: '123456' }, { token });
      expect(headers.get('RateLimit-Policy'), operation).toBe('29;w=1');
    }
  });
});
