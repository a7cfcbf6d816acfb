import { beforeAll, describe, expect, it } from 'vitest';
import {
  actorOf,
  aLoggedInUser,
  anIam,
  aProjectOf,
  aRegisteredUser,
  at,
  PASSWORD,
  type TestIam,
} from '../support/an-iam.ts';
import { beforeCommit } from '../support/before-commit.ts';
import { anEmail } from '../support/builders.ts';
import { sixteenAtOnce } from '../support/sixteen.ts';

let test: TestIam;
beforeAll(async () => {
  test = await anIam();
});

const seatsOf = (projectId: string) => test.store.seats.get(projectId)?.taken ?? 0;
const codesOf = (refused: readonly unknown[]) => [...new Set(refused.map((error) => (error as { code: string }).code))];

describe('register over the Gate', () => {
  it('joins the root tenant with the default role and is signed in', async () => {
    const project = await aProjectOf(test);
    const { registered, visitor } = await aRegisteredUser(test, at(project, 'gate'));
    expect(registered).toMatchObject({ roles: ['user'], tenant: { id: project.rootTenantId }, recoveryCodes: [] });
    const actor = await actorOf(test, visitor, registered.tokens?.accessToken ?? '');
    expect(actor).toMatchObject({ userId: registered.user.id, tenantId: project.rootTenantId, roles: ['user'] });
  });

  it('gives no tokens where the address must be proven first, and mails a code', async () => {
    const project = await aProjectOf(test, { emailVerificationRequired: true });
    const { registered, email } = await aRegisteredUser(test, at(project, 'gate'));
    expect(registered.tokens).toBeNull();
    expect(await test.mailTo(email, 'verify-email-otp')).toMatchObject({ otp: expect.stringMatching(/^\d{6}$/) });
    expect([...test.store.sessions.entries()].filter(([, { projectId }]) => projectId === project.id)).toEqual([]);
  });

  it('mails nothing where no proof is asked for, and leaves the mail budget alone', async () => {
    const project = await aProjectOf(test);
    const { email, visitor } = await aRegisteredUser(test, at(project, 'gate'));
    expect(await test.mailsTo(email, 'verify-email-otp')).toEqual([]);
    for (let mail = 0; mail < 3; mail += 1) await test.iam.account.requestPasswordReset.execute(visitor, { email });
    expect(await test.mailsTo(email, 'reset-password-otp')).toHaveLength(3);
  });

  it('keeps names, phone and metadata, and shows neither hash nor bookkeeping', async () => {
    const project = await aProjectOf(test);
    const given = { firstName: 'Ada', lastName: 'Lovelace', phone: '+44', metadata: { plan: 'gold' } };
    const { registered } = await aRegisteredUser(test, at(project, 'gate'), given);
    expect(registered.user).toMatchObject(given);
    expect(Object.keys(registered.user)).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/passwordHash|sessionEpoch|holdsSeat/)]),
    );
  });

  it('counts as a login for lastLoginMethod when it gave tokens, and only then', async () => {
    const open = await aProjectOf(test);
    const user = await aRegisteredUser(test, at(open, 'gate'));
    expect(await test.iam.authentication.login.execute(user.visitor, user)).toMatchObject({ lastLoginMethod: 'email' });
    const proofFirst = await aProjectOf(test, { emailVerificationRequired: true });
    const other = await aRegisteredUser(test, at(proofFirst, 'gate'));
    const { otp } = await test.mailTo(other.email, 'verify-email-otp');
    await test.iam.account.verifyEmailByCode.execute(other.visitor, { email: other.email, otp });
    expect(await test.iam.authentication.login.execute(other.visitor, other)).toMatchObject({ lastLoginMethod: null });
  });
});

describe('register over v1', () => {
  it('founds a tenant with owner, admin and member roles, gives ten recovery codes and tokens, and mails a link', async () => {
    const given = { organization: 'Harbour Works' };
    const user = await aLoggedInUser(test, at(test.platform, 'v1'), given);
    const { registered, email, actor } = user;
    expect(registered.tenant.name).toBe('Harbour Works');
    expect(registered.roles).toEqual(['owner']);
    expect(new Set(registered.recoveryCodes).size).toBe(10);
    for (const code of registered.recoveryCodes) expect(code).toMatch(/^[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}$/);
    expect(actor).toMatchObject({ tenantId: registered.tenant.id, roles: ['owner'] });
    const slugs = [...test.store.roles.entries()]
      .filter(([, role]) => role.tenantId === registered.tenant.id)
      .map(([, role]) => role.slug);
    expect(slugs.sort()).toEqual(['admin', 'member', 'owner']);
    expect(await test.mailTo(email, 'verify-email-link')).toMatchObject({ token: expect.any(String) });
  });

  it('never holds what belongs to the platform in a tenant of its own', async () => {
    const { actor } = await aLoggedInUser(test, at(test.platform, 'v1'));
    expect(actor.permissions.allows('users.delete')).toBe(true);
    expect(actor.permissions.allows('platform.projects')).toBe(false);
    expect(actor.permissions.allows('users.impersonate')).toBe(false);
  });

  it('names the tenant after the person where no organisation is given', async () => {
    const visitor = at(test.platform, 'v1');
    const named = await aRegisteredUser(test, visitor, { firstName: 'Grace' });
    expect(named.registered.tenant.name).toBe("Grace's workspace");
    const nameless = await aRegisteredUser(test, visitor, { email: anEmail('grace.hopper') });
    expect(nameless.registered.tenant.name).toBe("grace.hopper's workspace");
  });

  it('joins the root tenant with the default role where self-service tenants are off', async () => {
    const project = await aProjectOf(test, { v1Enabled: true });
    const { registered } = await aRegisteredUser(test, at(project, 'v1'));
    expect(registered).toMatchObject({
      roles: ['user'],
      tenant: { id: project.rootTenantId, name: expect.any(String) },
    });
    expect(registered.recoveryCodes).toHaveLength(10);
  });
});

describe('what registration refuses', () => {
  it('is closed where the project says so', async () => {
    const closed = await aProjectOf(test, { registrationEnabled: false });
    await expect(aRegisteredUser(test, at(closed, 'gate'))).rejects.toMatchObject({ code: 'registration-closed' });
    const noSignIn = await aProjectOf(test, { signInEnabled: false });
    await expect(aRegisteredUser(test, at(noSignIn, 'gate'))).rejects.toMatchObject({ code: 'sign-in-closed' });
  });

  it('counts the password in code points, 8 to 128, and takes it as it is', async () => {
    const project = await aProjectOf(test);
    const visitor = at(project, 'gate');
    const refused = (password: string, code: string) =>
      expect(aRegisteredUser(test, visitor, { password })).rejects.toMatchObject({
        code: 'validation-error',
        details: { violations: [{ field: 'password', code }] },
      });
    await refused('🔑🗝🚪🏰🐉🧙🪄', 'TOO_SHORT');
    await refused('🐉'.repeat(129), 'TOO_LONG');
    const exact = '🔑🗝🚪🏰🐉🧙🪄🕯';
    const user = await aRegisteredUser(test, visitor, { password: exact });
    await expect(test.iam.authentication.login.execute(visitor, { ...user })).resolves.toBeDefined();
    const long = await aRegisteredUser(test, visitor, { password: `${'🐉'.repeat(127)}x` });
    const cut = { email: long.email, password: '🐉'.repeat(127) };
    await expect(test.iam.authentication.login.execute(visitor, cut)).rejects.toMatchObject({
      code: 'invalid-credentials',
    });
  });

  it('asks twelve characters of the platform', async () => {
    const visitor = at(test.platform, 'v1');
    await expect(aRegisteredUser(test, visitor, { password: 'elevenchars' })).rejects.toMatchObject({
      code: 'validation-error',
    });
  });

  it('refuses common passwords unless the project allows them', async () => {
    const strict = await aProjectOf(test);
    await expect(aRegisteredUser(test, at(strict, 'gate'), { password: 'password123' })).rejects.toMatchObject({
      code: 'weak-password',
      details: { reasons: ['common'] },
    });
    const lax = await aProjectOf(test, { passwordPolicy: { blockCommon: false } });
    await expect(aRegisteredUser(test, at(lax, 'gate'), { password: 'password123' })).resolves.toBeDefined();
  });

  it('refuses a password made of the own address, name, organisation or project', async () => {
    const project = await aProjectOf(test);
    const refused = (password: string, given: object) =>
      expect(aRegisteredUser(test, at(project, 'gate'), { ...given, password })).rejects.toMatchObject({
        code: 'weak-password',
        details: { reasons: ['contains-own-name-or-address'] },
      });
    await refused('Margaret.Hamilton1', { email: anEmail('margaret.hamilton') });
    await refused('margaret99', { firstName: 'Margaret' });
    await refused('hamilton!!', { lastName: 'Hamilton' });
    await refused('1OBSERVATORY1', {});
    await refused('castellan2026', {});
  });

  it('refuses what is no address, and knows one address by any spelling', async () => {
    const project = await aProjectOf(test);
    const visitor = at(project, 'gate');
    await expect(aRegisteredUser(test, visitor, { email: 'nobody' })).rejects.toMatchObject({
      code: 'validation-error',
      details: { violations: [{ field: 'email', code: 'INVALID_FORMAT' }] },
    });
    const { email } = await aRegisteredUser(test, visitor);
    await expect(aRegisteredUser(test, visitor, { email: ` ${email.toUpperCase()} ` })).rejects.toMatchObject({
      code: 'email-already-registered',
    });
  });

  it('knows one address in two projects as two people', async () => {
    const [one, two] = [await aProjectOf(test), await aProjectOf(test)];
    const first = await aRegisteredUser(test, at(one, 'gate'));
    const second = await aRegisteredUser(test, at(two, 'gate'), { email: first.email });
    expect(second.registered.user.id).not.toBe(first.registered.user.id);
  });
});

describe('registrations at once', () => {
  it('makes one account of sixteen registrations of one address', async () => {
    const project = await aProjectOf(test);
    const email = anEmail();
    const { succeeded, refused } = await sixteenAtOnce(() => aRegisteredUser(test, at(project, 'gate'), { email }));
    expect(succeeded).toHaveLength(1);
    expect(codesOf(refused)).toEqual(['email-already-registered']);
    expect(seatsOf(project.id)).toBe(1);
    const userId = succeeded[0]?.registered.user.id ?? null;
    expect(test.audited('auth.registered', { projectId: project.id })).toMatchObject([{ userId }]);
  });

  it('keeps the user limit to the head under sixteen at once', async () => {
    const project = await aProjectOf(test, { userLimit: 5 });
    const { succeeded, refused } = await sixteenAtOnce(() => aRegisteredUser(test, at(project, 'gate')));
    expect(succeeded).toHaveLength(5);
    expect(codesOf(refused)).toEqual(['user-limit-reached']);
    expect(seatsOf(project.id)).toBe(5);
  });

  it('counts unproven accounts not at all, and looks again when they are proven', async () => {
    const project = await aProjectOf(test, { userLimit: 3, emailVerificationRequired: true });
    const { succeeded } = await sixteenAtOnce(() => aRegisteredUser(test, at(project, 'gate')));
    expect(succeeded).toHaveLength(16);
    expect(seatsOf(project.id)).toBe(0);
    await test.relay();
    const codes = await Promise.all(
      succeeded.map(async ({ email }) => ({ email, otp: (await test.mailTo(email, 'verify-email-otp')).otp })),
    );
    const proofs = await Promise.allSettled(
      codes.map((code) => test.iam.account.verifyEmailByCode.execute(at(project, 'gate'), code)),
    );
    expect(proofs.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
    const reasons = proofs.flatMap((proof) => (proof.status === 'rejected' ? [proof.reason] : []));
    expect(codesOf(reasons)).toEqual(['user-limit-reached']);
    expect(seatsOf(project.id)).toBe(3);
    await expect(aRegisteredUser(test, at(project, 'gate'))).rejects.toMatchObject({ code: 'user-limit-reached' });
  });
});

describe('all or nothing', () => {
  it('leaves nothing of a registration whose commit fails', async () => {
    let loseTheStore = async () => {};
    const broken = await anIam(({ unitOfWork }) => ({ unitOfWork: beforeCommit(unitOfWork, () => loseTheStore()) }));
    const before = snapshot(broken);
    loseTheStore = () => Promise.reject(new Error('the store is gone'));
    await expect(aRegisteredUser(broken, at(broken.platform, 'v1'))).rejects.toThrow('the store is gone');
    expect(snapshot(broken)).toEqual(before);
  });
});

function snapshot({ store }: TestIam) {
  const { users, tenants, roles, memberships, sessions, recoveryCodes, seats, outbox } = store;
  const tables = [users, tenants, roles, memberships, sessions, recoveryCodes, seats].map((table) => [
    ...table.entries(),
  ]);
  return { tables, outbox: [...outbox], audit: store.auditRecords() };
}

it('signs in with the password that was registered', async () => {
  const { actor } = await aLoggedInUser(test, at(test.platform, 'v1'), { password: PASSWORD });
  expect(actor.dialect).toBe('v1');
});
