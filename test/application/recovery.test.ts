import { beforeAll, describe, expect, it } from 'vitest';
import { OPERATOR, type Visitor } from '../../src/application/actor.ts';
import { createIam } from '../../src/application/iam.ts';
import type { RecoverInput } from '../../src/application/recovery/recover.ts';
import type { ProjectState } from '../../src/domain/project/project.ts';
import type { UserState } from '../../src/domain/user/user.ts';
import {
  actorOf,
  anIam,
  aProjectOf,
  aRegisteredUser,
  at,
  OTHER_PASSWORD,
  signIn,
  type TestIam,
} from '../support/an-iam.ts';
import { beforeCommit } from '../support/before-commit.ts';
import { anEmail } from '../support/builders.ts';
import { aQuickHasher } from '../support/quick-hasher.ts';
import { aTenantFor } from '../support/second-tenant.ts';
import { sixteenAtOnce } from '../support/sixteen.ts';
import { aHolder, answerOf, type Holder, put, stateOf, WRONG_CODE } from './recovery-person.ts';

let test: TestIam;
let project: ProjectState;
beforeAll(async () => {
  test = await anIam(() => ({ passwordHasher: aQuickHasher() }));
  project = await aProjectOf(test, { v1Enabled: true });
});

const v1 = () => at(project, 'v1');
const recover = (input: RecoverInput, visitor: Visitor = v1()) => test.iam.recovery.recover.execute(visitor, input);
const recoverWith = ({ email }: Pick<Holder, 'email'>, recoveryCode: string, visitor: Visitor = v1()) =>
  recover({ email, recoveryCode }, visitor);
const left = async ({ actor }: Holder) => (await test.iam.recovery.readRecoveryCodes.execute(actor)).remaining;
const sessionsOf = ({ actor }: Holder) =>
  [...test.store.sessions.entries()].filter(([, { userId }]) => userId === actor.userId);
const usedOf = (email: string) => test.store.attempts.get(`${project.id} recovery ${email}`)?.window?.used ?? 0;

describe('a recovery code', () => {
  it('signs in without password and authenticator, and says so: in the session, its tokens, the record and the mail', async () => {
    const user = await aHolder(test, v1());
    const answer = await recoverWith(user, user.sheet.next());
    expect(answer).toMatchObject({ kind: 'signed-in', lastLoginMethod: 'email', recoveryCodesRemaining: 9 });
    if (answer.kind !== 'signed-in') throw new Error('several tenants');
    const actor = await actorOf(test, v1(), answer.tokens.accessToken);
    expect(actor).toMatchObject({ userId: user.actor.userId, tenantId: user.actor.tenantId });
    expect((await test.ports.tokenSigner.verify(answer.tokens.accessToken)).amr).toEqual(['recovery']);
    expect(test.store.sessions.get(`${project.id} ${actor.sessionId}`)?.amr).toEqual(['recovery']);
    expect(test.audited('auth.recovery.succeeded', { entityId: actor.sessionId })).toMatchObject([
      { userId: actor.userId, actorId: actor.userId, tenantId: actor.tenantId, ip: '192.0.2.1' },
    ]);
    expect(await test.mailsTo(user.email, 'account-recovered')).toEqual([
      { kind: 'account-recovered', codesRemaining: 9 },
    ]);
    await expect(test.iam.authentication.refreshSession.execute(v1(), answer.tokens)).resolves.toBeDefined();
  });

  it('is what the next sign-in hears of the one before it', async () => {
    const user = await aHolder(test, v1());
    await recoverWith(user, user.sheet.next());
    await expect(test.iam.authentication.login.execute(v1(), user)).resolves.toMatchObject({
      lastLoginMethod: 'recovery',
    });
  });

  it.each([
    ['in small letters', (code: string) => code.toLowerCase()],
    ['without dashes', (code: string) => code.replaceAll('-', '')],
    ['with spaces for dashes', (code: string) => ` ${code.replaceAll('-', ' ')} `],
    ['with dashes everywhere', (code: string) => [...code.replaceAll('-', '')].join('-')],
  ])('is taken %s', async (_, typed) => {
    const user = await aHolder(test, v1());
    await expect(recoverWith(user, typed(user.sheet.next()))).resolves.toMatchObject({ kind: 'signed-in' });
    await expect(recoverWith({ email: ` ${user.email.toUpperCase()} ` }, user.sheet.next())).resolves.toBeDefined();
  });

  it('is spent: refused from then on, however it is typed, while the others go on, down to the last', async () => {
    const user = await aHolder(test, v1());
    for (let remaining = 9; remaining >= 0; remaining -= 1) {
      const code = user.sheet.next();
      await expect(recoverWith(user, code)).resolves.toMatchObject({ recoveryCodesRemaining: remaining });
      expect(await answerOf(recoverWith(user, code))).toBe('invalid-credentials');
      expect(await answerOf(recoverWith(user, code.toLowerCase().replaceAll('-', '')))).toBe('invalid-credentials');
    }
    expect(test.audited('auth.recovery.succeeded', { userId: user.actor.userId })).toHaveLength(10);
    expect(test.audited('auth.recovery.failed', { userId: user.actor.userId })).toHaveLength(20);
  });

  it('succeeds once of sixteen at once', async () => {
    const user = await aHolder(test, v1());
    const code = user.sheet.next();
    const before = sessionsOf(user).length;
    const { succeeded, refused } = await sixteenAtOnce(() => recoverWith(user, code));
    expect(succeeded).toMatchObject([{ kind: 'signed-in', recoveryCodesRemaining: 9 }]);
    expect(sessionsOf(user)).toHaveLength(before + 1);
    expect(await left(user)).toBe(9);
    for (const error of refused) {
      expect(['invalid-credentials', 'account-locked']).toContain((error as { code: string }).code);
    }
    const tooLate = refused.filter((error) => (error as { code: string }).code === 'invalid-credentials');
    expect(test.audited('auth.recovery.failed', { userId: user.actor.userId })).toHaveLength(tooLate.length);
    await expect(recoverWith(user, user.sheet.next())).resolves.toMatchObject({ recoveryCodesRemaining: 8 });
  });

  it('leads somebody with several tenants to a choice, which is a recovery too once it is made', async () => {
    const user = await aHolder(test, v1());
    const second = await aTenantFor(test, project, user.actor.userId);
    const answer = await recoverWith(user, user.sheet.next());
    expect(answer).toMatchObject({ kind: 'tenant-selection', recoveryCodesRemaining: 9 });
    if (answer.kind !== 'tenant-selection') throw new Error('no choice');
    expect(answer.tenants.map(({ id }) => id)).toEqual([user.actor.tenantId, second]);
    expect(stateOf(test, user).lastLoginMethod).toBe('email');
    const choice = { sessionToken: answer.sessionToken, tenantId: second };
    const tokens = await test.iam.authentication.selectTenant.execute(v1(), choice);
    expect(stateOf(test, user).lastLoginMethod).toBe('recovery');
    expect((await test.ports.tokenSigner.verify(tokens.accessToken)).amr).toEqual(['recovery']);
    expect(await answerOf(test.iam.authentication.selectTenant.execute(v1(), choice))).toBe('token-invalid');
  });

  it('founds the tenant of somebody who has none, where people have their own', async () => {
    const platform = at(test.platform, 'v1');
    const user = await aHolder(test, platform);
    const { tenantId, userId } = user.actor;
    test.store.memberships.delete(`${test.platform.id} ${tenantId} ${userId}`);
    test.store.tenants.delete(`${test.platform.id} ${tenantId}`);
    const answer = await recoverWith(user, user.sheet.next(), platform);
    if (answer.kind !== 'signed-in') throw new Error('several tenants');
    expect(await actorOf(test, platform, answer.tokens.accessToken)).toMatchObject({ roles: ['owner'] });
  });
});

describe('what is no recovery code', () => {
  it('is answered like an address that nobody has, and recorded without the code', async () => {
    const user = await aHolder(test, v1());
    const unknown = anEmail();
    const wrong = await recoverWith(user, WRONG_CODE).catch((error: unknown) => error);
    expect(wrong).toMatchObject({ code: 'invalid-credentials' });
    expect(await recoverWith({ email: unknown }, WRONG_CODE).catch((error: unknown) => error)).toEqual(wrong);
    const records = test.store.auditRecords().filter(({ action }) => action === 'auth.recovery.failed');
    expect(records.slice(-2)).toMatchObject([
      { userId: user.actor.userId, actorId: null, metadata: { email: user.email }, ip: '192.0.2.1' },
      { userId: null, actorId: null, metadata: { email: unknown }, ip: '192.0.2.1' },
    ]);
    expect(JSON.stringify(records)).not.toContain(WRONG_CODE);
  });

  it.each(['', '-', 'AAAA-BBBB', '0'.repeat(10_000), 'ÀÁÂÃ-ÄÅÆÇ-ÈÉÊË', "' OR 1=1 --", '\u0000'])(
    'is refused in any shape: %j',
    async (code) => {
      const user = await aHolder(test, v1());
      expect(await answerOf(recoverWith(user, code))).toBe('invalid-credentials');
    },
  );

  it("is somebody else's, or of the same address in another project", async () => {
    const [user, stranger] = [await aHolder(test, v1()), await aHolder(test, v1())];
    expect(await answerOf(recoverWith(user, stranger.sheet.next()))).toBe('invalid-credentials');
    const other = at(await aProjectOf(test, { v1Enabled: true }), 'v1');
    const twin = await aHolder(test, other, { email: user.email });
    expect(await answerOf(recoverWith(user, twin.sheet.next()))).toBe('invalid-credentials');
    expect(await answerOf(recoverWith(user, user.sheet.next(), other))).toBe('invalid-credentials');
  });

  it('is one of an account that never had any', async () => {
    const user = await aRegisteredUser(test, at(project, 'gate'));
    expect(await answerOf(recoverWith(user, WRONG_CODE))).toBe('invalid-credentials');
  });

  it('is asked for nowhere that is no address, or where sign-in is closed', async () => {
    expect(await answerOf(recoverWith({ email: 'nobody' }, WRONG_CODE))).toBe('validation-error');
    const closed = await aProjectOf(test, { v1Enabled: true });
    const user = await aHolder(test, at(closed, 'v1'));
    await test.iam.projects.updateProject.execute(OPERATOR, { id: closed.id, settings: { signInEnabled: false } });
    expect(await answerOf(recoverWith(user, user.sheet.next(), user.visitor))).toBe('sign-in-closed');
  });
});

describe('what a right code is refused for', () => {
  const states: readonly (readonly [string, Partial<UserState>, string])[] = [
    ['disabled', { status: 'disabled' }, 'account-disabled'],
    ['deleted', { deletedAt: new Date(0), emailVerifiedAt: new Date(0) }, 'account-disabled'],
    ['locked', { status: 'locked' }, 'account-locked'],
  ];
  it.each(states)('is an account that is %s, and a wrong code hears nothing of that', async (_, change, answer) => {
    const user = await aHolder(test, v1());
    const code = user.sheet.next();
    put(test, user, change);
    expect(await answerOf(recoverWith(user, WRONG_CODE))).toBe('invalid-credentials');
    expect(await answerOf(recoverWith(user, code))).toBe(answer);
    put(test, user, { status: 'active', deletedAt: null });
    await expect(recoverWith(user, code)).resolves.toMatchObject({ recoveryCodesRemaining: 9 });
  });

  it('is an address that is still to be proven, where that is asked for', async () => {
    const strict = at(await aProjectOf(test, { v1Enabled: true, emailVerificationRequired: true }), 'v1');
    const user = await aRegisteredUser(test, strict);
    const [code = ''] = user.registered.recoveryCodes;
    expect(await answerOf(recoverWith(user, code, strict))).toBe('email-not-verified');
    expect(await answerOf(recoverWith(user, WRONG_CODE, strict))).toBe('invalid-credentials');
    await test.iam.account.verifyEmailByLink.execute(strict, await test.mailTo(user.email, 'verify-email-link'));
    await expect(recoverWith(user, code, strict)).resolves.toMatchObject({ recoveryCodesRemaining: 9 });
  });

  it('is a blocked tenant, where there is no other', async () => {
    const platform = at(test.platform, 'v1');
    const user = await aHolder(test, platform);
    const code = user.sheet.next();
    const tenant = test.store.tenants.get(`${test.platform.id} ${user.actor.tenantId}`);
    if (tenant) test.store.tenants.put({ ...tenant, blockedAt: test.clock.now() }, test.store.nextVersion());
    expect(await answerOf(recoverWith(user, code, platform))).toBe('tenant-blocked');
    expect(await answerOf(recoverWith(user, WRONG_CODE, platform))).toBe('invalid-credentials');
    if (tenant) test.store.tenants.put(tenant, test.store.nextVersion());
    await expect(recoverWith(user, code, platform)).resolves.toMatchObject({ recoveryCodesRemaining: 9 });
  });

  it.each([
    ['short', { newPassword: 'short' }, 'validation-error'],
    ['too long', { newPassword: 'a'.repeat(129) }, 'validation-error'],
    ['common', { newPassword: 'password1234' }, 'weak-password'],
    ['no address', { newEmail: 'nowhere' }, 'validation-error'],
  ])('is what is chosen with it: %s', async (_, choice, refusal) => {
    const user = await aHolder(test, v1());
    const code = user.sheet.next();
    for (let tried = 0; tried < 6; tried += 1) {
      expect(await answerOf(recover({ email: user.email, recoveryCode: code, ...choice }))).toBe(refusal);
    }
    expect(usedOf(user.email)).toBe(0);
    expect(await left(user)).toBe(10);
    await expect(test.iam.authentication.refreshSession.execute(v1(), user.tokens)).resolves.toBeDefined();
    await expect(recoverWith(user, code)).resolves.toMatchObject({ recoveryCodesRemaining: 9 });
  });

  it('is the account before it is the choice, which costs nothing then', async () => {
    const user = await aHolder(test, v1());
    put(test, user, { status: 'disabled' });
    const newEmail = anEmail();
    const choices = { newPassword: 'password1234', newEmail };
    const recovering = recover({ email: user.email, recoveryCode: user.sheet.next(), ...choices });
    expect(await answerOf(recovering)).toBe('account-disabled');
    expect(test.store.attempts.get(`${project.id} mail-address ${newEmail}`)).toBeUndefined();
  });

  it('is told by the name of what was chosen', async () => {
    const user = await aHolder(test, v1());
    const choices = { newPassword: 'short', newEmail: 'nowhere' };
    for (const [field, value] of Object.entries(choices)) {
      const refused = recover({ email: user.email, recoveryCode: WRONG_CODE, [field]: value });
      await expect(refused).rejects.toMatchObject({ details: { violations: [{ field }] } });
    }
  });

  it('is a new address that has been mailed enough', async () => {
    const user = await aHolder(test, v1());
    const code = user.sheet.next();
    const newEmail = anEmail();
    for (let asked = 0; asked < 3; asked += 1) {
      await test.iam.account.requestPasswordReset.execute(v1(), { email: newEmail });
    }
    const refused = recover({ email: user.email, recoveryCode: code, newEmail });
    await expect(refused).rejects.toMatchObject({ code: 'rate-limited', details: { retryAfterSeconds: 15 * 60 } });
    expect(usedOf(user.email)).toBe(0);
    await expect(recoverWith(user, code)).resolves.toMatchObject({ recoveryCodesRemaining: 9 });
  });
});

describe('a code that was right when it was looked at', () => {
  /** Another process over the same store, in which something happens between the look and the commit. */
  function replica(happen: () => Promise<unknown>) {
    const { ofUser, byEmail } = test.ports.recoveryCodesDirectory;
    const recoveryCodesDirectory: typeof test.ports.recoveryCodesDirectory = {
      ofUser,
      byEmail: async (...whose) => {
        const found = await byEmail(...whose);
        await happen();
        return found;
      },
    };
    return createIam({ ...test.ports, recoveryCodesDirectory });
  }

  const changes: readonly (readonly [string, (user: Holder, code: string) => unknown, string, number])[] = [
    ['that somebody else has spent since', (user, code) => recoverWith(user, code), 'invalid-credentials', 1],
    [
      'that new ones have replaced since',
      ({ actor, password }) => test.iam.recovery.regenerateRecoveryCodes.execute(actor, { password }),
      'invalid-credentials',
      0,
    ],
    ['of an account that is disabled by now', (user) => put(test, user, { status: 'disabled' }), 'account-disabled', 0],
    ['of an account that is locked by now', (user) => put(test, user, { status: 'locked' }), 'account-locked', 0],
  ];
  it.each(changes)('opens nothing %s, and leaves a trace where it was spent', async (_, change, answer, opened) => {
    const user = await aHolder(test, v1());
    const code = user.sheet.next();
    const slow = replica(async () => change(user, code));
    const before = sessionsOf(user).length;
    const input = { email: user.email, recoveryCode: code, newPassword: OTHER_PASSWORD };
    expect(await answerOf(slow.recovery.recover.execute(v1(), input))).toBe(answer);
    const failures = test.audited('auth.recovery.failed', { userId: user.actor.userId });
    expect(failures).toHaveLength(answer === 'invalid-credentials' ? 1 : 0);
    expect(sessionsOf(user)).toHaveLength(before + opened);
    put(test, user, { status: 'active' });
    await expect(signIn(test, v1(), user)).resolves.toBeDefined();
  });

  it('is not spent where the commit is lost, and nothing else has happened', async () => {
    const user = await aHolder(test, v1());
    const code = user.sheet.next();
    let commits = 0;
    // The first commit gives the attempt back, the second is the recovery.
    const unitOfWork = beforeCommit(test.ports.unitOfWork, async () => {
      commits += 1;
      if (commits === 2) throw new Error('the store is gone');
    });
    const broken = createIam({ ...test.ports, unitOfWork });
    const input = { email: user.email, recoveryCode: code, newPassword: OTHER_PASSWORD, newEmail: anEmail() };
    await expect(broken.recovery.recover.execute(v1(), input)).rejects.toThrow('the store is gone');
    expect(usedOf(user.email)).toBe(0);
    expect(stateOf(test, user).pendingEmail).toBeNull();
    await expect(signIn(test, v1(), user)).resolves.toBeDefined();
    await expect(test.iam.authentication.refreshSession.execute(v1(), user.tokens)).resolves.toBeDefined();
    await expect(recoverWith(user, code)).resolves.toMatchObject({ recoveryCodesRemaining: 9 });
  });

  it('opens nothing after a reset that has voided it', async () => {
    const user = await aHolder(test, v1());
    await test.iam.account.verifyEmailByLink.execute(v1(), await test.mailTo(user.email, 'verify-email-link'));
    await test.iam.account.requestPasswordReset.execute(v1(), user);
    const { token } = await test.mailTo(user.email, 'reset-password-link');
    const slow = replica(() =>
      test.iam.account.resetPasswordByLink.execute(v1(), { token, newPassword: OTHER_PASSWORD }),
    );
    const recovering = slow.recovery.recover.execute(v1(), { email: user.email, recoveryCode: user.sheet.next() });
    expect(await answerOf(recovering)).toBe('invalid-credentials');
    expect(await answerOf(recoverWith(user, user.sheet.next()))).toBe('invalid-credentials');
  });
});
