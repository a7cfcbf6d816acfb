import { beforeAll, describe, expect, it } from 'vitest';
import { createIam } from '../../src/application/iam.ts';
import type { ProjectState } from '../../src/domain/project/project.ts';
import {
  anIam,
  aProjectOf,
  aRegisteredUser,
  at,
  from,
  OTHER_PASSWORD,
  signIn,
  type TestIam,
} from '../support/an-iam.ts';
import { anEmail } from '../support/builders.ts';
import { aQuickHasher } from '../support/quick-hasher.ts';
import { sixteenAtOnce } from '../support/sixteen.ts';

const MINUTES = 60;
const DAYS = 24 * 60 * MINUTES;

let test: TestIam;
let project: ProjectState;
beforeAll(async () => {
  test = await anIam(() => ({ passwordHasher: aQuickHasher() }));
  project = await aProjectOf(test, { emailVerificationRequired: true });
});

const gate = (origin = from('192.0.2.1')) => at(project, 'gate', origin);
const verify = (email: string, otp: string, visitor = gate()) =>
  test.iam.account.verifyEmailByCode.execute(visitor, { email, otp });
const reset = (email: string, otp: string, newPassword = OTHER_PASSWORD, visitor = gate()) =>
  test.iam.account.resetPasswordByCode.execute(visitor, { email, otp, newPassword });
const isWrong = { code: 'otp-invalid' };
/** Six other digits. */
const notThis = (otp: string) => String((Number(otp) + 1) % 1_000_000).padStart(6, '0');

async function anUnprovenUser() {
  const user = await aRegisteredUser(test, gate());
  return { ...user, otp: (await test.mailTo(user.email, 'verify-email-otp')).otp };
}

async function aProvenUser() {
  const user = await anUnprovenUser();
  await verify(user.email, user.otp);
  return user;
}

async function askedToReset(email: string): Promise<string> {
  await test.iam.account.requestPasswordReset.execute(gate(), { email });
  return (await test.mailTo(email, 'reset-password-otp')).otp;
}

describe('a mailed code', () => {
  it('proves the mailbox, and then the person may sign in', async () => {
    const user = await anUnprovenUser();
    await verify(user.email, user.otp);
    const { actor } = await signIn(test, gate(), user);
    expect((await test.iam.account.readProfile.execute(actor)).user.emailVerified).toBe(true);
    expect(test.audited('auth.email.verified', { userId: actor.userId })).toHaveLength(1);
  });

  it('is spent once, of sixteen at once', async () => {
    const user = await anUnprovenUser();
    const { succeeded } = await sixteenAtOnce(() => verify(user.email, user.otp));
    expect(succeeded).toHaveLength(1);
    expect(test.audited('auth.email.verified', { userId: user.registered.user.id })).toHaveLength(1);
    await expect(verify(user.email, user.otp)).rejects.toMatchObject(isWrong);
  });

  it('has five tries: the sixth is refused though it is right', async () => {
    const user = await anUnprovenUser();
    for (let wrong = 0; wrong < 5; wrong += 1) {
      await expect(verify(user.email, notThis(user.otp))).rejects.toMatchObject(isWrong);
    }
    await expect(verify(user.email, user.otp)).rejects.toMatchObject(isWrong);
  });

  it('has five tries however many come at once', async () => {
    const user = await anUnprovenUser();
    const { refused } = await sixteenAtOnce(() => verify(user.email, notThis(user.otp)));
    expect(refused).toHaveLength(16);
    await expect(verify(user.email, user.otp)).rejects.toBeDefined();
    expect(test.store.users.get(`${project.id} ${user.registered.user.id}`)?.emailVerifiedAt).toBeNull();
  });

  it('may be right at the fifth try', async () => {
    const user = await anUnprovenUser();
    for (let wrong = 0; wrong < 4; wrong += 1)
      await expect(verify(user.email, notThis(user.otp))).rejects.toBeDefined();
    await expect(verify(user.email, user.otp)).resolves.toBeUndefined();
  });

  it.each([
    ['a known address', async () => (await aProvenUser()).email],
    ['an address that nobody has', async () => anEmail()],
  ])('is guessed at ten times in a quarter of an hour for %s', async (_, anAddress) => {
    const email = await anAddress();
    for (let wrong = 0; wrong < 10; wrong += 1) await expect(reset(email, '000000')).rejects.toMatchObject(isWrong);
    await expect(reset(email, '000000')).rejects.toMatchObject({
      code: 'rate-limited',
      details: { retryAfterSeconds: 15 * MINUTES },
    });
    await expect(verify(email, '000000')).rejects.toMatchObject({ code: 'rate-limited' });
    test.clock.advance(15 * MINUTES);
    await expect(reset(email, '000000')).rejects.toMatchObject(isWrong);
  });

  it('is not given new tries by a new code: ten stay ten', async () => {
    const { email } = await aProvenUser();
    for (let mail = 0; mail < 2; mail += 1) {
      const otp = await askedToReset(email);
      for (let wrong = 0; wrong < 5; wrong += 1)
        await expect(reset(email, notThis(otp))).rejects.toMatchObject(isWrong);
    }
    const otp = await askedToReset(email);
    await expect(reset(email, otp)).rejects.toMatchObject({ code: 'rate-limited' });
  });

  it('dies when a new one is made', async () => {
    const user = await anUnprovenUser();
    await test.iam.account.resendVerification.execute(gate(), user);
    const { otp } = await test.mailTo(user.email, 'verify-email-otp');
    expect(otp).not.toBe(user.otp);
    await expect(verify(user.email, user.otp)).rejects.toMatchObject(isWrong);
    await expect(verify(user.email, otp)).resolves.toBeUndefined();
  });

  it('is mailed three times in a quarter of an hour, and then the last one lives', async () => {
    const user = await anUnprovenUser();
    for (let asked = 0; asked < 6; asked += 1) await test.iam.account.resendVerification.execute(gate(), user);
    const mails = await test.mailsTo(user.email, 'verify-email-otp');
    expect(mails).toHaveLength(3);
    await expect(verify(user.email, mails.at(-1)?.otp ?? '')).resolves.toBeUndefined();
  });

  it('is not mailed to an address that is proven, or that nobody has', async () => {
    const { email } = await aProvenUser();
    for (const address of [email, anEmail()]) {
      const before = (await test.mailsTo(address, 'verify-email-otp')).length;
      await test.iam.account.resendVerification.execute(gate(), { email: address });
      expect(await test.mailsTo(address, 'verify-email-otp')).toHaveLength(before);
    }
  });

  it('expires: ten minutes to verify, fifteen to reset', async () => {
    const user = await anUnprovenUser();
    test.clock.advance(10 * MINUTES);
    await expect(verify(user.email, user.otp)).rejects.toMatchObject(isWrong);
    const { email } = await aProvenUser();
    const late = await askedToReset(email);
    test.clock.advance(15 * MINUTES);
    await expect(reset(email, late)).rejects.toMatchObject(isWrong);
    const inTime = await askedToReset(email);
    test.clock.advance(15 * MINUTES - 1);
    await expect(reset(email, inTime)).resolves.toBeUndefined();
  });

  it('counts for its purpose, its person and its project alone', async () => {
    const [one, two] = [await anUnprovenUser(), await anUnprovenUser()];
    await expect(verify(two.email, one.otp)).rejects.toMatchObject(isWrong);
    await expect(reset(one.email, one.otp)).rejects.toMatchObject(isWrong);
    const other = await aProjectOf(test, { emailVerificationRequired: true });
    await aRegisteredUser(test, at(other, 'gate'), { email: one.email });
    await expect(verify(one.email, one.otp, at(other, 'gate'))).rejects.toMatchObject(isWrong);
    await expect(verify(one.email, one.otp)).resolves.toBeUndefined();
  });

  it('proves no other mailbox than the one that it was sent to', async () => {
    const user = await aProvenUser();
    const { actor } = await signIn(test, gate(), user);
    const otp = await askedToReset(user.email);
    await test.iam.account.updateProfile.execute(actor, { email: `next-${user.email}` });
    const { token } = await test.mailTo(`next-${user.email}`, 'email-change-link');
    await test.iam.account.verifyEmailByLink.execute(at(project, 'v1'), { token });
    for (const email of [user.email, `next-${user.email}`]) {
      await expect(reset(email, otp)).rejects.toMatchObject(isWrong);
    }
  });

  it('is answered the same for an unknown, a proven and a wrong address', async () => {
    const { email } = await aProvenUser();
    const unknown = await verify(anEmail(), '123456').catch((error: unknown) => error);
    const proven = await verify(email, '123456').catch((error: unknown) => error);
    expect(unknown).toMatchObject(isWrong);
    expect(proven).toEqual(unknown);
  });
});

describe('failures that mount', () => {
  it('are told to the person at thirty, and at a hundred close the code to strangers, not to familiar networks', async () => {
    const user = await aProvenUser();
    const home = from('203.0.113.5');
    await signIn(test, gate(home), user);
    let answered = 0;
    while (answered < 100) {
      const code = await reset(user.email, '000000').catch((error: { code: string }) => error.code);
      if (code === 'otp-invalid') answered += 1;
      else test.clock.advance(DAYS);
      if (answered === 29) expect(await test.mailsTo(user.email, 'sign-in-attempts')).toEqual([]);
    }
    expect(await test.mailsTo(user.email, 'sign-in-attempts')).toEqual([{ kind: 'sign-in-attempts', failures: 30 }]);
    test.clock.advance(DAYS);
    await signIn(test, gate(home), user);
    const otp = await askedToReset(user.email);
    await expect(reset(user.email, otp)).rejects.toMatchObject({ code: 'rate-limited' });
    await expect(reset(user.email, otp, OTHER_PASSWORD, gate(home))).resolves.toBeUndefined();
  });

  it('leave a trace each', async () => {
    const email = anEmail();
    await verify(email, '123456').catch(() => {});
    const traces = test.store.auditRecords().filter(({ metadata }) => metadata?.email === email);
    expect(traces).toMatchObject([{ action: 'auth.code.failed', projectId: project.id, ip: '192.0.2.1' }]);
    expect(JSON.stringify(traces)).not.toContain('123456');
  });
});

describe('resetting the password with a code', () => {
  it('sets the password, ends every session and tells the person', async () => {
    const user = await aProvenUser();
    const { actor, tokens } = await signIn(test, gate(), user);
    await reset(user.email, await askedToReset(user.email));
    await expect(test.iam.account.readProfile.execute(actor)).rejects.toMatchObject({ code: 'token-invalid' });
    await expect(test.iam.authentication.refreshSession.execute(gate(), tokens)).rejects.toMatchObject({
      code: 'token-invalid',
    });
    await expect(signIn(test, gate(), user)).rejects.toMatchObject({ code: 'invalid-credentials' });
    await expect(signIn(test, gate(), { ...user, password: OTHER_PASSWORD })).resolves.toBeDefined();
    expect(await test.mailsTo(user.email, 'password-changed')).toHaveLength(1);
    expect(test.audited('auth.password.reset', { userId: actor.userId })).toHaveLength(1);
  });

  it('is not spent by a password that the policy refuses, however often', async () => {
    const { email } = await aProvenUser();
    const otp = await askedToReset(email);
    for (let refused = 0; refused < 12; refused += 1) {
      await expect(reset(email, otp, 'password123')).rejects.toMatchObject({ code: 'weak-password' });
    }
    await expect(reset(email, otp, 'short')).rejects.toMatchObject({ code: 'validation-error' });
    await expect(reset(email, otp)).resolves.toBeUndefined();
  });

  it('succeeds once of sixteen at once', async () => {
    const user = await aProvenUser();
    const otp = await askedToReset(user.email);
    const { succeeded } = await sixteenAtOnce(() => reset(user.email, otp));
    expect(succeeded).toHaveLength(1);
    expect(test.audited('auth.password.reset', { userId: user.registered.user.id })).toHaveLength(1);
  });

  it('is refused when a newer code was made after it was checked', async () => {
    const user = await aProvenUser();
    const otp = await askedToReset(user.email);
    const hasher = aQuickHasher();
    const slow = createIam({
      ...test.ports,
      passwordHasher: {
        verify: (password, hash) => hasher.verify(password, hash),
        withPlace: (work) => hasher.withPlace(work),
        imported: (stored) => hasher.imported(stored),
        hash: async (password) => {
          await askedToReset(user.email);
          return hasher.hash(password);
        },
      },
    });
    const late = { email: user.email, otp, newPassword: OTHER_PASSWORD };
    await expect(slow.account.resetPasswordByCode.execute(gate(), late)).rejects.toMatchObject(isWrong);
    await expect(signIn(test, gate(), user)).resolves.toBeDefined();
  });

  it('mails nobody where nobody has the address, and records the request all the same', async () => {
    const email = anEmail();
    await test.iam.account.requestPasswordReset.execute(gate(), { email });
    expect(await test.mailsTo(email, 'reset-password-otp')).toEqual([]);
    const requests = test.audited('auth.password-reset.requested', { projectId: project.id });
    expect(requests.filter(({ metadata }) => metadata?.email === email)).toHaveLength(1);
  });

  it.each(['disabled', 'locked'] as const)('is closed to an account that is %s', async (status) => {
    const user = await aProvenUser();
    const otp = await askedToReset(user.email);
    const state = test.store.users.get(`${project.id} ${user.registered.user.id}`);
    if (state) test.store.users.put({ ...state, status }, test.store.nextVersion());
    await expect(reset(user.email, otp)).rejects.toMatchObject(isWrong);
  });
});

describe('resetting an account whose address was never proven', () => {
  it('reclaims it: what a squatter put there is gone, and the address is proven', async () => {
    const open = await aProjectOf(test);
    const visitor = at(open, 'gate');
    const squatter = await aRegisteredUser(test, visitor, { firstName: 'Mallory', lastName: 'M', phone: '+1' });
    const { actor } = await signIn(test, visitor, squatter);
    await test.iam.account.updateProfile.execute(actor, {
      email: 'mallory@example.test',
      preferences: { theme: 'dark' },
    });
    await test.iam.account.requestPasswordReset.execute(visitor, squatter);
    const { otp } = await test.mailTo(squatter.email, 'reset-password-otp');
    await reset(squatter.email, otp, OTHER_PASSWORD, visitor);

    await expect(test.iam.account.readProfile.execute(actor)).rejects.toMatchObject({ code: 'token-invalid' });
    await expect(signIn(test, visitor, squatter)).rejects.toMatchObject({ code: 'invalid-credentials' });
    const owner = await signIn(test, visitor, { email: squatter.email, password: OTHER_PASSWORD });
    expect((await test.iam.account.readProfile.execute(owner.actor)).user).toMatchObject({
      emailVerified: true,
      pendingEmail: null,
      firstName: null,
      lastName: null,
      phone: null,
      preferences: {},
    });
    const pending = await test.mailTo('mallory@example.test', 'email-change-link');
    await expect(
      test.iam.account.verifyEmailByLink.execute(at(open, 'v1'), { token: pending.token }),
    ).rejects.toMatchObject({ code: 'token-invalid' });
  });

  it('takes a seat, and is refused when there is none', async () => {
    const full = await aProjectOf(test, { emailVerificationRequired: true, userLimit: 1 });
    const visitor = at(full, 'gate');
    const [one, two] = [await aRegisteredUser(test, visitor), await aRegisteredUser(test, visitor)];
    const resetting = async (email: string) => {
      await test.iam.account.requestPasswordReset.execute(visitor, { email });
      const { otp } = await test.mailTo(email, 'reset-password-otp');
      await reset(email, otp, OTHER_PASSWORD, visitor);
    };
    await resetting(one.email);
    expect(test.store.seats.get(full.id)?.taken).toBe(1);
    await expect(resetting(two.email)).rejects.toMatchObject({ code: 'user-limit-reached' });
    await resetting(one.email);
    expect(test.store.seats.get(full.id)?.taken).toBe(1);
  });
});
