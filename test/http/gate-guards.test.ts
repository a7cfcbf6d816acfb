import { beforeEach, describe, expect, it } from 'vitest';
import { OPERATOR } from '../../src/application/actor.ts';
import { anId } from '../support/builders.ts';
import { sixteenAtOnce } from '../support/sixteen.ts';
import { type Answer, aGateWorld, type GateWorld, PASSWORD } from './gate-world.ts';

let world: GateWorld;
beforeEach(async () => {
  world = await aGateWorld();
});

const NOBODY = { email: 'nobody@example.test' };
const INVALID_KEY = { status: 401, body: { detail: 'Invalid API key' } };
const TOO_MANY = { status: 429, body: { detail: 'Too many requests' } };
const verifyEmail = (more: Parameters<GateWorld['post']>[2] = {}) => world.post('gate/verify-email', NOBODY, more);

describe('API key', () => {
  it('missing, unknown, expired, revoked or of another project: one answer, and the same for an unknown project', async () => {
    const soon = new Date(world.clock.now().getTime() + 60_000);
    const expiring = await world.aKey(world.project.id, ['auth'], soon);
    const revoked = await world.aKey(world.project.id);
    await world.iam.projects.revokeApiKey.execute(OPERATOR, {
      projectId: world.project.id,
      apiKeyId: revoked.apiKey.id,
    });
    const foreign = await world.aKey((await world.aProject()).id);
    world.clock.advance(61);
    for (const key of [null, '', 'ck_nonsense', expiring.key, revoked.key, foreign.key]) {
      for (const path of ['gate/login', 'pub/me']) {
        const method = path === 'pub/me' ? 'GET' : 'POST';
        expect(await world.call(method, path, { key }), `${path} ${key}`).toMatchObject(INVALID_KEY);
      }
    }
    for (const id of [anId<string>(), 'nonsense']) {
      expect(await world.post(`/api/v1/gate/${id}/auth/login`, {}), id).toMatchObject(INVALID_KEY);
    }
  });

  it('of the project, but without `auth`: 403', async () => {
    const { key } = await world.aKey(world.project.id, ['manage', 'client-address']);
    expect(await world.call('GET', 'pub/me', { key })).toMatchObject({ status: 403, body: { detail: 'Forbidden' } });
  });

  it('stops working within two seconds of its end', async () => {
    expect((await verifyEmail()).status).toBe(422);
    await world.iam.projects.revokeApiKey.execute(OPERATOR, {
      projectId: world.project.id,
      apiKeyId: world.apiKey.id,
    });
    world.clock.advance(2.001);
    expect(await verifyEmail()).toMatchObject(INVALID_KEY);
  });

  it('is looked at before the body, and before the rate limit', async () => {
    await world.change({ rateLimits: { login: { limit: 1, windowSeconds: 60 } } });
    world.clock.advance(3);
    const address = '198.51.100.1';
    for (let call = 0; call < 3; call += 1) {
      expect(await world.call('POST', 'gate/login', { key: null, text: '{', address })).toMatchObject(INVALID_KEY);
    }
    expect((await world.call('POST', 'gate/login', { text: '{', address })).status).toBe(400);
    expect(await world.call('POST', 'gate/login', { text: '{', address })).toMatchObject(TOO_MANY);
  });
});

describe('network rules', () => {
  const from = (address: string, userAgent = 'shop/1.0') =>
    world.call('GET', 'pub/me', { address, headers: { 'user-agent': userAgent } });

  it('deny wins; a non-empty allow admits nothing else', async () => {
    await world.change({ ipRules: { allow: ['192.0.2.0/24', '2001:db8::/32'], deny: ['192.0.2.7'] } });
    world.clock.advance(3);
    const statuses = { '192.0.2.1': 401, '192.0.2.7': 403, '203.0.113.1': 403, '2001:db8::7': 401, '2001:db9::7': 403 };
    for (const [address, status] of Object.entries(statuses)) {
      expect((await from(address)).status, address).toBe(status);
    }
    expect((await from('::ffff:192.0.2.7')).status).toBe(403);
    expect((await from('::ffff:192.0.2.1')).status).toBe(401);
  });

  it('a firewall rule closes a path and a user agent, alone or together', async () => {
    await world.change({
      firewallRules: [
        { action: 'deny', userAgent: 'CURL' },
        { action: 'deny', path: `/api/v1/pub/${world.project.id}/auth/me`, userAgent: 'shop/2' },
      ],
    });
    world.clock.advance(3);
    expect((await from('192.0.2.1')).status).toBe(401);
    expect((await from('192.0.2.1', 'curl/8')).status).toBe(403);
    expect((await from('192.0.2.1', 'shop/2.1')).status).toBe(403);
    const headers = { 'user-agent': 'shop/2.1' };
    expect((await world.post('pub/logout', { refresh_token: 'x' }, { headers })).status).toBe(204);
  });
});

describe('rate limits', () => {
  it('every answer shows the window in the Gate’s syntax; past it 429 with Retry-After', async () => {
    await world.change({ rateLimits: { register: { limit: 2, windowSeconds: 60 } } });
    world.clock.advance(3);
    const address = '198.51.100.2';
    const register = () => world.post('gate/register', {}, { address });
    for (const remaining of [1, 0]) {
      const { status, headers } = await register();
      expect(status).toBe(422);
      expect(headers.get('RateLimit-Policy')).toBe('2;w=60');
      expect(headers.get('RateLimit')).toMatch(new RegExp(`^limit=2, remaining=${remaining}, reset=\\d+$`));
    }
    const refused = await register();
    expect(refused).toMatchObject(TOO_MANY);
    expect(refused.headers.get('RateLimit')).toMatch(/^limit=2, remaining=0, reset=\d+$/);
    expect(refused.headers.get('Retry-After')).toBe(/reset=(\d+)$/.exec(refused.headers.get('RateLimit') ?? '')?.[1]);
    world.clock.advance(61);
    expect((await register()).status).toBe(422);
  });

  it('admits ten of sixteen at once', async () => {
    await world.change({ rateLimits: { login: { limit: 10, windowSeconds: 60 } } });
    world.clock.advance(3);
    const { succeeded } = await sixteenAtOnce(() => world.post('gate/login', {}, { address: '198.51.100.3' }));
    expect(succeeded.filter(({ status }) => status === 429)).toHaveLength(6);
  });

  it('counts by project, category and network: an IPv6 client by its /64', async () => {
    await world.change({ rateLimits: { passwordReset: { limit: 1, windowSeconds: 60 } } });
    world.clock.advance(3);
    const forgot = (address: string) => world.post('gate/forgot-password', NOBODY, { address });
    expect((await forgot('2001:db8:1:1::1')).status).toBe(204);
    expect((await forgot('2001:db8:1:1:ffff::2')).status).toBe(429);
    expect((await forgot('2001:db8:1:2::1')).status).toBe(204);
    const reset = await world.post('gate/reset-password', {}, { address: '2001:db8:1:1::1' });
    expect(reset.status).toBe(429);
    expect((await world.post('gate/login', {}, { address: '2001:db8:1:1::1' })).status).toBe(422);
  });
});

describe('the hard cap', () => {
  const address = '198.51.100.4';
  async function times(count: number, call: () => Promise<Answer>): Promise<readonly number[]> {
    const statuses: number[] = [];
    for (let turn = 0; turn < count; turn += 1) statuses.push((await call()).status);
    return statuses;
  }

  it('refuses the 61st call of a minute, over all projects, whatever the others came to', async () => {
    const other = await world.aProject();
    const { key } = await world.aKey(other.id);
    expect(new Set(await times(30, () => verifyEmail({ key: null, address })))).toEqual(new Set([401]));
    const elsewhere = () => world.post(`/api/v1/gate/${other.id}/auth/login`, {}, { key, address });
    expect(new Set(await times(30, elsewhere))).toEqual(new Set([422]));
    const refused = await verifyEmail({ address });
    expect(refused).toMatchObject(TOO_MANY);
    expect(refused.headers.get('RateLimit-Policy')).toBe('60;w=60');
    expect((await verifyEmail({ address: '198.51.100.5' })).status).toBe(422);
    expect((await world.call('GET', 'pub/me', { address })).status).toBe(401);
    world.clock.advance(61);
    expect((await verifyEmail({ address })).status).toBe(422);
  });

  it('counts the person instead of the back end that may speak for them', async () => {
    const { key } = await world.aKey(world.project.id, ['auth', 'client-address']);
    const of = (person: string) => () => verifyEmail({ key, address, headers: { 'X-Client-Address': person } });
    expect(new Set(await times(60, of('203.0.113.1')))).toEqual(new Set([422]));
    expect((await of('203.0.113.1')()).status).toBe(429);
    expect((await of('203.0.113.2')()).status).toBe(422);
    expect((await verifyEmail({ address })).status).toBe(422);
  });

  it('counts the back end when it is not let in, or may not speak for anybody', async () => {
    const headers = { 'X-Client-Address': '203.0.113.1' };
    expect(new Set(await times(30, () => verifyEmail({ key: 'ck_x', address, headers })))).toEqual(new Set([401]));
    expect(new Set(await times(30, () => verifyEmail({ address, headers })))).toEqual(new Set([422]));
    const { key } = await world.aKey(world.project.id, ['auth', 'client-address']);
    expect((await verifyEmail({ key, address, headers })).status).toBe(429);
    expect((await verifyEmail({ key, address: '198.51.100.5', headers })).status).toBe(422);
  });
});

describe('X-Client-Address', () => {
  it('is whose guesses are counted and whose address the rules are asked about', async () => {
    await world.change({ ipRules: { allow: [], deny: ['203.0.113.9'] } });
    world.clock.advance(3);
    const { key } = await world.aKey(world.project.id, ['auth', 'client-address']);
    const me = (person: string) => world.call('GET', 'pub/me', { key, headers: { 'X-Client-Address': person } });
    expect((await me('203.0.113.8')).status).toBe(401);
    expect((await me('203.0.113.9')).status).toBe(403);
    expect((await me('::ffff:203.0.113.9')).status).toBe(403);
  });

  it('is written down with the session; without it the connection’s address is', async () => {
    const { key } = await world.aKey(world.project.id, ['auth', 'client-address']);
    const input = (name: string) => ({ email: `${name}@example.test`, password: PASSWORD });
    const headers = { 'X-Client-Address': '2001:DB8::1' };
    await world.post('gate/register', input('told'), { key, headers });
    await world.post('gate/register', input('untold'), { key, address: '198.51.100.6' });
    await world.post('gate/register', input('unheard'), { address: '198.51.100.7', headers });
    const records = world.ports.store.auditRecords().filter(({ action }) => action === 'auth.registered');
    expect(records.slice(-3).map(({ ip }) => ip)).toEqual(['2001:db8::1', '198.51.100.6', '198.51.100.7']);
  });

  it('is 422 when it is no address', async () => {
    const { key } = await world.aKey(world.project.id, ['auth', 'client-address']);
    for (const garbage of ['nonsense', '1.2.3', '1.2.3.4, 5.6.7.8', '1.2.3.4:80', '', '0x7f.1']) {
      const answer = await world.call('GET', 'pub/me', { key, headers: { 'X-Client-Address': garbage } });
      const entry = { loc: ['header', 'X-Client-Address'], msg: 'is not an IP address', type: 'value_error' };
      expect(answer, garbage).toMatchObject({ status: 422, body: { detail: [entry] } });
    }
  });
});
