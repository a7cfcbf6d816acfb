import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { IamError } from '../../src/domain/errors.ts';
import type { Ports } from '../../src/ports/ports.ts';
import { anIam, aProjectOf, aRegisteredUser, at } from '../support/an-iam.ts';
import { type Answer, anAddress, aService, OWNER, PASSWORD, type TestService } from './a-service.ts';

const DEPENDENCIES = [
  'apiKeyDirectory',
  'attemptBudget',
  'oneTimeTokenDirectory',
  'passwordHasher',
  'projectDirectory',
  'rateLimiter',
  'sessionDirectory',
  'tenantDirectory',
  'tokenSigner',
  'unitOfWork',
  'userDirectory',
] as const satisfies readonly (keyof Ports)[];

let down: keyof Ports | undefined;
let service: TestService;
beforeAll(async () => {
  service = await aService({
    ports: (memory) => Object.fromEntries(DEPENDENCIES.map((name) => [name, failing(name, memory[name])])),
  });
});
afterAll(() => service[Symbol.asyncDispose]());
afterEach(() => {
  down = undefined;
});

/** The same port, until it is down: then it answers as an adapter does whose server is gone. */
function failing<Port extends object>(name: keyof Ports, port: Port): Port {
  return new Proxy(port, {
    get(target, method) {
      const member: unknown = Reflect.get(target, method);
      if (typeof member !== 'function') return member;
      return (...args: unknown[]) =>
        down === name
          ? Promise.reject(new IamError('unavailable', { retryAfterSeconds: 1 }))
          : member.apply(target, args);
    },
  });
}

/** What was believed without looking is too old by now. */
const forget = () => service.clock.advance(31);

async function somebody() {
  const email = anAddress();
  const register = () => service.gate('POST', 'gate/register', { body: { email, password: PASSWORD } });
  const { access_token: token, refresh_token: refreshToken } = (await register()).body;
  return { email, token, refreshToken };
}

/** Requests of somebody who may make them. */
async function rightRequests(): Promise<readonly (() => Promise<Answer>)[]> {
  const { gate, v1 } = service;
  const [{ email }, { token }, { refreshToken }] = [await somebody(), await somebody(), await somebody()];
  const owner = (await v1('POST', '/auth/login', { body: OWNER })).body.accessToken;
  await gate('POST', 'gate/forgot-password', { body: { email } });
  const reset = { email, otp: await service.codeTo(email), new_password: PASSWORD };
  return [
    () => gate('POST', 'gate/register', { body: { email: anAddress(), password: PASSWORD } }),
    () => gate('POST', 'gate/login', { body: { email, password: PASSWORD } }),
    () => gate('POST', 'gate/reset-password', { body: reset }),
    () => gate('POST', 'gate/forgot-password', { body: { email } }),
    () => gate('GET', 'pub/me', { token }),
    () => gate('POST', 'pub/verify', { token }),
    () => gate('POST', 'pub/refresh', { body: { refresh_token: refreshToken } }),
    () => v1('POST', '/auth/login', { body: OWNER }),
    () => v1('GET', '/auth/tenants', { token: owner }),
    () => v1('GET', '/projects', { token: owner }),
  ];
}

/** Requests that nobody may make, each for another reason. */
async function wrongRequests(): Promise<readonly (() => Promise<Answer>)[]> {
  const { gate, v1 } = service;
  const [{ email }, gone, replayed] = [await somebody(), await somebody(), await somebody()];
  await gate('POST', 'pub/logout', { body: { refresh_token: gone.refreshToken } });
  await gate('POST', 'pub/refresh', { body: { refresh_token: replayed.refreshToken } });
  const wrong = 'a guess that was never right';
  const otp = { email, otp: '000000', new_password: PASSWORD };
  return [
    () => gate('POST', 'gate/login', { body: { email, password: wrong } }),
    () => gate('POST', 'gate/login', { body: { email: anAddress(), password: wrong } }),
    () => gate('POST', 'gate/login', { body: { email, password: PASSWORD }, headers: { 'X-API-Key': 'ck_unknown' } }),
    () => gate('POST', 'gate/reset-password', { body: otp }),
    () => gate('GET', 'pub/me', { token: gone.token }),
    () => gate('POST', 'pub/verify', { token: gone.token }),
    () => gate('POST', 'pub/refresh', { body: { refresh_token: replayed.refreshToken } }),
    () => v1('POST', '/auth/login', { body: { ...OWNER, password: wrong } }),
    () => v1('POST', '/auth/reset-password', { body: { token: 'unknown', newPassword: PASSWORD } }),
    () => v1('GET', '/projects', { token: 'unknown' }),
  ];
}

describe.each(DEPENDENCIES)('while %s does not answer', (name) => {
  it('what needs it is refused with 503 and Retry-After, and the rest goes on', async () => {
    const requests = await rightRequests();
    forget();
    down = name;
    const answers: Answer[] = [];
    for (const request of requests) answers.push(await request());
    const refused = answers.filter(({ status }) => status >= 400);
    expect(refused.length).toBeGreaterThan(0);
    for (const { status, headers } of refused) {
      expect(status).toBe(503);
      expect(headers.get('Retry-After')).toBe('1');
    }
  });

  it('nothing that is refused otherwise is let through', async () => {
    const requests = await wrongRequests();
    forget();
    down = name;
    for (const request of requests) expect((await request()).status).toBeGreaterThanOrEqual(400);
  });
});

describe('a back end that speaks for its users', () => {
  it('is not shut out afterwards for what could not be answered meanwhile', async () => {
    service.clock.advance(61);
    const headers = { 'X-Client-Address': '203.0.113.1' };
    const login = () => service.gate('POST', 'gate/login', { body: {}, headers });
    down = 'apiKeyDirectory';
    for (let call = 0; call < 61; call += 1) expect((await login()).status).toBe(503);
    down = undefined;
    expect((await login()).status).toBe(422);
  });
});

describe('ending a session', () => {
  it('is no error for a token that nobody knows, and one when it could not be stored (RFC 7009 §2.2)', async () => {
    const { refreshToken, token } = await somebody();
    const logout = (refresh_token: string) => service.gate('POST', 'pub/logout', { body: { refresh_token } });
    expect((await logout('rt_nobody-knows')).status).toBe(204);
    down = 'unitOfWork';
    expect((await logout(refreshToken)).status).toBe(503);
    down = undefined;
    expect((await service.gate('GET', 'pub/me', { token })).status).toBe(200);
  });
});

describe('a project that refuses breached passwords', () => {
  let breached: () => Promise<boolean>;
  const registering = async (breachCheck: 'off' | 'block') => {
    const test = await anIam(() => ({
      passwordLists: { look: async (_, { breaches }) => ({ common: false, breached: breaches && (await breached()) }) },
    }));
    return aRegisteredUser(test, at(await aProjectOf(test, { passwordPolicy: { breachCheck } }), 'gate'));
  };

  it('refuses them, and every password while nobody can look them up', async () => {
    breached = async () => true;
    await expect(registering('block')).rejects.toMatchObject({
      code: 'weak-password',
      details: { reasons: ['breached'] },
    });
    breached = () => Promise.reject(new IamError('unavailable', { retryAfterSeconds: 5 }));
    await expect(registering('block')).rejects.toMatchObject({ code: 'unavailable' });
    await expect(registering('off')).resolves.toBeDefined();
  });
});
