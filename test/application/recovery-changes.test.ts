import { beforeAll, describe, expect, it } from 'vitest';
import { createIam } from '../../src/application/iam.ts';
import type { RecoverInput } from '../../src/application/recovery/recover.ts';
import type { Dialect } from '../../src/domain/events.ts';
import type { ProjectState } from '../../src/domain/project/project.ts';
import {
  actorOf,
  anIam,
  aProjectOf,
  aRegisteredUser,
  at,
  from,
  type LoggedInUser,
  OTHER_PASSWORD,
  signIn,
  type TestIam,
} from '../support/an-iam.ts';
import { aTicketFor, Phone, signInWithCode } from '../support/authenticator.ts';
import { beforeCommit } from '../support/before-commit.ts';
import { anEmail } from '../support/builders.ts';
import { aQuickHasher } from '../support/quick-hasher.ts';
import { aTenantFor } from '../support/second-tenant.ts';
import { aHolder, answerOf, aProtectedHolder, type Holder, stateOf } from './recovery-person.ts';

let test: TestIam;
let project: ProjectState;
beforeAll(async () => {
  test = await anIam(() => ({ passwordHasher: aQuickHasher() }));
  project = await aProjectOf(test, { v1Enabled: true });
});

const v1 = () => at(project, 'v1');
const gate = () => at(project, 'gate');
const login = ({ email, password }: Pick<LoggedInUser, 'email' | 'password'>, mfaCode?: string) =>
  test.iam.authentication.login.execute(v1(), { email, password, mfaCode });
const verify = (token: string) => test.iam.account.verifyEmailByLink.execute(v1(), { token });

/** With the next code of the sheet; the new session. */
async function recover(user: Holder, choices: Partial<RecoverInput> = {}) {
  const input = { email: user.email, recoveryCode: user.sheet.next(), ...choices };
  const answer = await test.iam.recovery.recover.execute(v1(), input);
  if (answer.kind !== 'signed-in') throw new Error('several tenants');
  return { tokens: answer.tokens, actor: await actorOf(test, v1(), answer.tokens.accessToken) };
}

/** Whether it can be refreshed, and its access token acted with. */
async function lives({ tokens }: Pick<LoggedInUser, 'tokens'>, visitor = v1()): Promise<readonly string[]> {
  return [
    await answerOf(actorOf(test, visitor, tokens.accessToken)),
    await answerOf(test.iam.authentication.refreshSession.execute(visitor, tokens)),
  ];
}

async function proven(user: Holder): Promise<Holder> {
  await verify((await test.mailTo(user.email, 'verify-email-link')).token);
  return user;
}

describe('whoever recovers an account', () => {
  it.each<[string, Partial<RecoverInput>]>([
    ['alone', {}],
    ['with a new password', { newPassword: OTHER_PASSWORD }],
  ])('%s ends every other session, on either dialect, and its access tokens with it', async (_, choices) => {
    const user = await aHolder(test, v1());
    const others = [
      [user, v1()],
      [await signIn(test, v1(), user), v1()],
      [await signIn(test, gate(), user), gate()],
    ] as const;
    const session = await recover(user, choices);
    for (const [other, visitor] of others) expect(await lives(other, visitor)).toEqual(Array(2).fill('token-invalid'));
    expect(await lives(session)).toEqual(['done', 'done']);
    const later = await recover(user);
    expect(await lives(session)).toEqual(Array(2).fill('token-invalid'));
    expect(await lives(later)).toEqual(['done', 'done']);
  });

  it('ends what stands between the steps of a sign-in', async () => {
    const user = await aProtectedHolder(test, v1());
    const ticket = await aTicketFor(test, gate(), user);
    await aTenantFor(test, project, user.actor.userId);
    const choice = await login(user, await user.phone.nextCode());
    if (choice.kind !== 'tenant-selection') throw new Error('no choice');
    await test.iam.recovery.recover.execute(v1(), { email: user.email, recoveryCode: user.sheet.next() });
    const selection = { sessionToken: choice.sessionToken, tenantId: project.rootTenantId };
    expect(await answerOf(test.iam.authentication.selectTenant.execute(v1(), selection))).toBe('token-invalid');
    const code = await user.phone.nextCode();
    const entering = test.iam.authentication.loginWithTicket.execute(gate(), { ticket, code });
    expect(await answerOf(entering)).toBe('token-invalid');
  });

  it.each<Dialect>(['gate', 'v1'])('leaves no reset that somebody has asked for over %s', async (dialect) => {
    const user = await proven(await aHolder(test, v1()));
    const { email } = user;
    await test.iam.account.requestPasswordReset.execute(at(project, dialect), { email });
    const reset =
      dialect === 'gate'
        ? { ...(await test.mailTo(email, 'reset-password-otp')), token: '' }
        : { ...(await test.mailTo(email, 'reset-password-link')), otp: '' };
    await recover(user);
    const { account } = test.iam;
    const resetting =
      dialect === 'gate'
        ? account.resetPasswordByCode.execute(gate(), { email, otp: reset.otp, newPassword: OTHER_PASSWORD })
        : account.resetPasswordByLink.execute(v1(), { token: reset.token, newPassword: OTHER_PASSWORD });
    expect(await answerOf(resetting)).toBe(dialect === 'gate' ? 'otp-invalid' : 'token-invalid');
    await expect(login(user)).resolves.toBeDefined();
  });

  it.each([
    ['asked for', false],
    ['mailed', true],
  ])('leaves no change of the address that was %s', async (_, mailed) => {
    const user = await aHolder(test, v1());
    const email = anEmail();
    await test.iam.account.updateProfile.execute(user.actor, { email });
    const link = mailed ? await test.mailTo(email, 'email-change-link') : undefined;
    const session = await recover(user);
    expect((await test.iam.account.readProfile.execute(session.actor)).user.pendingEmail).toBeNull();
    expect(await test.mailsTo(email, 'email-change-link')).toHaveLength(mailed ? 1 : 0);
    if (link !== undefined) {
      expect(await answerOf(verify(link.token))).toBe('token-invalid');
      // Nor does it live again when the person wants the same address later.
      await test.iam.account.updateProfile.execute(session.actor, { email });
      expect(await answerOf(verify(link.token))).toBe('token-invalid');
    }
    expect(stateOf(test, user).email).toBe(user.email);
  });

  it.each<Dialect>(['gate', 'v1'])('leaves no set-up of an app that was begun over %s', async (dialect) => {
    const user = await proven(await aHolder(test, v1()));
    const begun = await signIn(test, at(project, dialect), user);
    const { secret } = await test.iam.mfa.setUpTotp.execute(begun.actor, {});
    const session = await recover(user);
    const code = await new Phone(secret, test.clock).code();
    expect(await answerOf(test.iam.mfa.confirmTotp.execute(session.actor, { code }))).toBe('mfa-setup-missing');
    expect(await test.ports.totpFactorDirectory.ofUser(project.id, user.actor.userId)).toBeUndefined();
    await expect(test.iam.mfa.setUpTotp.execute(session.actor, {})).resolves.toBeDefined();
  });

  it('leaves the proof of the own address as it stands', async () => {
    const user = await aHolder(test, v1());
    const { token } = await test.mailTo(user.email, 'verify-email-link');
    await recover(user);
    expect(stateOf(test, user).emailVerifiedAt).toBeNull();
    await expect(verify(token)).resolves.toEqual({ emailVerified: true });
  });
});

describe('a new password', () => {
  it('is the one from now on, is told to the person, and recorded', async () => {
    const user = await aHolder(test, v1());
    const { actor } = await recover(user, { newPassword: OTHER_PASSWORD });
    expect(await answerOf(login(user))).toBe('invalid-credentials');
    await expect(login({ ...user, password: OTHER_PASSWORD })).resolves.toBeDefined();
    expect(await test.mailsTo(user.email, 'password-changed')).toHaveLength(1);
    expect(await test.mailsTo(user.email, 'account-recovered')).toHaveLength(1);
    expect(test.audited('auth.password.changed', { userId: user.actor.userId, actorId: actor.userId })).toHaveLength(1);
  });

  it('lets nobody in who was on the way with the old one', async () => {
    const user = await aHolder(test, v1());
    let recovery = async (): Promise<unknown> => recover(user, { newPassword: OTHER_PASSWORD });
    const once = async () => {
      const first = recovery;
      recovery = async () => {};
      await first();
    };
    const slow = createIam({ ...test.ports, unitOfWork: beforeCommit(test.ports.unitOfWork, once) });
    const entering = slow.authentication.login.execute(v1(), { email: user.email, password: user.password });
    expect(await answerOf(entering)).toBe('invalid-credentials');
    expect(stateOf(test, user).lastLoginMethod).toBe('recovery');
  });

  it('is not there without one: the old one goes on', async () => {
    const user = await aHolder(test, v1());
    await recover(user);
    await expect(login(user)).resolves.toBeDefined();
    expect(test.audited('auth.password.changed', { userId: user.actor.userId })).toEqual([]);
  });

  it('keeps the factor of somebody who has one', async () => {
    const user = await aProtectedHolder(test, v1());
    await recover(user, { newPassword: OTHER_PASSWORD });
    expect(await answerOf(login({ ...user, password: OTHER_PASSWORD }))).toBe('mfa-required');
  });

  it('starts its budget anew, here and for strangers: whoever guessed before stands in nobody’s way', async () => {
    const user = await aHolder(test, v1());
    const strangers = Array.from({ length: 30 }, (_, index) => from(`2001:db8:${index.toString(16)}::/64`));
    for (const stranger of strangers) {
      const guess = { email: user.email, password: 'not this one 4711' };
      await answerOf(test.iam.authentication.login.execute(at(project, 'v1', stranger), guess));
    }
    const elsewhere = at(project, 'v1', from('198.51.100.7'));
    const enter = (password: string) =>
      answerOf(test.iam.authentication.login.execute(elsewhere, { email: user.email, password }));
    expect(await enter(user.password)).toMatch(/^rate-limited/);
    await recover(user);
    expect(await enter(user.password)).toMatch(/^rate-limited/);
    await recover(user, { newPassword: OTHER_PASSWORD });
    expect(await enter(OTHER_PASSWORD)).toBe('done');
  });
});

describe('a new address', () => {
  it('is pending, and both are told, until it is proven: then it is the one', async () => {
    const user = await aHolder(test, v1());
    const newEmail = anEmail();
    const session = await recover(user, { newEmail: ` ${newEmail.toUpperCase()} ` });
    const { user: profile } = await test.iam.account.readProfile.execute(session.actor);
    expect(profile).toMatchObject({ email: user.email, pendingEmail: newEmail });
    expect(await test.mailsTo(user.email, 'email-change-notice')).toEqual([{ kind: 'email-change-notice', newEmail }]);
    expect(await test.mailsTo(user.email, 'account-recovered')).toHaveLength(1);
    await expect(login(user)).resolves.toBeDefined();
    expect(await answerOf(login({ ...user, email: newEmail }))).toBe('invalid-credentials');
    await verify((await test.mailTo(newEmail, 'email-change-link')).token);
    await expect(login({ ...user, email: newEmail })).resolves.toBeDefined();
    expect(await answerOf(login(user))).toBe('invalid-credentials');
    expect(await test.mailsTo(user.email, 'email-changed')).toEqual([{ kind: 'email-changed', newEmail }]);
    const requests = test.audited('auth.email-change.requested', { userId: user.actor.userId });
    expect(requests).toMatchObject([{ after: { pendingEmail: newEmail } }]);
  });

  it('takes the place of one that somebody has asked for before', async () => {
    const user = await aHolder(test, v1());
    const [theirs, own] = [anEmail(), anEmail()];
    await test.iam.account.updateProfile.execute(user.actor, { email: theirs });
    const { token } = await test.mailTo(theirs, 'email-change-link');
    await recover(user, { newEmail: own });
    const link = await test.mailTo(own, 'email-change-link');
    expect(await answerOf(verify(token))).toBe('token-invalid');
    await expect(verify(link.token)).resolves.toBeDefined();
    expect(stateOf(test, user).email).toBe(own);
  });

  it('is none where it is the present one', async () => {
    const user = await aHolder(test, v1());
    await recover(user, { newEmail: user.email });
    expect(stateOf(test, user).pendingEmail).toBeNull();
    expect(await test.mailsTo(user.email, 'email-change-notice')).toEqual([]);
  });

  it('disturbs nobody who has it, and does not take it: it tells whoever recovers nothing of them', async () => {
    const [user, holder] = [await aHolder(test, v1()), await aRegisteredUser(test, v1())];
    await recover(user, { newEmail: holder.email });
    expect(await test.mailsTo(holder.email, 'email-change-link')).toEqual([]);
    expect(await test.mailsTo(user.email, 'email-change-notice')).toHaveLength(1);
    expect(stateOf(test, user).email).toBe(user.email);
  });
});

describe('turning the second factor off', () => {
  it('is done where it is asked for: the next sign-in takes no code', async () => {
    const user = await aProtectedHolder(test, v1());
    expect(await answerOf(login(user))).toBe('mfa-required');
    const session = await recover(user, { disableMfa: true });
    await expect(login(user)).resolves.toMatchObject({ kind: 'signed-in' });
    expect((await test.iam.account.readProfile.execute(session.actor)).user.mfaEnabled).toBe(false);
    expect(await test.ports.totpFactorDirectory.ofUser(project.id, user.actor.userId)).toBeUndefined();
    expect(await test.mailsTo(user.email, 'mfa-disabled')).toHaveLength(1);
    expect(test.audited('auth.mfa.disabled', { userId: user.actor.userId })).toHaveLength(1);
    expect(await lives(session)).toEqual(['done', 'done']);
  });

  it.each([
    ['not asked for', {}],
    ['declined', { disableMfa: false }],
  ])('is not done where it is %s: the next sign-in takes one, and this session has shown none', async (_, choices) => {
    const user = await aProtectedHolder(test, v1());
    const session = await recover(user, choices);
    expect(await answerOf(login(user))).toBe('mfa-required');
    expect(await test.mailsTo(user.email, 'mfa-disabled')).toEqual([]);
    expect((await test.ports.tokenSigner.verify(session.tokens.accessToken)).amr).toEqual(['recovery']);
    await expect(signInWithCode(test, v1(), user)).resolves.toMatchObject({ lastLoginMethod: 'recovery' });
  });

  it('is nothing where none is on', async () => {
    const user = await aHolder(test, v1());
    await recover(user, { disableMfa: true });
    expect(await test.mailsTo(user.email, 'mfa-disabled')).toEqual([]);
    expect(test.audited('auth.mfa.disabled', { userId: user.actor.userId })).toEqual([]);
  });

  it('is done together with a new password and a new address', async () => {
    const user = await aProtectedHolder(test, v1());
    const newEmail = anEmail();
    await recover(user, { newPassword: OTHER_PASSWORD, newEmail, disableMfa: true });
    await verify((await test.mailTo(newEmail, 'email-change-link')).token);
    const entered = login({ email: newEmail, password: OTHER_PASSWORD });
    await expect(entered).resolves.toMatchObject({ kind: 'signed-in' });
  });
});
