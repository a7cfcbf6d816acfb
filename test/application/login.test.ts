import { beforeAll, describe, expect, it } from 'vitest';
import { createIam, type Iam } from '../../src/application/iam.ts';
import type { ProjectState } from '../../src/domain/project/project.ts';
import type { UserState } from '../../src/domain/user/user.ts';
import {
  aLoggedInUser,
  anIam,
  aProjectOf,
  aRegisteredUser,
  at,
  from,
  OTHER_PASSWORD,
  type RegisteredUser,
  type TestIam,
} from '../support/an-iam.ts';
import { anEmail } from '../support/builders.ts';
import { aQuickHasher } from '../support/quick-hasher.ts';
import { sixteenAtOnce } from '../support/sixteen.ts';

let test: TestIam;
let project: ProjectState;
beforeAll(async () => {
  test = await anIam();
  project = await aProjectOf(test);
});

const gate = () => at(project, 'gate');
const login = (user: { email: string; password: string }, visitor = gate()) =>
  test.iam.authentication.login.execute(visitor, user);

/** As an administrator would change it. */
function put(user: RegisteredUser, change: Partial<UserState>): void {
  const state = test.store.users.get(`${user.registered.user.projectId} ${user.registered.user.id}`);
  if (state === undefined) throw new Error('no such user');
  test.store.users.put({ ...state, ...change }, test.store.nextVersion());
}

describe('whom login refuses', () => {
  it('answers unknown addresses and wrong passwords with one error', async () => {
    const user = await aRegisteredUser(test, gate());
    const wrong = await login({ ...user, password: OTHER_PASSWORD }).catch((error: unknown) => error);
    const unknown = await login({ email: anEmail(), password: OTHER_PASSWORD }).catch((error: unknown) => error);
    expect(wrong).toMatchObject({ code: 'invalid-credentials' });
    expect(unknown).toEqual(wrong);
  });

  const states: readonly (readonly [string, Partial<UserState>, string])[] = [
    ['disabled', { status: 'disabled' }, 'account-disabled'],
    ['locked', { status: 'locked' }, 'account-locked'],
    ['deleted', { deletedAt: new Date(0), emailVerifiedAt: new Date(0) }, 'account-disabled'],
  ];
  it.each(states)('tells that an account is %s only after the right password', async (_, change, code) => {
    const user = await aRegisteredUser(test, gate());
    put(user, change);
    await expect(login(user)).rejects.toMatchObject({ code });
    await expect(login({ ...user, password: OTHER_PASSWORD })).rejects.toMatchObject({ code: 'invalid-credentials' });
  });

  it('knows nothing of a deleted account whose address was never proven, and frees the address', async () => {
    const user = await aRegisteredUser(test, gate());
    put(user, { deletedAt: new Date(0) });
    await expect(login(user)).rejects.toMatchObject({ code: 'invalid-credentials' });
    await expect(aRegisteredUser(test, gate(), { email: user.email })).resolves.toBeDefined();
  });

  it('refuses an unproven address where proof is required, only after the right password', async () => {
    const strict = await aProjectOf(test, { emailVerificationRequired: true });
    const user = await aRegisteredUser(test, at(strict, 'gate'));
    await expect(login(user, user.visitor)).rejects.toMatchObject({ code: 'email-not-verified' });
    const wrong = { ...user, password: OTHER_PASSWORD };
    await expect(login(wrong, user.visitor)).rejects.toMatchObject({ code: 'invalid-credentials' });
  });

  it('refuses everybody where sign-in is closed', async () => {
    const user = await aRegisteredUser(test, at(await aProjectOf(test), 'gate'));
    const closing = { id: user.visitor.projectId, settings: { signInEnabled: false } };
    await test.iam.projects.updateProject.execute({ operator: true, origin: from('192.0.2.1') }, closing);
    await expect(login(user, user.visitor)).rejects.toMatchObject({ code: 'sign-in-closed' });
  });

  it('knows nobody of another project', async () => {
    const user = await aRegisteredUser(test, gate());
    const elsewhere = at(await aProjectOf(test), 'gate');
    await expect(login(user, elsewhere)).rejects.toMatchObject({ code: 'invalid-credentials' });
  });

  it('takes the password as it is: no case, no space and no form of a letter is changed', async () => {
    const password = 'Ünter dem Mond ';
    const user = await aRegisteredUser(test, gate(), { password });
    for (const wrong of [password.toLowerCase(), password.trim(), password.normalize('NFD')]) {
      await expect(login({ ...user, password: wrong })).rejects.toMatchObject({ code: 'invalid-credentials' });
    }
    await expect(login(user)).resolves.toMatchObject({ kind: 'signed-in' });
  });

  it('refuses a password that was changed between the check and the commit', async () => {
    let between: () => Promise<void> = async () => {};
    const slow = replica(() => between());
    const user = await aLoggedInUser(test, at(test.platform, 'v1'));
    between = () =>
      test.iam.account.changePassword.execute(user.actor, {
        currentPassword: user.password,
        newPassword: OTHER_PASSWORD,
      });
    await expect(slow.authentication.login.execute(user.visitor, user)).rejects.toMatchObject({
      code: 'invalid-credentials',
    });
  });

  it('refuses an account that was disabled between the check and the commit', async () => {
    const user = await aLoggedInUser(test, at(test.platform, 'v1'));
    const slow = replica(async () => put(user, { status: 'disabled' }));
    await expect(slow.authentication.login.execute(user.visitor, user)).rejects.toMatchObject({
      code: 'account-disabled',
    });
  });
});

/** Another process over the same store, in which something happens after the password was checked. */
function replica(afterCheck: () => Promise<void>): Iam {
  const { tenantDirectory } = test.ports;
  return createIam({
    ...test.ports,
    tenantDirectory: {
      ...tenantDirectory,
      ofUser: async (projectId, userId) => {
        await afterCheck();
        return tenantDirectory.ofUser(projectId, userId);
      },
    },
  });
}

describe('what login does', () => {
  it('answers the method of the login before', async () => {
    const strict = await aProjectOf(test, { emailVerificationRequired: true });
    const user = await aRegisteredUser(test, at(strict, 'gate'));
    put(user, { emailVerifiedAt: test.clock.now() });
    expect(await login(user, user.visitor)).toMatchObject({ lastLoginMethod: null });
    expect(await login(user, user.visitor)).toMatchObject({ lastLoginMethod: 'email' });
  });

  it('hashes anew when the parameters have risen, and only then', async () => {
    const hashOf = (user: RegisteredUser) =>
      test.store.users.get(`${user.registered.user.projectId} ${user.registered.user.id}`)?.passwordHash;
    const before = createIam({ ...test.ports, passwordHasher: aQuickHasher() });
    const user = await aRegisteredUser({ ...test, iam: before }, gate());
    expect(hashOf(user)).toContain('m=32,t=1');
    await login(user);
    const risen = hashOf(user);
    expect(risen).toContain('m=19456,t=2');
    await login(user);
    expect(hashOf(user)).toBe(risen);
    await expect(login({ ...user, password: OTHER_PASSWORD })).rejects.toMatchObject({ code: 'invalid-credentials' });
  });

  it('lets eight at once in while one of them brings the new hash', async () => {
    const user = await aRegisteredUser(
      { ...test, iam: createIam({ ...test.ports, passwordHasher: aQuickHasher() }) },
      gate(),
    );
    const logins = await Promise.all(Array.from({ length: 8 }, () => login(user)));
    expect(logins).toHaveLength(8);
    await expect(login(user)).resolves.toMatchObject({ kind: 'signed-in' });
  });

  it('lets one person in sixteen times at once', async () => {
    const user = await aRegisteredUser(test, gate());
    const { succeeded } = await sixteenAtOnce((index) =>
      login(user, at(project, 'gate', from(`192.0.2.${index % 4}`))),
    );
    expect(succeeded).toHaveLength(16);
    const tokens = succeeded.map((outcome) => (outcome.kind === 'signed-in' ? outcome.tokens.refreshToken : ''));
    expect(new Set(tokens).size).toBe(16);
    expect(test.audited('auth.login.succeeded', { userId: user.registered.user.id })).toHaveLength(16);
  });

  it('opens a new session each time, with the client of its dialect', async () => {
    const user = await aLoggedInUser(test, gate());
    const again = await login(user);
    const sessions = await test.iam.account.listSessions.execute(user.actor);
    expect(sessions).toHaveLength(3);
    expect(new Set(sessions.map(({ clientId }) => clientId))).toEqual(new Set(['gate']));
    expect(again).toMatchObject({ kind: 'signed-in' });
  });
});
