import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { OPERATOR } from '../../src/application/actor.ts';
import { IamError } from '../../src/domain/errors.ts';
import type { ProjectState } from '../../src/domain/project/project.ts';
import { aV1World, type Call, GENEROUS, PASSWORD, type V1World } from './v1-world.ts';

const IN_VAIN = 30;
const FLOODING = '198.51.100.66';

/** How often anything was looked up that requests name. */
let looks: number;
let down = false;
let world: V1World;
let shop: ProjectState;
/** Of the shop. */
let key: string;

/** The same, counted. */
function counted<Port extends object>(port: Port, methods: readonly (keyof Port)[]): Port {
  return new Proxy(port, {
    get(target, method) {
      const member: unknown = Reflect.get(target, method);
      if (typeof member !== 'function') return member;
      return (...args: unknown[]) => {
        if (!methods.includes(method as keyof Port)) return member.apply(target, args);
        looks += 1;
        if (down) return Promise.reject(new IamError('unavailable', { retryAfterSeconds: 1 }));
        return member.apply(target, args);
      };
    },
  });
}

beforeEach(async () => {
  world = await aV1World({
    ports: ({ projectDirectory, apiKeyDirectory, tokenSigner }) => ({
      projectDirectory: counted(projectDirectory, ['byId']),
      apiKeyDirectory: counted(apiKeyDirectory, ['byDigest']),
      tokenSigner: counted(tokenSigner, ['verify']),
    }),
  });
  const settings = {
    ...GENEROUS,
    v1Enabled: true,
    emailVerificationRequired: false,
    signingAlgorithm: 'ES256',
  } as const;
  shop = await world.iam.projects.createProject.execute(OPERATOR, { name: 'Shop', settings });
  const input = { projectId: shop.id, name: 'Back end', permissions: ['auth', 'manage'] as const };
  ({ key } = await world.iam.projects.createApiKey.execute(OPERATOR, input));
  looks = 0;
});

const base64url = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const aForgery = (pid: string) => `${base64url({ alg: 'RS256', kid: 'x' })}.${base64url({ pid })}.AAAA`;

type Ask = (more?: Call) => Promise<{ readonly status: number }>;
const pub = (shown: string, projectId: string = shop.id): Ask => {
  const headers = { 'X-API-Key': shown };
  return (more) =>
    world.call('POST', `/api/v1/pub/${projectId}/auth/logout`, { body: { refresh_token: 'x' }, headers, ...more });
};
const jwks =
  (projectId: string): Ask =>
  (more) =>
    world.call('GET', `/api/v1/pub/${projectId}/.well-known/jwks.json`, more);
const visit =
  (projectId: string): Ask =>
  (more) =>
    world.call('GET', '/auth/providers', { headers: { 'X-Project-Id': projectId }, ...more });
const bearer =
  (token: string): Ask =>
  (more) =>
    world.get('/auth/tenants', token, more);
const manage =
  (shown: string): Ask =>
  (more) =>
    world.call('GET', '/users', { headers: { 'X-API-Key': shown, 'X-Project-Id': shop.id }, ...more });

describe('what is not there, asked for again and again', () => {
  const surfaces: readonly (readonly [string, number, () => Ask, () => Promise<readonly Ask[]>])[] = [
    ['keys of the Public API', 401, () => pub(`ck_${randomUUID()}`), async () => [pub(key)]],
    ['projects of the Public API', 401, () => pub('ck_x', randomUUID()), async () => [pub(key)]],
    ['public keys of projects', 404, () => jwks(randomUUID()), async () => [jwks(shop.id)]],
    ['projects of the v1 API', 404, () => visit(randomUUID()), async () => [visit(shop.id)]],
    ['projects in tokens', 401, () => bearer(aForgery(randomUUID())), async () => [bearer(await aToken())]],
    ['keys at the v1 API', 401, () => manage(`ck_${randomUUID()}`), async () => [manage(key)]],
  ];

  async function aToken(): Promise<string> {
    const input = { email: `p${randomUUID()}@example.test`, password: PASSWORD };
    return (await world.post('/auth/register', input, { headers: { 'X-Project-Id': shop.id } })).body.accessToken;
  }

  it.each(surfaces)('is not looked up any more until the second is over: %s', async (_, status, stranger, friends) => {
    const known = await friends();
    for (const ask of known) expect((await ask()).status).toBeLessThan(300);
    world.clock.advance(1);
    for (let turn = 0; turn < IN_VAIN; turn += 1) expect((await stranger()({ address: FLOODING })).status).toBe(status);
    const before = looks;
    expect(before).toBeGreaterThan(0);
    for (let turn = 0; turn < 5; turn += 1) expect((await stranger()({ address: FLOODING })).status).toBe(429);
    expect(looks).toBe(before);

    // Neither those who are known, nor others, have part in it.
    for (const ask of known) expect((await ask({ address: FLOODING })).status).toBeLessThan(300);
    expect((await stranger()({ address: '203.0.113.7' })).status).toBe(status);
    world.clock.advance(1);
    expect((await stranger()({ address: FLOODING })).status).toBe(status);
  });

  it('is refused as whoever asks too often is, in the words of either API', async () => {
    const asks = [pub('ck_x'), visit(randomUUID())];
    for (const ask of asks) for (let turn = 0; turn < IN_VAIN; turn += 1) await ask({ address: FLOODING });
    const path = `/api/v1/pub/${shop.id}/auth/logout`;
    const gate = await world.call('POST', path, { headers: { 'X-API-Key': 'ck_x' }, address: FLOODING });
    expect(gate).toMatchObject({ status: 429, body: { detail: 'Too many requests' } });
    expect(gate.headers.get('RateLimit-Policy')).toBe('30;w=1');
    expect(gate.headers.get('RateLimit')).toBe('limit=30, remaining=0, reset=1');
    const v1 = await world.get('/auth/providers', undefined, {
      headers: { 'X-Project-Id': randomUUID() },
      address: FLOODING,
    });
    expect(v1).toMatchObject({ status: 429, problem: 'rate-limited' });
    expect(v1.headers.get('RateLimit-Policy')).toBe('"unknown";q=30;w=1');
    expect(v1.headers.get('RateLimit')).toBe('"unknown";r=0;t=1');
    for (const { headers } of [gate, v1]) expect(headers.get('Retry-After')).toBe('1');
  });

  it('counts against nobody where it could not be looked up', async () => {
    down = true;
    for (let turn = 0; turn < 2 * IN_VAIN; turn += 1) {
      expect((await pub(`ck_${randomUUID()}`)({ address: FLOODING })).status).toBe(503);
    }
    down = false;
    expect((await pub(key)({ address: FLOODING })).status).toBe(204);
  });
});
