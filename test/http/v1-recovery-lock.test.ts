import { beforeAll, describe, expect, it } from 'vitest';
import { anId } from '../support/builders.ts';
import { aV1World, latest, OWNER, PASSWORD, type V1World } from './v1-world.ts';

let world: V1World;
beforeAll(async () => {
  world = await aV1World();
});

const HOUR = 3600;
const LOCKED = { status: 403, problem: 'account-locked' };
const WRONG = { status: 401, problem: 'invalid-credentials' };

const recover = (email: string, recoveryCode = 'AAAA-AAAA-AAAA') =>
  world.post('/auth/recovery', { email, recoveryCode });
const login = (email: string, password = PASSWORD) => world.post('/auth/login', { email, password });
const change = (token: string, id: string, body: unknown = { status: 'active' }, headers = {}) =>
  world.call('PATCH', `/users/${id}`, { token, body, headers });

async function aPerson() {
  const person = await world.person();
  const [code = ''] = person.answer.body.recoveryCodes as readonly string[];
  return { ...person, code, id: person.answer.body.user.id as string };
}

async function guess(email: string, times: number): Promise<void> {
  for (let failures = 0; failures < times; failures += 1) expect(await recover(email)).toMatchObject(WRONG);
}

/** Three locks of five wrong codes each. */
async function guessUntilItCloses(email: string): Promise<void> {
  for (const locks of [1, 2, 3]) {
    await guess(email, 5);
    if (locks < 3) world.clock.advance(HOUR);
  }
}

describe('wrong recovery codes', () => {
  it('close recovery after five, for an hour, to the right code too; the password still signs in', async () => {
    const { email, code } = await aPerson();
    await guess(email, 5);
    for (const given of [undefined, code]) {
      const refused = await recover(email, given);
      expect(refused).toMatchObject(LOCKED);
      expect(refused.headers.get('Retry-After')).toBe(String(HOUR));
    }
    expect((await login(email)).status).toBe(200);
    latest(await world.mailsTo(email), 'recovery-locked');
    world.clock.advance(HOUR - 1);
    expect((await recover(email, code)).headers.get('Retry-After')).toBe('1');
    world.clock.advance(1);
    expect((await recover(email, code)).status).toBe(200);
  });

  it('lock the account after three such hours, which does not end by itself; sessions live on', async () => {
    const { email, code, refreshToken } = await aPerson();
    await guessUntilItCloses(email);
    for (const given of [undefined, code]) {
      const refused = await recover(email, given);
      expect(refused).toMatchObject(LOCKED);
      expect(refused.headers.has('Retry-After')).toBe(false);
    }
    const signIn = await login(email);
    expect(signIn).toMatchObject(LOCKED);
    expect(signIn.headers.has('Retry-After')).toBe(false);
    expect(await login(email, 'not the password at all')).toMatchObject(WRONG);
    const { accessToken } = (await world.post('/auth/refresh', { refreshToken })).body;
    expect((await world.get('/auth/me', accessToken)).body.status).toBe('locked');
    world.clock.advance(2 * 24 * HOUR);
    expect(await recover(email, code)).toMatchObject(LOCKED);
    const mail = latest(await world.mailsTo(OWNER.email), 'recovery-closed');
    expect(mail).toMatchObject({ account: email, accountLocked: true });
  });

  it('at an address that nobody has are answered the same at every step', async () => {
    const known = (await aPerson()).email;
    const unknown = `nobody-${known}`;
    for (let failures = 0; failures < 17; failures += 1) {
      const [one, other] = [await recover(known), await recover(unknown)];
      expect(other.status).toBe(one.status);
      expect({ ...other.body, trace_id: '' }).toEqual({ ...one.body, trace_id: '' });
      expect(other.headers.get('Retry-After')).toBe(one.headers.get('Retry-After'));
      if (one.headers.has('Retry-After')) world.clock.advance(HOUR);
    }
    for (const email of [known, unknown]) {
      expect((await recover(email)).headers.has('Retry-After')).toBe(false);
    }
  });

  it('lock nobody out of the platform who owns it: there recovery alone closes', async () => {
    const own = await aV1World();
    for (const locks of [1, 2, 3]) {
      for (let failures = 0; failures < 5; failures += 1) {
        await own.post('/auth/recovery', { email: OWNER.email, recoveryCode: 'AAAA-AAAA-AAAA' });
      }
      if (locks < 3) own.clock.advance(HOUR);
    }
    const input = { email: OWNER.email, recoveryCode: 'AAAA-AAAA-AAAA' };
    expect(await own.post('/auth/recovery', input)).toMatchObject(LOCKED);
    const token = await own.owner();
    const { body } = await own.get('/auth/me', token);
    expect(body.status).toBe('active');
    expect(latest(await own.mailsTo(OWNER.email), 'recovery-closed')).toMatchObject({ accountLocked: false });
    expect((await own.call('PATCH', `/users/${body.id}`, { token, body: { status: 'active' } })).status).toBe(200);
    expect(await own.post('/auth/recovery', input)).toMatchObject(WRONG);
  });
});

describe('PATCH /users/{id}', () => {
  it('unlocks an account for the owner of the platform: sign-in and recovery are open again', async () => {
    const { email, code, id } = await aPerson();
    await guessUntilItCloses(email);
    const { status, body } = await change(await world.owner(), id);
    expect(status).toBe(200);
    expect(body).toMatchObject({ id, email, status: 'active' });
    expect((await login(email)).status).toBe(200);
    expect((await recover(email, code)).status).toBe(200);
  });

  it('ends the hour of a recovery that is closed', async () => {
    const { email, code, id } = await aPerson();
    await guess(email, 5);
    await change(await world.owner(), id);
    expect((await recover(email, code)).status).toBe(200);
  });

  it('answers with the user, in the tenant of whoever asks, and leaves the rest as it is', async () => {
    const { id, answer } = await aPerson();
    const { updatedAt: _, ...before } = answer.body.user;
    const input = { status: 'active', phone: '+44 1', roles: ['owner'], preferences: { admin: true } };
    const { status, body } = await change(await world.owner(), id, input);
    expect(status).toBe(200);
    const there = { tenantId: world.platform.rootTenantId, roles: [] };
    expect(body).toEqual({ ...before, ...there, updatedAt: expect.stringMatching(/Z$/) });
  });

  it('is forbidden to the person themselves, who owns their tenant, and finds nobody for other tenants', async () => {
    const { id, email, refreshToken } = await aPerson();
    await guessUntilItCloses(email);
    const { accessToken } = (await world.post('/auth/refresh', { refreshToken })).body;
    expect(await change(accessToken, id)).toMatchObject({
      status: 403,
      problem: 'forbidden',
      body: { requiredPermission: 'platform.projects' },
    });
    expect(await change((await aPerson()).token, id)).toMatchObject({ status: 404, problem: 'not-found' });
    expect(await world.call('PATCH', `/users/${id}`, { body: { status: 'active' } })).toMatchObject({ status: 401 });
    expect((await world.get('/auth/me', accessToken)).body.status).toBe('locked');
  });

  it('finds nobody by an unknown id, or by what is no id', async () => {
    const owner = await world.owner();
    for (const id of [anId<string>(), 'nonsense']) {
      expect(await change(owner, id), id).toMatchObject({ status: 404, problem: 'not-found' });
    }
  });

  it('disables whoever it is, in whatever tenant', async () => {
    const { id, email, token } = await aPerson();
    expect(await change(await world.owner(), id, { status: 'disabled' })).toMatchObject({
      status: 200,
      body: { status: 'disabled' },
    });
    expect((await world.get('/auth/me', token)).status).toBe(401);
    expect(await login(email)).toMatchObject({ status: 403, problem: 'account-disabled' });
  });

  it('changes nothing else of somebody who is no member of the owner’s own tenant', async () => {
    const { id, token } = await aPerson();
    const owner = await world.owner();
    for (const input of [{ firstName: 'Mallory' }, { status: 'active', email: 'mallory@example.test' }, {}]) {
      expect(await change(owner, id, input)).toMatchObject({ status: 404, problem: 'not-found' });
    }
    expect((await world.get('/auth/me', token)).body).toMatchObject({ firstName: null, pendingEmail: null });
  });
});
