import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuditAction } from '../../src/ports/audit-trail.ts';
import { anAddress, aService, OWNER, PASSWORD, type TestService } from './a-service.ts';

const NEW_PASSWORD = 'nine orange walruses sing';

let service: TestService;
beforeAll(async () => {
  service = await aService();
});
afterAll(() => service[Symbol.asyncDispose]());

/** What was recorded meanwhile. */
async function recordsOf(operation: () => Promise<unknown>) {
  const before = service.store.auditRecords().length;
  await operation();
  return service.store.auditRecords().slice(before);
}

async function somebody() {
  const email = anAddress();
  const { body } = await service.v1('POST', '/auth/register', { body: { email, password: PASSWORD } });
  const { accessToken: token, refreshToken, user, tenant } = body;
  return { email, token, refreshToken, userId: user.id as string, tenantId: tenant.id as string };
}
type Somebody = Awaited<ReturnType<typeof somebody>>;

const OPERATIONS: readonly (readonly [AuditAction, (person: Somebody) => Promise<unknown>])[] = [
  ['auth.login.succeeded', ({ email }) => service.v1('POST', '/auth/login', { body: { email, password: PASSWORD } })],
  ['auth.login.failed', ({ email }) => service.v1('POST', '/auth/login', { body: { email, password: NEW_PASSWORD } })],
  ['auth.login.failed', ({ token }) => service.v1('POST', '/auth/reauthenticate', { token, body: { password: 'x' } })],
  [
    'auth.reauthenticated',
    ({ token }) => service.v1('POST', '/auth/reauthenticate', { token, body: { password: PASSWORD } }),
  ],
  [
    'auth.password.changed',
    ({ token }) =>
      service.v1('POST', '/auth/change-password', {
        token,
        body: { currentPassword: PASSWORD, newPassword: NEW_PASSWORD },
      }),
  ],
  ['auth.password-reset.requested', ({ email }) => service.v1('POST', '/auth/request-reset', { body: { email } })],
  ['auth.email-verification.requested', ({ token }) => service.v1('POST', '/auth/request-verify-email', { token })],
  [
    'auth.email.verified',
    async ({ email }) =>
      service.v1('POST', '/auth/verify-email', { body: { token: await service.linkTo(email, 'verify-email') } }),
  ],
  [
    'auth.account.disowned',
    async ({ email }) => service.v1('POST', '/auth/disown', { body: { token: await service.linkTo(email, 'disown') } }),
  ],
  [
    'auth.email-change.requested',
    ({ token }) => service.v1('PATCH', '/auth/me', { token, body: { email: anAddress() } }),
  ],
  ['user.profile.updated', ({ token }) => service.v1('PATCH', '/auth/me', { token, body: { firstName: 'Ada' } })],
  [
    'auth.tenant.switched',
    ({ token, tenantId }) => service.v1('POST', '/auth/switch-tenant', { token, body: { tenantId } }),
  ],
  ['auth.sessions.ended', ({ token }) => service.v1('DELETE', '/auth/sessions', { token })],
  ['auth.logout', ({ token }) => service.v1('POST', '/auth/logout', { token })],
  [
    'auth.refresh-token.reused',
    async ({ refreshToken }) => {
      await service.v1('POST', '/auth/refresh', { body: { refreshToken } });
      service.clock.advance(11);
      await service.v1('POST', '/auth/refresh', { body: { refreshToken } });
    },
  ],
  ['auth.forbidden', ({ token }) => service.v1('GET', '/projects', { token })],
  ['auth.code.failed', ({ email }) => service.gate('POST', 'gate/verify-email', { body: { email, otp: '000000' } })],
];

describe('the audit trail', () => {
  it.each(OPERATIONS)('has one record of %s: who, what, when and from where', async (action, operation) => {
    const person = await somebody();
    const records = await recordsOf(() => operation(person));
    expect(records).toMatchObject([{ action, ip: '127.0.0.1', userAgent: 'node', timestamp: service.clock.now() }]);
    const { userId, metadata } = records[0] ?? expect.fail();
    // Somebody who is not signed in is who they say they are.
    expect([person.userId, person.email]).toContain(userId ?? metadata?.email);
  });

  it('has a record of what the owner of the platform does to projects and keys', async () => {
    const { accessToken: token } = (await service.v1('POST', '/auth/login', { body: OWNER })).body;
    const path = `/projects/${service.project.id}`;
    const done = await recordsOf(async () => {
      await service.v1('PATCH', path, { token, body: { name: 'Renamed' } });
      const key = { name: 'k', permissions: ['auth'] };
      const { id } = (await service.v1('POST', `${path}/api-keys`, { token, body: key })).body;
      await service.v1('DELETE', `${path}/api-keys/${id}`, { token });
    });
    expect(done.map(({ action }) => action)).toEqual(['project.updated', 'api-key.created', 'api-key.revoked']);
    for (const record of done) {
      expect(record).toMatchObject({ actorId: expect.any(String), projectId: service.project.id, ip: '127.0.0.1' });
    }
  });

  it('has nothing of what was not done', async () => {
    const { token, email } = await somebody();
    const refused = await recordsOf(async () => {
      await service.v1('PATCH', '/auth/me', { token, body: { firstName: 'http://x' } });
      await service.v1('POST', '/auth/register', { body: { email, password: PASSWORD } });
      await service.v1('POST', '/auth/verify-email', { body: { token: 'unknown' } });
    });
    expect(refused).toEqual([]);
  });
});
