import { beforeAll, describe, expect, it } from 'vitest';
import {
  aLoggedInUser,
  anIam,
  aProjectOf,
  aRegisteredUser,
  at,
  OTHER_PASSWORD,
  signIn,
  type TestIam,
} from '../support/an-iam.ts';
import { aQuickHasher } from '../support/quick-hasher.ts';
import { sixteenAtOnce } from '../support/sixteen.ts';

const HOURS = 60 * 60;

let test: TestIam;
beforeAll(async () => {
  test = await anIam(() => ({ passwordHasher: aQuickHasher() }));
});

const v1 = () => at(test.platform, 'v1');
const isInvalid = { code: 'token-invalid' };
const verify = (token: string, visitor = v1()) => test.iam.account.verifyEmailByLink.execute(visitor, { token });
const disown = (token: string, visitor = v1()) => test.iam.account.disown.execute(visitor, { token });
const reset = (token: string, newPassword = OTHER_PASSWORD, visitor = v1()) =>
  test.iam.account.resetPasswordByLink.execute(visitor, { token, newPassword });

async function aNewUser() {
  const user = await aLoggedInUser(test, v1());
  return { ...user, mail: await test.mailTo(user.email, 'verify-email-link') };
}

async function aProvenUser() {
  const user = await aNewUser();
  await verify(user.mail.token);
  return user;
}

async function askedToReset(email: string): Promise<string> {
  await test.iam.account.requestPasswordReset.execute(v1(), { email });
  return (await test.mailTo(email, 'reset-password-link')).token;
}

describe('a link that proves the mailbox', () => {
  it('proves it once of sixteen at once, and the session goes on', async () => {
    const user = await aNewUser();
    const { succeeded, refused } = await sixteenAtOnce(() => verify(user.mail.token));
    expect(succeeded).toEqual([{ emailVerified: true }]);
    for (const error of refused) expect(error).toMatchObject(isInvalid);
    expect((await test.iam.account.readProfile.execute(user.actor)).user.emailVerified).toBe(true);
    expect(test.audited('auth.email.verified', { userId: user.actor.userId })).toHaveLength(1);
  });

  it('expires after a day', async () => {
    const { mail } = await aNewUser();
    test.clock.advance(24 * HOURS);
    await expect(verify(mail.token)).rejects.toMatchObject({ code: 'token-expired' });
  });

  it('counts in its project, for its purpose, and as it is', async () => {
    const { mail } = await aNewUser();
    const other = await aProjectOf(test, { v1Enabled: true });
    await expect(verify(mail.token, at(other, 'v1'))).rejects.toMatchObject(isInvalid);
    await expect(verify(mail.disownToken)).rejects.toMatchObject(isInvalid);
    await expect(reset(mail.token)).rejects.toMatchObject(isInvalid);
    for (const token of ['', mail.token.slice(0, -1), `${mail.token}A`, mail.token.toUpperCase()]) {
      await expect(verify(token)).rejects.toMatchObject(isInvalid);
    }
    await expect(verify(mail.token)).resolves.toBeDefined();
  });

  it('is worth nothing for an account that is out of use', async () => {
    const user = await aNewUser();
    const state = test.store.users.get(`${test.platform.id} ${user.actor.userId}`);
    if (state) test.store.users.put({ ...state, status: 'disabled' }, test.store.nextVersion());
    await expect(verify(user.mail.token)).rejects.toMatchObject(isInvalid);
  });

  it('is asked for three times an hour besides the first, and then the last one lives', async () => {
    const user = await aNewUser();
    const ask = () => test.iam.account.requestVerification.execute(user.actor);
    for (let asked = 0; asked < 3; asked += 1) await ask();
    await expect(ask()).rejects.toMatchObject({ code: 'rate-limited', details: { retryAfterSeconds: 3600 } });
    const mails = await test.mailsTo(user.email, 'verify-email-link');
    expect(mails).toHaveLength(4);
    await expect(verify(user.mail.token)).rejects.toMatchObject(isInvalid);
    await expect(verify(mails.at(-1)?.token ?? '')).resolves.toBeDefined();
    test.clock.advance(HOURS);
    await expect(ask()).resolves.toBeUndefined();
    expect(await test.mailsTo(user.email, 'verify-email-link')).toHaveLength(4);
  });
});

describe('"this was not me"', () => {
  it('removes the unproven account with its tenant, sessions and seat', async () => {
    const seats = () => test.store.seats.get(test.platform.id)?.taken;
    const before = seats();
    const user = await aNewUser();
    expect(seats()).toBe((before ?? 0) + 1);
    await disown(user.mail.disownToken);
    expect(seats()).toBe(before);
    await expect(test.iam.account.readProfile.execute(user.actor)).rejects.toMatchObject(isInvalid);
    await expect(test.iam.authentication.refreshSession.execute(v1(), user.tokens)).rejects.toMatchObject(isInvalid);
    await expect(signIn(test, v1(), user)).rejects.toMatchObject({ code: 'invalid-credentials' });
    const ids = [user.actor.userId, user.actor.tenantId];
    const { users, tenants, roles, memberships, sessions, oneTimeTokens, recoveryCodes } = test.store;
    for (const table of [users, tenants, roles, memberships, sessions, oneTimeTokens, recoveryCodes]) {
      const left = JSON.stringify([...table.entries()]);
      for (const id of ids) expect(left).not.toContain(id);
    }
    expect(test.audited('auth.account.disowned', { userId: user.actor.userId })).toHaveLength(1);
    await expect(aRegisteredUser(test, v1(), { email: user.email })).resolves.toBeDefined();
  });

  it('succeeds once of sixteen at once, and gives back one seat', async () => {
    const before = test.store.seats.get(test.platform.id)?.taken ?? 0;
    const user = await aNewUser();
    const { succeeded, refused } = await sixteenAtOnce(() => disown(user.mail.disownToken));
    expect(succeeded).toHaveLength(1);
    for (const error of refused) expect(error).toMatchObject(isInvalid);
    expect(test.store.seats.get(test.platform.id)?.taken).toBe(before);
  });

  it('takes no seat from others where an unproven account held none', async () => {
    const strict = await aProjectOf(test, { emailVerificationRequired: true, v1Enabled: true });
    const kept = await aRegisteredUser(test, at(strict, 'v1'));
    await verify((await test.mailTo(kept.email, 'verify-email-link')).token, at(strict, 'v1'));
    const gone = await aRegisteredUser(test, at(strict, 'v1'));
    await disown((await test.mailTo(gone.email, 'verify-email-link')).disownToken, at(strict, 'v1'));
    expect(test.store.seats.get(strict.id)?.taken).toBe(1);
  });

  it('is over once the address is proven, by the link or by a reset', async () => {
    const user = await aProvenUser();
    await expect(disown(user.mail.disownToken)).rejects.toMatchObject(isInvalid);
    const other = await aNewUser();
    await test.iam.account.requestPasswordReset.execute(at(test.platform, 'gate'), other);
    const { otp } = await test.mailTo(other.email, 'reset-password-otp');
    const chosen = { email: other.email, otp, newPassword: OTHER_PASSWORD };
    await test.iam.account.resetPasswordByCode.execute(at(test.platform, 'gate'), chosen);
    await expect(disown(other.mail.disownToken)).rejects.toMatchObject(isInvalid);
    await expect(verify(other.mail.token)).rejects.toMatchObject(isInvalid);
  });

  it('and a proof at the same time: one of the two', async () => {
    const user = await aNewUser();
    const outcomes = await Promise.allSettled([disown(user.mail.disownToken), verify(user.mail.token)]);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });
});

describe('a link that resets the password', () => {
  it('ends every session and voids recovery codes, pending changes and other resets', async () => {
    const user = await aProvenUser();
    await test.iam.account.updateProfile.execute(user.actor, { email: `next-${user.email}` });
    const pending = await test.mailTo(`next-${user.email}`, 'email-change-link');
    await test.iam.account.requestPasswordReset.execute(at(test.platform, 'gate'), user);
    const { otp } = await test.mailTo(user.email, 'reset-password-otp');
    const codes = () => test.store.recoveryCodes.get(`${test.platform.id} ${user.actor.userId}`);
    expect(codes()?.codes).toHaveLength(10);
    await reset(await askedToReset(user.email));
    expect(codes()?.codes).toEqual([]);
    await expect(test.iam.account.readProfile.execute(user.actor)).rejects.toMatchObject(isInvalid);
    await expect(verify(pending.token)).rejects.toMatchObject(isInvalid);
    const byCode = { email: user.email, otp, newPassword: OTHER_PASSWORD };
    await expect(test.iam.account.resetPasswordByCode.execute(at(test.platform, 'gate'), byCode)).rejects.toMatchObject(
      { code: 'otp-invalid' },
    );
    const again = await signIn(test, v1(), { ...user, password: OTHER_PASSWORD });
    expect((await test.iam.account.readProfile.execute(again.actor)).user.pendingEmail).toBeNull();
  });

  it('is mailed to a proven address alone', async () => {
    const user = await aNewUser();
    await test.iam.account.requestPasswordReset.execute(v1(), user);
    expect(await test.mailsTo(user.email, 'reset-password-link')).toEqual([]);
  });

  it('succeeds once of sixteen at once, and dies when a newer one is made', async () => {
    const user = await aProvenUser();
    const older = await askedToReset(user.email);
    const token = await askedToReset(user.email);
    await expect(reset(older)).rejects.toMatchObject(isInvalid);
    const { succeeded } = await sixteenAtOnce(() => reset(token));
    expect(succeeded).toHaveLength(1);
    await expect(reset(token)).rejects.toMatchObject(isInvalid);
  });

  it('expires after an hour, and counts in its project alone', async () => {
    const user = await aProvenUser();
    const token = await askedToReset(user.email);
    const other = await aProjectOf(test, { v1Enabled: true });
    await expect(reset(token, OTHER_PASSWORD, at(other, 'v1'))).rejects.toMatchObject(isInvalid);
    test.clock.advance(HOURS);
    await expect(reset(token)).rejects.toMatchObject({ code: 'token-expired' });
  });

  it('is not spent by a password that the policy refuses', async () => {
    const user = await aProvenUser();
    const token = await askedToReset(user.email);
    await expect(reset(token, 'elevenchars')).rejects.toMatchObject({ code: 'validation-error' });
    await expect(reset(token, user.email)).rejects.toMatchObject({ code: 'weak-password' });
    await expect(reset(token)).resolves.toBeUndefined();
  });

  it('leaves nothing to sign in with but the new password', async () => {
    const user = await aProvenUser();
    await reset(await askedToReset(user.email));
    await expect(signIn(test, v1(), user)).rejects.toMatchObject({ code: 'invalid-credentials' });
    await expect(signIn(test, v1(), { ...user, password: OTHER_PASSWORD })).resolves.toBeDefined();
  });
});

describe('a change of the address', () => {
  const change = (user: Awaited<ReturnType<typeof aProvenUser>>, email: string) =>
    test.iam.account.updateProfile.execute(user.actor, { email });

  it('is pending until the new address answers, and the old one is told', async () => {
    const user = await aProvenUser();
    const next = `next-${user.email}`;
    expect((await change(user, ` ${next.toUpperCase()} `)).user).toMatchObject({
      email: user.email,
      pendingEmail: next,
    });
    expect(await test.mailsTo(user.email, 'email-change-notice')).toEqual([
      { kind: 'email-change-notice', newEmail: next },
    ]);
    const { token } = await test.mailTo(next, 'email-change-link');
    await expect(verify(token)).resolves.toEqual({ emailVerified: true });
    expect(await test.mailsTo(user.email, 'email-changed')).toEqual([{ kind: 'email-changed', newEmail: next }]);
    await expect(signIn(test, v1(), user)).rejects.toMatchObject({ code: 'invalid-credentials' });
    await expect(signIn(test, v1(), { ...user, email: next })).resolves.toBeDefined();
    expect(test.audited('auth.email.changed', { userId: user.actor.userId })).toMatchObject([
      { before: { email: user.email }, after: { email: next } },
    ]);
    await expect(verify(token)).rejects.toMatchObject(isInvalid);
  });

  it('to an address that somebody has mails nothing there and shows nothing', async () => {
    const [user, other] = [await aProvenUser(), await aProvenUser()];
    expect((await change(user, other.email)).user.pendingEmail).toBe(other.email);
    expect(await test.mailsTo(other.email, 'email-change-link')).toEqual([]);
    expect(await test.mailsTo(user.email, 'email-change-notice')).toHaveLength(1);
  });

  it('to an address that is taken before the answer is refused, and the token is not spent', async () => {
    const user = await aProvenUser();
    const next = `next-${user.email}`;
    await change(user, next);
    const { token } = await test.mailTo(next, 'email-change-link');
    await aRegisteredUser(test, v1(), { email: next });
    await expect(verify(token)).rejects.toMatchObject({ code: 'email-already-registered' });
    await disown((await test.mailTo(next, 'verify-email-link')).disownToken);
    await expect(verify(token)).resolves.toBeDefined();
  });

  it('is replaced by a later one', async () => {
    const user = await aProvenUser();
    await change(user, `one-${user.email}`);
    const { token } = await test.mailTo(`one-${user.email}`, 'email-change-link');
    await change(user, `two-${user.email}`);
    await expect(verify(token)).rejects.toMatchObject(isInvalid);
    await expect(verify((await test.mailTo(`two-${user.email}`, 'email-change-link')).token)).resolves.toBeDefined();
  });

  it('voids a reset that was mailed to the old address', async () => {
    const user = await aProvenUser();
    const stale = await askedToReset(user.email);
    await change(user, `next-${user.email}`);
    await verify((await test.mailTo(`next-${user.email}`, 'email-change-link')).token);
    await expect(reset(stale)).rejects.toMatchObject(isInvalid);
  });

  it('is bounded to three mails to one address, and is no address that is none', async () => {
    const user = await aProvenUser();
    for (let asked = 0; asked < 3; asked += 1) await change(user, `much-${user.email}`);
    await expect(change(user, `much-${user.email}`)).rejects.toMatchObject({ code: 'rate-limited' });
    await expect(change(user, 'nobody')).rejects.toMatchObject({ code: 'validation-error' });
  });
});

describe('a profile', () => {
  it('changes what was given and keeps the rest, with one record of just that', async () => {
    const user = await aProvenUser();
    await test.iam.account.updateProfile.execute(user.actor, { firstName: 'Ada', preferences: { theme: 'dark' } });
    const profile = await test.iam.account.updateProfile.execute(user.actor, { phone: '+44', firstName: undefined });
    expect(profile.user).toMatchObject({ firstName: 'Ada', phone: '+44', preferences: { theme: 'dark' } });
    const cleared = await test.iam.account.updateProfile.execute(user.actor, { phone: null });
    expect(cleared.user.phone).toBeNull();
    expect(test.audited('user.profile.updated', { userId: user.actor.userId })).toMatchObject([
      { before: { firstName: null, preferences: {} }, after: { firstName: 'Ada', preferences: { theme: 'dark' } } },
      { before: { phone: null }, after: { phone: '+44' } },
      { before: { phone: '+44' }, after: { phone: null } },
    ]);
  });

  it('changes only when it stands as the caller saw it', async () => {
    const { actor } = await aProvenUser();
    const update = (ifMatch: () => boolean) =>
      test.iam.account.updateProfile.execute(actor, { firstName: 'Ada', ifMatch });
    await expect(update(() => false)).rejects.toMatchObject({ code: 'precondition-failed' });
    await expect(update(() => true)).resolves.toMatchObject({ user: { firstName: 'Ada' } });
  });

  it('writes no record when nothing is asked to change', async () => {
    const { actor } = await aProvenUser();
    const before = test.store.auditRecords().length;
    await test.iam.account.updateProfile.execute(actor, {});
    expect(test.store.auditRecords()).toHaveLength(before);
  });
});
