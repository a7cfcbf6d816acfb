import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HERE } from '../../src/application/actor.ts';
import { anAddress, aService, OWNER, PASSWORD, type TestService } from './a-service.ts';

const CHOSEN = ['nine orange walruses sing', 'eleven grey herons wait', 'four silver otters dive'] as const;
const WRONG = 'a guess that was never right';

let service: TestService;
const secrets = new Set<string>([PASSWORD, OWNER.password, WRONG, ...CHOSEN]);

/** Everything that was at rest whenever a secret was given out. */
const atRest: string[] = [];

/** Remembers what only its owner may know, and gives it back. */
function secret(value: string): string {
  expect(value).not.toBe('');
  secrets.add(value);
  atRest.push(storeOf(service));
  return value;
}

function storeOf({ store }: TestService): string {
  const tables = Object.entries(store).map(([name, table]) => [
    name,
    typeof table?.entries === 'function' ? [...table.entries()] : table,
  ]);
  return JSON.stringify([tables, store.auditRecords()]);
}

function pair(body: { readonly [name: string]: string }): { readonly access: string; readonly refresh: string } {
  return {
    access: secret(body.access_token ?? body.accessToken ?? ''),
    refresh: secret(body.refresh_token ?? body.refreshToken ?? ''),
  };
}

async function overTheGate(): Promise<void> {
  const { gate } = service;
  const email = anAddress();
  secret(service.key);
  const first = pair((await gate('POST', 'gate/register', { body: { email, password: PASSWORD } })).body);
  await gate('POST', 'gate/resend-verification', { body: { email } });
  await gate('POST', 'gate/verify-email', { body: { email, otp: secret(await service.codeTo(email)) } });
  await gate('POST', 'gate/login', { body: { email, password: WRONG } });
  await gate('POST', 'gate/login', { body: `{"password":"${PASSWORD}"` });
  await gate('POST', 'gate/login', { body: { email: [PASSWORD], password: { is: PASSWORD } } });
  await gate('POST', 'gate/login', { body: PASSWORD, headers: { 'Content-Type': 'text/plain' } });
  const second = pair((await gate('POST', 'pub/refresh', { body: { refresh_token: first.refresh } })).body);
  await gate('GET', 'pub/me', { token: second.access });
  await gate('POST', 'pub/verify', { token: `${second.access}x` });
  await gate('POST', 'pub/verify', { headers: { 'X-API-Key': secret('ck_a-key-that-never-was') } });
  pair((await gate('POST', 'pub/refresh', { body: { refresh_token: second.refresh } })).body);
  await gate('POST', 'pub/refresh', { body: { refresh_token: first.refresh } });
  await gate('POST', 'gate/forgot-password', { body: { email } });
  const reset = { email, otp: secret(await service.codeTo(email)), new_password: CHOSEN[0] };
  expect((await gate('POST', 'gate/reset-password', { body: reset })).status).toBe(204);
  const third = pair((await gate('POST', 'gate/login', { body: { email, password: CHOSEN[0] } })).body);
  expect((await gate('POST', 'pub/logout', { body: { refresh_token: third.refresh } })).status).toBe(204);
}

async function overV1(): Promise<void> {
  const { v1 } = service;
  const email = anAddress();
  const registered = await v1('POST', '/auth/register', { body: { email, password: PASSWORD } });
  const { access: token, refresh } = pair(registered.body);
  for (const code of registered.body.recoveryCodes) secret(code);
  secret(await service.linkTo(email, 'disown'));
  await v1('POST', '/auth/verify-email', { body: { token: secret(await service.linkTo(email, 'verify-email')) } });
  await v1('POST', '/auth/reauthenticate', { token, body: { password: WRONG } });
  await v1('POST', '/auth/reauthenticate', { token, body: { password: PASSWORD } });
  const next = anAddress();
  await v1('PATCH', '/auth/me', { token, body: { email: next } });
  const change = { token: secret(await service.linkTo(next, 'verify-email')) };
  expect((await v1('POST', '/auth/verify-email', { body: change })).status).toBe(200);
  const passwords = { currentPassword: PASSWORD, newPassword: CHOSEN[1] };
  expect((await v1('POST', '/auth/change-password', { token, body: passwords })).status).toBe(204);
  pair((await v1('POST', '/auth/refresh', { body: { refreshToken: refresh } })).body);
  await v1('POST', '/auth/request-reset', { body: { email: next } });
  const link = secret(await service.linkTo(next, 'reset-password'));
  await service.call('GET', `/reset-password?token=${link}`);
  await service.call('GET', `/nowhere/${link}`);
  expect((await v1('POST', '/auth/reset-password', { body: { token: link, newPassword: CHOSEN[2] } })).status).toBe(
    204,
  );
  await choosingATenant(next, CHOSEN[2]);
}

async function choosingATenant(email: string, password: string): Promise<void> {
  const { v1, iam, platform } = service;
  await iam.authentication.login.execute(
    { projectId: platform.id, dialect: 'gate', origin: HERE },
    { email, password },
  );
  const choice = (await v1('POST', '/auth/login', { body: { email, password } })).body;
  const input = { sessionToken: secret(choice.sessionToken), tenantId: choice.tenants[1].id };
  const chosen = pair((await v1('POST', '/auth/select-tenant', { body: input })).body);
  const back = { tenantId: choice.tenants[0].id, refreshToken: chosen.refresh };
  const switched = pair((await v1('POST', '/auth/switch-tenant', { token: chosen.access, body: back })).body);
  expect((await v1('POST', '/auth/logout', { token: switched.access })).status).toBe(204);
}

async function byTheOwner(): Promise<void> {
  const { v1 } = service;
  const { access: token } = pair((await v1('POST', '/auth/login', { body: OWNER })).body);
  const keys = `/projects/${service.project.id}/api-keys`;
  const headers = { 'Idempotency-Key': 'once' };
  const made = await v1('POST', keys, { token, headers, body: { name: 'k', permissions: ['auth'] } });
  secret(made.body.key);
  service.clock.advance(300);
  expect((await v1('POST', `/projects/${service.project.id}/signing-keys/rotate`, { token })).status).toBe(200);
}

beforeAll(async () => {
  service = await aService();
  await overTheGate();
  await overV1();
  await byTheOwner();
});
afterAll(() => service[Symbol.asyncDispose]());

/** Of all secrets those that the text holds; six digits only by themselves. */
function secretsIn(text: string): readonly string[] {
  return [...secrets].filter((value) =>
    /^\d{6}$/.test(value) ? new RegExp(`(?<![\\w-])${value}(?![\\w-])`).test(text) : text.includes(value),
  );
}

describe('a password, code, token or key', () => {
  it('is found where it is: the look for it works', () => {
    expect(secrets.size).toBeGreaterThan(30);
    for (const value of secrets) expect(secretsIn(`{"given":"${value}"}`)).toContain(value);
  });

  it('never reaches the log, whatever came of the request', async () => {
    const lines = await service.logged();
    expect(lines.length).toBeGreaterThan(30);
    expect(secretsIn(lines.join(''))).toEqual([]);
  });

  it('is nowhere at rest: not in a row, an event, an audit record or a stored answer', () => {
    const rest = [...new Set(atRest), storeOf(service)];
    const held = ['$argon2id$', 'reset-password-otp', 'verify-email-link', 'tenant-selection', 'auth.login.failed'];
    expect(held.filter((word) => !rest.some((rows) => rows.includes(word)))).toEqual([]);
    expect(rest.flatMap(secretsIn)).toEqual([]);
  });
});

describe('a request that fails by accident', () => {
  it('tells the log neither parameters of a statement nor members of the error', async () => {
    const driverError = Object.assign(new Error(`Failed query: insert into t values ($1)\nparams: ${PASSWORD}`), {
      params: [PASSWORD],
      detail: `Key (password)=(${PASSWORD})`,
      cause: Object.assign(new Error('the cause'), { parameters: [PASSWORD] }),
    });
    let failing = false;
    await using broken = await aService({
      ports: ({ unitOfWork }) => ({
        unitOfWork: { run: (work) => (failing ? Promise.reject(driverError) : unitOfWork.run(work)) },
      }),
    });
    failing = true;
    const body = { email: anAddress(), password: PASSWORD };
    const answers = [
      await broken.gate('POST', 'gate/register', { body }),
      await broken.v1('POST', '/auth/register', { body }),
    ];
    for (const { status, text } of answers) {
      expect(status).toBe(500);
      expect(text).not.toMatch(/Failed query|params|the cause|\.ts/);
    }
    const log = (await broken.logged()).join('');
    expect(log).toContain('Failed query');
    expect(secretsIn(log)).toEqual([]);
  });
});

describe('a line of the log', () => {
  it('is one JSON object, whatever a caller sends', async () => {
    const forged = '\n{"level":60,"msg":"forged"}\r\n\u001b[2K\u2028';
    const headers = {
      'user-agent': forged,
      'x-request-id': forged,
      traceparent: forged,
      'x-forwarded-for': forged,
      'x-api-key': forged,
    };
    const env = { incoming: { socket: { remoteAddress: '127.0.0.1' }, headers } };
    const path = encodeURIComponent(forged);
    for (const target of [`/${path}`, `/api/v1/gate/${path}/auth/login`, `/api/v1/projects/${path}?${path}`]) {
      await service.app.request(target, {}, env as never);
    }
    await service.v1('POST', '/auth/login', { body: { email: forged, password: forged } });
    for (const line of await service.logged()) {
      expect(line).toMatch(/^[^\p{Cc}\u2028\u2029]+\n$/u);
      expect(JSON.parse(line).msg).not.toBe('forged');
    }
    expect(JSON.stringify(service.store.auditRecords().map(({ userAgent }) => userAgent))).not.toMatch(/\\[nru]/);
  });
});
