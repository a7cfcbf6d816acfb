import { beforeAll, describe, expect, it } from 'vitest';
import type { Factors } from '../../src/application/authentication/own-factors.ts';
import { createIam } from '../../src/application/iam.ts';
import type { ProjectState } from '../../src/domain/project/project.ts';
import {
  actorOf,
  anIam,
  aProjectOf,
  at,
  from,
  type LoggedInUser,
  OTHER_PASSWORD,
  PASSWORD,
  signIn,
  type TestIam,
} from '../support/an-iam.ts';
import { Phone, someoneWhoMayEnrol } from '../support/authenticator.ts';
import { beforeCommit } from '../support/before-commit.ts';
import { aQuickHasher } from '../support/quick-hasher.ts';
import { aHolder, answerOf, aProtectedHolder, put, Sheet, stateOf } from './recovery-person.ts';

const MINUTES = 60;

let test: TestIam;
let project: ProjectState;
beforeAll(async () => {
  test = await anIam(() => ({ passwordHasher: aQuickHasher() }));
  project = await aProjectOf(test, { v1Enabled: true });
});

const v1 = () => at(project, 'v1');
const count = ({ actor }: Pick<LoggedInUser, 'actor'>) => test.iam.recovery.readRecoveryCodes.execute(actor);
const regenerate = ({ actor }: Pick<LoggedInUser, 'actor'>, input: Factors = { password: PASSWORD }, iam = test.iam) =>
  iam.recovery.regenerateRecoveryCodes.execute(actor, input);
const recover = (email: string, recoveryCode: string) =>
  answerOf(test.iam.recovery.recover.execute(v1(), { email, recoveryCode }));

const changePassword = ({ actor }: Pick<LoggedInUser, 'actor'>) =>
  test.iam.account.changePassword.execute(actor, { currentPassword: PASSWORD, newPassword: OTHER_PASSWORD });

describe('the count of the recovery codes', () => {
  it('is ten since the registration, and one less for every code that was spent', async () => {
    const user = await aHolder(test, v1());
    const generatedAt = test.clock.now();
    expect(await count(user)).toEqual({ remaining: 10, total: 10, generatedAt });
    test.clock.advance(MINUTES);
    await recover(user.email, user.sheet.next());
    expect(await count(user)).toEqual({ remaining: 9, total: 10, generatedAt });
    await recover(user.email, user.sheet.next());
    expect(await count(user)).toEqual({ remaining: 8, total: 10, generatedAt });
  });

  it('is none for somebody who never had any', async () => {
    const user = await aHolder(test, at(project, 'gate'));
    expect(await count(user)).toEqual({ remaining: 0, total: 10, generatedAt: null });
  });

  it('is ten again since an app was set up over v1, whose codes are the valid ones', async () => {
    const user = await someoneWhoMayEnrol(test, v1());
    const sheet = new Sheet(user.registered.recoveryCodes);
    await recover(user.email, sheet.next());
    const session = await signIn(test, v1(), user);
    const { secret, recoveryCodes } = await test.iam.mfa.setUpTotp.execute(session.actor, {});
    expect(await count(session)).toMatchObject({ remaining: 9 });
    test.clock.advance(MINUTES);
    await test.iam.mfa.confirmTotp.execute(session.actor, { code: await new Phone(secret, test.clock).code() });
    expect(await count(session)).toEqual({ remaining: 10, total: 10, generatedAt: test.clock.now() });
    expect(await recover(user.email, sheet.next())).toBe('invalid-credentials');
    expect(await recover(user.email, new Sheet(recoveryCodes).next())).toBe('done');
  });

  it('is none after a reset of the password, which voids them', async () => {
    const user = await aHolder(test, v1());
    await test.iam.account.verifyEmailByLink.execute(v1(), await test.mailTo(user.email, 'verify-email-link'));
    await test.iam.account.requestPasswordReset.execute(v1(), user);
    const { token } = await test.mailTo(user.email, 'reset-password-link');
    await test.iam.account.resetPasswordByLink.execute(v1(), { token, newPassword: OTHER_PASSWORD });
    const session = await signIn(test, v1(), { ...user, password: OTHER_PASSWORD });
    expect(await count(session)).toMatchObject({ remaining: 0, total: 10 });
    expect(await recover(user.email, user.sheet.next())).toBe('invalid-credentials');
  });
});

describe('new recovery codes', () => {
  it('are ten, shown once; the older ones are dead, and the person is told', async () => {
    const user = await aHolder(test, v1());
    test.clock.advance(MINUTES);
    const { recoveryCodes } = await regenerate(user);
    expect(new Set(recoveryCodes).size).toBe(10);
    for (const code of recoveryCodes) expect(code).toMatch(/^[A-Z0-9]{4}(-[A-Z0-9]{4}){2}$/);
    expect(await count(user)).toEqual({ remaining: 10, total: 10, generatedAt: test.clock.now() });
    for (const old of user.sheet.codes.slice(0, 3)) expect(await recover(user.email, old)).toBe('invalid-credentials');
    expect(await recover(user.email, new Sheet(recoveryCodes).next())).toBe('done');
    expect(await test.mailsTo(user.email, 'recovery-codes-regenerated')).toHaveLength(1);
    expect(test.audited('auth.recovery-codes.regenerated', { userId: user.actor.userId })).toMatchObject([
      { actorId: user.actor.userId, entityId: user.actor.userId, projectId: project.id },
    ]);
  });

  it.each(['gate', 'v1'] as const)('are to be had over %s by somebody who never had any', async (dialect) => {
    const user = await aHolder(test, at(project, 'gate'));
    const session = await signIn(test, at(project, dialect), user);
    const { recoveryCodes } = await regenerate(session);
    expect(await recover(user.email, new Sheet(recoveryCodes).next())).toBe('done');
  });

  it('are for somebody whose address is still to be proven, too', async () => {
    const user = await aHolder(test, v1());
    expect(stateOf(test, user).emailVerifiedAt).toBeNull();
    await expect(regenerate(user)).resolves.toMatchObject({ recoveryCodes: expect.any(Array) });
  });

  it('leave every session as it is', async () => {
    const user = await aHolder(test, v1());
    const other = await signIn(test, v1(), user);
    await regenerate(user);
    for (const { tokens } of [user, other]) {
      await expect(test.iam.authentication.refreshSession.execute(v1(), tokens)).resolves.toBeDefined();
    }
  });

  it('take an authentication of the last five minutes, and a refresh is none', async () => {
    const user = await aHolder(test, v1());
    test.clock.advance(5 * MINUTES);
    await regenerate(user);
    test.clock.advance(1);
    const { accessToken } = await test.iam.authentication.refreshSession.execute(v1(), user.tokens);
    const actor = await actorOf(test, v1(), accessToken);
    const stale = regenerate({ actor });
    await expect(stale).rejects.toMatchObject({ code: 'reauthentication-required', details: { maxAgeSeconds: 300 } });
    await test.iam.authentication.reauthenticate.execute(actor, { password: PASSWORD });
    await expect(regenerate({ actor })).resolves.toBeDefined();
  });

  it('take the password of an account that has one, on the budget of sign-ins', async () => {
    const user = await aHolder(test, v1());
    await expect(regenerate(user, {})).rejects.toMatchObject({
      code: 'validation-error',
      details: { violations: [{ field: 'password', code: 'REQUIRED' }] },
    });
    const before = await count(user);
    for (let guessed = 0; guessed < 10; guessed += 1) {
      expect(await answerOf(regenerate(user, { password: OTHER_PASSWORD }))).toBe('invalid-credentials');
    }
    expect(await answerOf(regenerate(user))).toBe(`rate-limited ${15 * MINUTES}`);
    expect(await answerOf(signIn(test, v1(), user))).toMatch(/^rate-limited/);
    expect(await count(user)).toEqual(before);
    expect(await recover(user.email, user.sheet.next())).toBe('done');
  });

  it('take none of an account that has none', async () => {
    const user = await aHolder(test, v1());
    put(test, user, { passwordHash: null });
    await expect(regenerate(user, {})).resolves.toBeDefined();
  });

  it('take a code besides where a factor is in force, which is spent by it', async () => {
    const user = await aProtectedHolder(test, v1());
    const before = await count(user);
    expect(await answerOf(regenerate(user))).toBe('mfa-required');
    expect(await answerOf(regenerate(user, { password: PASSWORD, mfaCode: await user.phone.wrongCode() }))).toBe(
      'mfa-invalid',
    );
    const mfaCode = await user.phone.nextCode();
    expect(await answerOf(regenerate(user, { password: OTHER_PASSWORD, mfaCode }))).toBe('invalid-credentials');
    expect(await answerOf(regenerate(user, { mfaCode }))).toBe('validation-error');
    expect(await count(user)).toEqual(before);
    const { recoveryCodes } = await regenerate(user, { password: PASSWORD, mfaCode });
    expect(await answerOf(regenerate(user, { password: PASSWORD, mfaCode }))).toBe('mfa-invalid');
    expect(await recover(user.email, user.sheet.next())).toBe('invalid-credentials');
    expect(await recover(user.email, new Sheet(recoveryCodes).next())).toBe('done');
  });

  it('make no network a familiar one by the password alone, where a code is asked for besides', async () => {
    const user = await aProtectedHolder(test, v1());
    const abroad = from('198.51.100.7');
    expect(await answerOf(regenerate({ actor: { ...user.actor, origin: abroad } }))).toBe('mfa-required');
    const key = {
      projectId: project.id,
      budget: 'password-prefix',
      subject: `${user.email} ${abroad.network}`,
    } as const;
    expect(await test.ports.attemptBudget.look(key, test.clock.now())).toEqual({ failures: 0, succeededAt: undefined });
  });

  const endings: readonly (readonly [string, (user: LoggedInUser, phone: Phone) => Promise<unknown>, string])[] = [
    ['session ends', ({ actor }) => test.iam.authentication.endOwnSession.execute(actor, {}), 'token-invalid'],
    ['password changes elsewhere', async (user) => changePassword(await signIn(test, v1(), user)), 'token-invalid'],
    ['password changes in this session', changePassword, 'token-invalid'],
    [
      'factor comes',
      async ({ actor }, phone) => test.iam.mfa.confirmTotp.execute(actor, { code: await phone.code() }),
      'mfa-required',
    ],
  ];
  it.each(endings)('are not made where the %s in the same moment', async (_, end, answer) => {
    const { actor, ...user } = await someoneWhoMayEnrol(test, v1());
    const gate = await signIn(test, at(project, 'gate'), user);
    const phone = new Phone((await test.iam.mfa.setUpTotp.execute(gate.actor, {})).secret, test.clock);
    let commits = 0;
    // The first commit is that of the password, the second is to be that of the codes.
    const meanwhile = async () => {
      commits += 1;
      if (commits === 2) await end({ ...user, actor }, phone);
    };
    const slow = createIam({ ...test.ports, unitOfWork: beforeCommit(test.ports.unitOfWork, meanwhile) });
    expect(await answerOf(regenerate({ actor }, undefined, slow))).toBe(answer);
    expect(test.audited('auth.recovery-codes.regenerated', { userId: actor.userId })).toEqual([]);
    const [old = ''] = user.registered.recoveryCodes;
    expect(await recover(user.email, old)).toBe('done');
  });
});
