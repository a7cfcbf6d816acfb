import { beforeAll, describe, expect, it } from 'vitest';
import { anId } from '../support/builders.ts';
import { aV1World, latest, PASSWORD, type V1World } from './v1-world.ts';

const NEW_PASSWORD = 'nine orange walruses sing';

let world: V1World;
beforeAll(async () => {
  world = await aV1World();
});

const patchMe = (token: string, body: unknown, headers: Record<string, string> = {}) =>
  world.call('PATCH', '/auth/me', { token, body, headers });
const login = (email: string, password = PASSWORD) => world.post('/auth/login', { email, password });

describe('GET /auth/me', () => {
  it('shows the user with permissions and tenant', async () => {
    const { answer, token } = await world.person();
    const { body } = await world.get('/auth/me', token);
    expect(body).toEqual({
      ...answer.body.user,
      updatedAt: expect.any(String),
      permissions: ['*'],
      tenant: { ...answer.body.tenant, logoUrl: null },
    });
  });

  it('carries a strong ETag, which spares the body while nothing changes', async () => {
    const { token } = await world.person();
    const etag = (await world.get('/auth/me', token)).headers.get('ETag') ?? '';
    expect(etag).toMatch(/^"/);
    const known = await world.get('/auth/me', token, { headers: { 'If-None-Match': etag } });
    expect(known).toMatchObject({ status: 304, text: '' });
    await patchMe(token, { firstName: 'Changed' });
    expect((await world.get('/auth/me', token, { headers: { 'If-None-Match': etag } })).status).toBe(200);
  });
});

describe('PATCH /auth/me', () => {
  it('changes what is given, and leaves the rest', async () => {
    const { token } = await world.person();
    const preferences = { theme: 'dark', nested: { a: [1, null] } };
    await patchMe(token, { firstName: 'Ada', phone: '+44 1' });
    const { status, body } = await patchMe(token, { avatarUrl: 'https://example.test/a.png', preferences });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      firstName: 'Ada',
      phone: '+44 1',
      avatarUrl: 'https://example.test/a.png',
      preferences,
    });
    expect((await world.get('/auth/me', token)).body).toEqual(body);
  });

  it('clears what is null', async () => {
    const { token } = await world.person();
    await patchMe(token, { firstName: 'Ada', phone: '1' });
    expect((await patchMe(token, { firstName: null, phone: null })).body).toMatchObject({
      firstName: null,
      phone: null,
    });
  });

  it('does not touch what is not the person’s to change', async () => {
    const { token, answer } = await world.person();
    const id = anId<string>();
    const given = { id, status: 'disabled', metadata: { a: 1 }, emailVerified: true, roles: ['admin'], tenantId: id };
    const { body } = await patchMe(token, given);
    const { updatedAt: _, ...user } = answer.body.user;
    expect(body).toMatchObject(user);
  });

  it('honours If-Match: the second of two writers is told', async () => {
    const { token } = await world.person();
    const etag = (await world.get('/auth/me', token)).headers.get('ETag') ?? '';
    const first = await patchMe(token, { firstName: 'First' }, { 'If-Match': etag });
    expect(first.status).toBe(200);
    const second = await patchMe(token, { firstName: 'Second' }, { 'If-Match': etag });
    expect(second).toMatchObject({ status: 412, problem: 'precondition-failed' });
    const fresh = first.headers.get('ETag') ?? '';
    expect((await patchMe(token, { firstName: 'Third' }, { 'If-Match': fresh })).body.firstName).toBe('Third');
  });

  it('asks for a fresh authentication before the email is changed (RFC 9470)', async () => {
    const world = await aV1World();
    const { token } = await world.person();
    world.clock.advance(301);
    const change = { token, body: { email: 'new@example.test' } };
    const refused = await world.call('PATCH', '/auth/me', change);
    expect(refused).toMatchObject({ status: 401, problem: 'reauthentication-required' });
    expect(refused.headers.get('WWW-Authenticate')).toBe(
      'Bearer error="insufficient_user_authentication", max_age=300',
    );
    await world.post('/auth/reauthenticate', { password: PASSWORD }, { token });
    expect((await world.call('PATCH', '/auth/me', change)).body).toMatchObject({ pendingEmail: 'new@example.test' });
  });

  it('keeps the old email until the new one is proven with the token of its mail', async () => {
    const { token, email } = await world.person();
    const newEmail = `new-${email}`;
    expect((await patchMe(token, { email: newEmail })).body).toMatchObject({ email, pendingEmail: newEmail });
    const link = latest(await world.mailsTo(newEmail), 'email-change-link');
    expect(latest(await world.mailsTo(email), 'email-change-notice').newEmail).toBe(newEmail);
    expect((await world.post('/auth/verify-email', { token: link.token })).body).toEqual({ emailVerified: true });
    expect((await login(newEmail)).status).toBe(200);
    expect((await login(email)).status).toBe(401);
  });
});

describe('POST /auth/change-password', () => {
  it('wants the current one, and ends the other sessions', async () => {
    const { email, token } = await world.person();
    const other = (await login(email)).body.accessToken;
    const change = (currentPassword: string, newPassword: string) =>
      world.post('/auth/change-password', { currentPassword, newPassword }, { token });
    expect(await change('wrong password here', NEW_PASSWORD)).toMatchObject({ problem: 'invalid-credentials' });
    expect(await change(PASSWORD, NEW_PASSWORD)).toMatchObject({ status: 204, text: '' });
    expect((await world.get('/auth/me', token)).status).toBe(200);
    expect((await world.get('/auth/me', other)).status).toBe(401);
    expect((await login(email)).status).toBe(401);
    expect((await login(email, NEW_PASSWORD)).status).toBe(200);
  });

  it('names the field of a new password that is refused', async () => {
    const { token } = await world.person();
    const change = (newPassword: string) =>
      world.post('/auth/change-password', { currentPassword: PASSWORD, newPassword }, { token });
    const short = await change('short');
    expect(short.body.errors).toEqual([{ field: 'newPassword', message: expect.any(String), code: 'TOO_SHORT' }]);
    const weak = await change('password1234');
    expect(weak).toMatchObject({ status: 400, problem: 'weak-password' });
    expect(weak.body.errors[0]).toMatchObject({ field: 'newPassword', code: 'NOT_ALLOWED' });
  });
});

describe('sessions', () => {
  it('are listed without any secret, and the present one is marked', async () => {
    const { email, token } = await world.person();
    await world.post('/auth/login', { email, password: PASSWORD }, { headers: { 'User-Agent': 'Other/1' } });
    const { body, text } = await world.get('/auth/sessions', token);
    expect(body.data).toHaveLength(2);
    expect(body.data.filter((session: { current: boolean }) => session.current)).toHaveLength(1);
    expect(body.data).toContainEqual({
      id: expect.any(String),
      tenantId: expect.any(String),
      createdAt: expect.stringMatching(/Z$/),
      lastUsedAt: expect.stringMatching(/Z$/),
      ip: '192.0.2.1',
      userAgent: 'Other/1',
      current: false,
    });
    expect(text).not.toMatch(/nonce|epoch|generation/);
  });

  it('are ended one by one by their owner, and by nobody else', async () => {
    const { email, token } = await world.person();
    const other = (await login(email)).body.accessToken;
    const { data } = (await world.get('/auth/sessions', other)).body;
    const { id } = data.find((session: { current: boolean }) => session.current);
    const stranger = (await world.person()).token;
    const end = (token: string, id: string) => world.call('DELETE', `/auth/sessions/${id}`, { token });
    expect(await end(stranger, id)).toMatchObject({ status: 404, problem: 'not-found' });
    expect(await end(token, 'nonsense')).toMatchObject({ status: 404 });
    expect(await end(token, anId())).toMatchObject({ status: 404 });
    expect((await end(token, id)).status).toBe(204);
    expect((await world.get('/auth/me', other)).status).toBe(401);
    expect((await world.get('/auth/me', token)).status).toBe(200);
  });

  it('are ended all but the present one', async () => {
    const { email, token } = await world.person();
    const other = (await login(email)).body.accessToken;
    expect((await world.call('DELETE', '/auth/sessions', { token })).status).toBe(204);
    expect((await world.get('/auth/me', other)).status).toBe(401);
    expect((await world.get('/auth/sessions', token)).body.data).toHaveLength(1);
  });
});

describe('the mailbox', () => {
  it('is proven with the token of the mail, once', async () => {
    const { email, token } = await world.person();
    const mailed = latest(await world.mailsTo(email), 'verify-email-link');
    expect(await world.post('/auth/verify-email', { token: mailed.token })).toMatchObject({
      status: 200,
      body: { emailVerified: true },
    });
    expect((await world.get('/auth/me', token)).body.emailVerified).toBe(true);
    expect(await world.post('/auth/verify-email', { token: mailed.token })).toMatchObject({ problem: 'token-invalid' });
  });

  it('is proven by one of sixteen at once', async () => {
    const { email } = await world.person();
    const { token } = latest(await world.mailsTo(email), 'verify-email-link');
    const answers = await Promise.all(Array.from({ length: 16 }, () => world.post('/auth/verify-email', { token })));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  it('gets another mail on demand, whose token replaces the first', async () => {
    const { email, token } = await world.person();
    const first = latest(await world.mailsTo(email), 'verify-email-link');
    expect(await world.call('POST', '/auth/request-verify-email', { token })).toMatchObject({ status: 202, text: '' });
    const second = latest(await world.mailsTo(email), 'verify-email-link');
    expect((await world.post('/auth/verify-email', { token: first.token })).status).toBe(401);
    expect((await world.post('/auth/verify-email', { token: second.token })).status).toBe(200);
  });

  it('says when a link came too late', async () => {
    const world = await aV1World();
    const { email } = await world.person();
    const { token } = latest(await world.mailsTo(email), 'verify-email-link');
    world.clock.advance(24 * 3600 + 1);
    expect(await world.post('/auth/verify-email', { token })).toMatchObject({ status: 401, problem: 'token-expired' });
  });

  it('may disown an account that it never wanted', async () => {
    const { email, token } = await world.person();
    const { disownToken } = latest(await world.mailsTo(email), 'verify-email-link');
    expect(await world.post('/auth/disown', { token: disownToken })).toMatchObject({ status: 204 });
    expect((await world.get('/auth/me', token)).status).toBe(401);
    expect((await login(email)).status).toBe(401);
    expect((await world.post('/auth/disown', { token: disownToken })).status).toBe(401);
  });

  it('resets a forgotten password: every session ends', async () => {
    const { email, token } = await world.person();
    await world.post('/auth/verify-email', { token: latest(await world.mailsTo(email), 'verify-email-link').token });
    expect(await world.post('/auth/request-reset', { email })).toMatchObject({ status: 202, text: '' });
    const mailed = latest(await world.mailsTo(email), 'reset-password-link');
    const reset = (newPassword: string) => world.post('/auth/reset-password', { token: mailed.token, newPassword });
    const weak = await reset('password1234');
    expect(weak.body.errors[0]).toMatchObject({ field: 'newPassword', code: 'NOT_ALLOWED' });
    expect(await reset(NEW_PASSWORD)).toMatchObject({ status: 204, text: '' });
    expect((await world.get('/auth/me', token)).status).toBe(401);
    expect((await login(email, NEW_PASSWORD)).status).toBe(200);
    expect(await reset(NEW_PASSWORD)).toMatchObject({ problem: 'token-invalid' });
  });

  it('hears nothing of a reset for an unknown or unproven address, and the answer is the same', async () => {
    const { email } = await world.person();
    for (const address of [email, 'stranger@example.test']) {
      expect(await world.post('/auth/request-reset', { email: address })).toMatchObject({ status: 202, text: '' });
      expect((await world.mailsTo(address)).map((mail) => mail.kind)).not.toContain('reset-password-link');
    }
  });
});
