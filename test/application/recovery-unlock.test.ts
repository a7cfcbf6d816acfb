import { beforeEach, describe, expect, it } from 'vitest';
import { OPERATOR, type UserActor } from '../../src/application/actor.ts';
import type { ProjectState } from '../../src/domain/project/project.ts';
import type { UserId } from '../../src/domain/user/user.ts';
import {
  anIam,
  aProjectOf,
  at,
  OTHER_PASSWORD,
  OWNER_EMAIL,
  PASSWORD,
  signIn,
  type TestIam,
  thePlatformOwner,
} from '../support/an-iam.ts';
import { anId } from '../support/builders.ts';
import { aQuickHasher } from '../support/quick-hasher.ts';
import { aHolder, answerOf, type Holder, lock, put, Sheet, stateOf, WRONG_CODE } from './recovery-person.ts';

const HOURS = 60 * 60;

let test: TestIam;
let project: ProjectState;
beforeEach(async () => {
  test = await anIam(() => ({ passwordHasher: aQuickHasher() }));
  project = await aProjectOf(test, { v1Enabled: true });
});

const v1 = (of: Pick<ProjectState, 'id'> = project) => at(of, 'v1');
const recover = (email: string, recoveryCode: string, of = project) =>
  answerOf(test.iam.recovery.recover.execute(v1(of), { email, recoveryCode }));
const unlock = (actor: UserActor | typeof OPERATOR, { actor: whom }: Pick<Holder, 'actor'>) =>
  test.iam.users.unlockUser.execute(actor, { projectId: whom.projectId, userId: whom.userId });

async function aLockedHolder(): Promise<Holder> {
  const user = await aHolder(test, v1());
  await lock(test, project, user.email);
  expect(stateOf(test, user).status).toBe('locked');
  return user;
}

describe('unlocking an account', () => {
  it.each([
    ['the owner of the platform', () => thePlatformOwner(test)],
    ['whoever runs the process', async () => OPERATOR],
  ])('by %s reopens sign-in, recovery and resets, and is recorded', async (_, by) => {
    const user = await aLockedHolder();
    const actor = await by();
    const answer = await unlock(actor, user);
    expect(answer).toMatchObject({ user: { id: user.actor.userId, email: user.email, status: 'active' }, roles: [] });
    expect(JSON.stringify(answer)).not.toContain('argon2');
    await expect(signIn(test, v1(), user)).resolves.toBeDefined();
    expect(await recover(user.email, WRONG_CODE)).toBe('invalid-credentials');
    expect(await recover(user.email, user.sheet.next())).toBe('done');
    await test.iam.account.requestPasswordReset.execute(at(project, 'gate'), user);
    await expect(test.mailTo(user.email, 'reset-password-otp')).resolves.toBeDefined();
    const states = { before: { status: 'locked' }, after: { status: 'active' } };
    const actorId = 'userId' in actor ? actor.userId : null;
    expect(test.audited('user.unlocked', { userId: user.actor.userId })).toMatchObject([
      { entityId: user.actor.userId, projectId: project.id, actorId, ...states },
    ]);
  });

  it('starts the ladder from its foot', async () => {
    const user = await aLockedHolder();
    await unlock(OPERATOR, user);
    for (let guessed = 0; guessed < 5; guessed += 1) expect(await recover(user.email, WRONG_CODE)).toMatch(/^invalid/);
    expect(await recover(user.email, user.sheet.next())).toBe(`account-locked ${HOURS}`);
    expect(stateOf(test, user).status).toBe('active');
    test.clock.advance(HOURS);
    expect(await recover(user.email, user.sheet.next())).toBe('done');
  });

  it('ends the lock of an hour, too', async () => {
    const user = await aHolder(test, v1());
    for (let guessed = 0; guessed < 5; guessed += 1) await recover(user.email, WRONG_CODE);
    expect(await recover(user.email, user.sheet.next())).toBe(`account-locked ${HOURS}`);
    await expect(unlock(OPERATOR, user)).resolves.toMatchObject({ user: { status: 'active' } });
    expect(await recover(user.email, user.sheet.next())).toBe('done');
  });

  it('changes nothing else: sessions live on, and whoever was never locked stays as they are', async () => {
    const user = await aLockedHolder();
    await unlock(OPERATOR, user);
    await unlock(OPERATOR, user);
    await expect(test.iam.authentication.refreshSession.execute(v1(), user.tokens)).resolves.toBeDefined();
    const told = [...test.store.outbox.values()].map(({ event }) => event.type);
    expect(told.filter((type) => type === 'user-unlocked')).toHaveLength(1);
  });

  it('names the roles in the tenant of whoever asks', async () => {
    const owner = await thePlatformOwner(test);
    const user = await aHolder(test, at(test.platform, 'gate'));
    expect(await unlock(owner, user)).toMatchObject({ roles: ['user'] });
  });

  it('is forbidden to everybody else, owners of tenants among them, and that is recorded', async () => {
    const user = await aLockedHolder();
    const others = [
      (await aHolder(test, v1(test.platform))).actor,
      (await aHolder(test, v1())).actor,
      (await aHolder(test, at(test.platform, 'gate'))).actor,
      user.actor,
    ];
    for (const other of others) expect(await answerOf(unlock(other, user))).toBe('forbidden');
    expect(stateOf(test, user).status).toBe('locked');
    expect(await recover(user.email, user.sheet.next())).toBe('account-locked');
    const refusals = test.store.auditRecords().filter(({ action }) => action === 'auth.forbidden');
    expect(refusals.map(({ actorId }) => actorId)).toEqual(others.map(({ userId }) => userId));
  });

  it('is not-found where there is nobody, in the project that is named, or the account is out of use', async () => {
    const user = await aLockedHolder();
    const { userId } = user.actor;
    const unlocking = (where: Pick<ProjectState, 'id'>, whom: UserId) =>
      answerOf(test.iam.users.unlockUser.execute(OPERATOR, { projectId: where.id, userId: whom }));
    expect(await unlocking(project, anId<UserId>())).toBe('not-found');
    expect(await unlocking(test.platform, userId)).toBe('not-found');
    for (const change of [{ status: 'disabled' }, { status: 'locked', deletedAt: test.clock.now() }] as const) {
      put(test, user, change);
      expect(await unlocking(project, userId)).toBe('not-found');
      expect(stateOf(test, user).status).toBe(change.status);
    }
    expect(await recover(user.email, WRONG_CODE)).toBe('account-locked');
  });
});

describe('the account of the owner of the platform', () => {
  const owner = { email: OWNER_EMAIL, password: PASSWORD };

  it('is never locked: recovery alone closes, and sign-in and reset go on', async () => {
    const { actor } = await signIn(test, v1(test.platform), owner);
    await lock(test, test.platform, OWNER_EMAIL);
    expect(await recover(OWNER_EMAIL, WRONG_CODE, test.platform)).toBe('account-locked');
    expect(stateOf(test, { actor }).status).toBe('active');
    expect(test.audited('user.locked', { userId: actor.userId })).toEqual([]);
    await expect(signIn(test, v1(test.platform), owner)).resolves.toBeDefined();
    await test.iam.account.requestPasswordReset.execute(v1(test.platform), owner);
    const { token } = await test.mailTo(OWNER_EMAIL, 'reset-password-link');
    await test.iam.account.resetPasswordByLink.execute(v1(test.platform), { token, newPassword: OTHER_PASSWORD });
    await expect(signIn(test, v1(test.platform), { ...owner, password: OTHER_PASSWORD })).resolves.toBeDefined();
  });

  it.each(['themselves', 'whoever runs the process'])('has its recovery reopened by %s', async (who) => {
    const { actor } = await signIn(test, v1(test.platform), owner);
    const { recoveryCodes } = await test.iam.recovery.regenerateRecoveryCodes.execute(actor, { password: PASSWORD });
    const sheet = new Sheet(recoveryCodes);
    await lock(test, test.platform, OWNER_EMAIL);
    expect(await recover(OWNER_EMAIL, sheet.next(), test.platform)).toBe('account-locked');
    await unlock(who === 'themselves' ? actor : OPERATOR, { actor });
    expect(await recover(OWNER_EMAIL, sheet.next(), test.platform)).toBe('done');
  });

  it('is one of one: the owner of another project is locked like anybody', async () => {
    const user = await aHolder(test, v1());
    const tenant = test.store.tenants.get(`${project.id} ${project.rootTenantId}`);
    if (tenant) test.store.tenants.put({ ...tenant, ownerId: user.actor.userId }, test.store.nextVersion());
    await lock(test, project, user.email);
    expect(stateOf(test, user).status).toBe('locked');
  });
});
