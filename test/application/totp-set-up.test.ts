import { beforeAll, describe, expect, it } from 'vitest';
import { OPERATOR, type Visitor } from '../../src/application/actor.ts';
import type { Dialect } from '../../src/domain/events.ts';
import type { ProjectState } from '../../src/domain/project/project.ts';
import {
  aLoggedInUser,
  anIam,
  aProjectOf,
  at,
  type LoggedInUser,
  OTHER_PASSWORD,
  PASSWORD,
  signIn,
  type TestIam,
} from '../support/an-iam.ts';
import { aProtectedUser, Phone, signInWithCode, someoneWhoMayEnrol } from '../support/authenticator.ts';
import { aQuickHasher } from '../support/quick-hasher.ts';
import { sixteenAtOnce } from '../support/sixteen.ts';

const MINUTES = 60;
const DAYS = 24 * 60 * MINUTES;

let test: TestIam;
let project: ProjectState;
beforeAll(async () => {
  test = await anIam(() => ({ passwordHasher: aQuickHasher() }));
  project = await aProjectOf(test, { v1Enabled: true, issuerName: 'Observatory & Co' });
});

const gate = () => at(project, 'gate');
const v1 = () => at(project, 'v1');
const someone = (visitor: Visitor = gate()) => someoneWhoMayEnrol(test, visitor);
const setUp = ({ actor }: Pick<LoggedInUser, 'actor'>, password?: string) =>
  test.iam.mfa.setUpTotp.execute(actor, { password });
const confirm = ({ actor }: Pick<LoggedInUser, 'actor'>, code: string) =>
  test.iam.mfa.confirmTotp.execute(actor, { code });
const factorOf = async ({ actor }: Pick<LoggedInUser, 'actor'>) =>
  (await test.ports.totpFactorDirectory.ofUser(actor.projectId, actor.userId))?.state;
const recoveryCodesOf = ({ actor }: Pick<LoggedInUser, 'actor'>) =>
  test.store.recoveryCodes.get(`${actor.projectId} ${actor.userId}`)?.codes ?? [];
const sessionOf = ({ actor }: Pick<LoggedInUser, 'actor'>) =>
  test.store.sessions.get(`${actor.projectId} ${actor.sessionId}`);
const profileOf = ({ actor }: Pick<LoggedInUser, 'actor'>) => test.iam.account.readProfile.execute(actor);

async function pending(visitor: Visitor = gate()) {
  const user = await someone(visitor);
  const made = await setUp(user);
  return { ...user, ...made, phone: new Phone(made.secret, test.clock) };
}

describe.each<Dialect>(['gate', 'v1'])('a set-up over %s', (dialect) => {
  const visitor = () => at(project, dialect);

  it('answers a secret of 160 bits, and the URI that an app takes it from', async () => {
    const user = await pending(visitor());
    expect(user.secret).toMatch(/^[A-Z2-7]{32}$/);
    const uri = new URL(user.uri);
    expect(`${uri.protocol}//${uri.host}`).toBe('otpauth://totp');
    expect(decodeURIComponent(uri.pathname)).toBe(`/Observatory & Co:${user.email}`);
    expect(uri.searchParams.get('secret')).toBe(user.secret);
    expect(uri.searchParams.get('issuer')).toBe('Observatory & Co');
  });

  it('asks for no code yet: it waits apart from what is in force', async () => {
    const user = await pending(visitor());
    expect(await factorOf(user)).toMatchObject({ secret: null, pendingSecret: expect.any(String) });
    expect((await profileOf(user)).user.mfaEnabled).toBe(false);
    await expect(signIn(test, visitor(), user)).resolves.toBeDefined();
    const code = await user.phone.code();
    await expect(test.iam.mfa.disableTotp.execute(user.actor, { code, password: PASSWORD })).rejects.toMatchObject({
      code: 'mfa-not-enabled',
    });
  });

  it('is told to the person, and recorded', async () => {
    const user = await pending(visitor());
    expect(await test.mailsTo(user.email, 'mfa-setup-started')).toHaveLength(1);
    expect(test.audited('auth.mfa.setup-started', { userId: user.actor.userId })).toHaveLength(1);
  });

  it('is replaced by a second one: codes of the first are wrong', async () => {
    const first = await pending(visitor());
    const code = await first.phone.code();
    // Three in a million: the second app shows the same digits somewhere in its window.
    const shows = ({ secret }: Phone) => Promise.all([-30, 0, 30].map((s) => new Phone(secret, test.clock).code(s)));
    let second = new Phone((await setUp(first)).secret, test.clock);
    while ((await shows(second)).includes(code)) second = new Phone((await setUp(first)).secret, test.clock);
    await expect(confirm(first, code)).rejects.toMatchObject({ code: 'mfa-invalid' });
    await expect(confirm(first, await second.code())).resolves.toBeDefined();
  });

  it('takes an authentication of the last five minutes', async () => {
    const user = await someone(visitor());
    test.clock.advance(5 * MINUTES);
    await expect(setUp(user)).resolves.toBeDefined();
    test.clock.advance(1);
    await expect(setUp(user)).rejects.toMatchObject({
      code: 'reauthentication-required',
      details: { maxAgeSeconds: 300 },
    });
    await test.iam.authentication.reauthenticate.execute(user.actor, { password: PASSWORD });
    await expect(setUp(user)).resolves.toBeDefined();
  });

  it('is refused while a factor is in force, and leaves that one alone', async () => {
    const user = await aProtectedUser(test, visitor());
    await expect(setUp(user)).rejects.toMatchObject({ code: 'mfa-already-enabled' });
    await expect(signInWithCode(test, visitor(), user)).resolves.toBeDefined();
  });

  it('is refused where the project has it off', async () => {
    const without = await aProjectOf(test, { v1Enabled: true, totpEnabled: false });
    const user = await someone(at(without, dialect));
    await expect(setUp(user)).rejects.toMatchObject({ code: 'forbidden' });
    expect(await factorOf(user)).toBeUndefined();
  });

  it('is refused to a session that is over', async () => {
    const user = await someone(visitor());
    await test.iam.authentication.logout.execute(visitor(), user.tokens);
    await expect(setUp(user)).rejects.toMatchObject({ code: 'token-invalid' });
    await expect(setUp(user, PASSWORD)).rejects.toMatchObject({ code: 'token-invalid' });
    expect(await factorOf(user)).toBeUndefined();
  });

  it('is kept sealed, and opens for nobody else', async () => {
    const [mine, yours] = [await aProtectedUser(test, visitor()), await aProtectedUser(test, visitor())];
    const stolen = await factorOf(mine);
    const present = await factorOf(yours);
    if (stolen === undefined || present === undefined) throw new Error('no factor');
    expect(stolen.secret).not.toContain(mine.phone.secret);
    test.store.totpFactors.put({ ...present, secret: stolen.secret }, test.store.nextVersion());
    const planted = { ...yours, phone: mine.phone };
    await expect(signInWithCode(test, visitor(), planted)).rejects.toThrow();
  });
});

describe('the password at a set-up', () => {
  it('stands for a recent authentication over the Gate', async () => {
    const user = await someone();
    test.clock.advance(DAYS);
    await expect(setUp(user, PASSWORD)).resolves.toBeDefined();
  });

  it('is refused when it is wrong, however recent the authentication is, on the budget of sign-ins', async () => {
    const user = await someone();
    for (let wrong = 0; wrong < 10; wrong += 1) {
      await expect(setUp(user, OTHER_PASSWORD)).rejects.toMatchObject({ code: 'invalid-credentials' });
    }
    await expect(setUp(user, PASSWORD)).rejects.toMatchObject({ code: 'rate-limited' });
    expect(await factorOf(user)).toBeUndefined();
  });
});

describe('an unproven address', () => {
  it('enrols nothing over v1', async () => {
    const user = await aLoggedInUser(test, v1());
    await expect(setUp(user)).rejects.toMatchObject({ code: 'email-not-verified' });
  });

  it('enrols nothing over the Gate where proof is required', async () => {
    const strict = await aProjectOf(test);
    const user = await aLoggedInUser(test, at(strict, 'gate'));
    const settings = { emailVerificationRequired: true };
    await test.iam.projects.updateProject.execute(OPERATOR, { id: strict.id, settings });
    await expect(setUp(user)).rejects.toMatchObject({ code: 'email-not-verified' });
  });
});

describe('what waits for its first code', () => {
  it('waits five minutes over the Gate', async () => {
    const [punctual, late] = [await pending(), await pending()];
    test.clock.advance(5 * MINUTES - 1);
    await expect(confirm(punctual, await punctual.phone.code())).resolves.toBeDefined();
    test.clock.advance(1);
    await expect(confirm(late, await late.phone.code())).rejects.toMatchObject({ code: 'mfa-setup-missing' });
  });

  it('waits without end over v1, without making the authentication of its session any fresher', async () => {
    const user = await pending(v1());
    test.clock.advance(DAYS);
    await confirm(user, await user.phone.code());
    const email = `new-${user.email}`;
    await expect(test.iam.account.updateProfile.execute(user.actor, { email })).rejects.toMatchObject({
      code: 'reauthentication-required',
    });
  });

  it('is gone with a reset of the password, like every pending change', async () => {
    const user = await pending(v1());
    await test.iam.account.requestPasswordReset.execute(v1(), user);
    const { token } = await test.mailTo(user.email, 'reset-password-link');
    await test.iam.account.resetPasswordByLink.execute(v1(), { token, newPassword: OTHER_PASSWORD });
    const again = await signIn(test, v1(), { ...user, password: OTHER_PASSWORD });
    await expect(confirm(again, await user.phone.code())).rejects.toMatchObject({ code: 'mfa-setup-missing' });
  });
});

describe.each<Dialect>(['gate', 'v1'])('a confirmation over %s', (dialect) => {
  const visitor = () => at(project, dialect);

  it('is refused without a set-up, and with a wrong code, which is recorded', async () => {
    const none = await someone(visitor());
    await expect(confirm(none, '123456')).rejects.toMatchObject({ code: 'mfa-setup-missing' });
    const user = await pending(visitor());
    await expect(confirm(user, await user.phone.wrongCode())).rejects.toMatchObject({ code: 'mfa-invalid' });
    expect((await profileOf(user)).user.mfaEnabled).toBe(false);
    expect(test.audited('auth.mfa.failed', { userId: user.actor.userId })).toHaveLength(1);
  });

  it('takes a code of one step before or after, and none of two', async () => {
    for (const seconds of [-60, 60]) {
      const user = await pending(visitor());
      await expect(confirm(user, await user.phone.code(seconds))).rejects.toMatchObject({ code: 'mfa-invalid' });
    }
    for (const seconds of [-30, 30]) {
      const user = await pending(visitor());
      await expect(confirm(user, await user.phone.code(seconds))).resolves.toBeDefined();
    }
  });

  it('puts the factor in force: told to the person, recorded, seen in the profile', async () => {
    const user = await aProtectedUser(test, visitor());
    expect((await profileOf(user)).user.mfaEnabled).toBe(true);
    expect(await test.mailsTo(user.email, 'mfa-enabled')).toHaveLength(1);
    expect(test.audited('auth.mfa.enabled', { userId: user.actor.userId })).toHaveLength(1);
  });

  it('ends every other session, on either dialect, and this one lives on both factors', async () => {
    const user = await pending(visitor());
    const others = [await signIn(test, gate(), user), await signIn(test, v1(), user)];
    await confirm(user, await user.phone.code());
    for (const [index, other] of others.entries()) {
      await expect(profileOf(other)).rejects.toMatchObject({ code: 'token-invalid' });
      const refreshed = test.iam.authentication.refreshSession.execute(
        at(project, index === 0 ? 'gate' : 'v1'),
        other.tokens,
      );
      await expect(refreshed).rejects.toMatchObject({ code: 'token-invalid' });
    }
    await expect(profileOf(user)).resolves.toBeDefined();
    expect(sessionOf(user)?.amr).toEqual(['pwd', 'otp', 'mfa']);
    await expect(test.iam.authentication.refreshSession.execute(visitor(), user.tokens)).resolves.toBeDefined();
  });

  it('happens once, also of sixteen at once', async () => {
    const user = await pending(visitor());
    const code = await user.phone.code();
    const { succeeded } = await sixteenAtOnce(() => confirm(user, code));
    expect(succeeded).toHaveLength(1);
    await expect(confirm(user, await user.phone.nextCode())).rejects.toMatchObject({ code: 'mfa-already-enabled' });
    expect(test.audited('auth.mfa.enabled', { userId: user.actor.userId })).toHaveLength(1);
  });

  it('is refused to a session that is over', async () => {
    const user = await pending(visitor());
    await test.iam.authentication.logout.execute(visitor(), user.tokens);
    await expect(confirm(user, await user.phone.code())).rejects.toMatchObject({ code: 'token-invalid' });
    expect(await factorOf(user)).toMatchObject({ secret: null });
  });
});

describe('the recovery codes of a set-up', () => {
  it('are ten over v1, valid from the confirmation on, when older ones die', async () => {
    const user = await pending(v1());
    const older = recoveryCodesOf(user);
    expect(user.recoveryCodes).toHaveLength(10);
    expect(older).toHaveLength(10);
    expect(await confirm(user, await user.phone.code())).toEqual({ recoveryCodesRemaining: 10 });
    const valid = recoveryCodesOf(user);
    expect(valid).toHaveLength(10);
    expect(valid.filter(({ tag }) => older.some((old) => old.tag === tag))).toEqual([]);
  });

  it('are those of the set-up that was confirmed, and not of one that it replaced', async () => {
    const user = await pending(v1());
    const first = (await factorOf(user))?.pendingRecoveryCodes;
    const phone = new Phone((await setUp(user)).secret, test.clock);
    const second = (await factorOf(user))?.pendingRecoveryCodes;
    await confirm(user, await phone.code());
    expect(recoveryCodesOf(user)).toEqual(second);
    expect(recoveryCodesOf(user)).not.toEqual(first);
  });

  it('are none over the Gate, where those that there are stay', async () => {
    const user = await someone(v1());
    const older = recoveryCodesOf(user);
    const overGate = await signIn(test, gate(), user);
    const { secret, recoveryCodes } = await setUp(overGate);
    expect(recoveryCodes).toEqual([]);
    expect(await confirm(overGate, await new Phone(secret, test.clock).code())).toEqual({ recoveryCodesRemaining: 10 });
    expect(recoveryCodesOf(user)).toEqual(older);
    const fresh = await pending();
    expect(await confirm(fresh, await fresh.phone.code())).toEqual({ recoveryCodesRemaining: 0 });
  });
});

describe.each<Dialect>(['gate', 'v1'])('turning it off over %s', (dialect) => {
  const visitor = () => at(project, dialect);
  const disable = ({ actor }: Pick<LoggedInUser, 'actor'>, code: string, password: string | undefined = PASSWORD) =>
    test.iam.mfa.disableTotp.execute(actor, dialect === 'v1' ? { code, password } : { code });

  it('takes a code: told to the person, recorded, and from then on a password is enough', async () => {
    const user = await aProtectedUser(test, visitor());
    await expect(disable(user, await user.phone.wrongCode())).rejects.toMatchObject({ code: 'mfa-invalid' });
    await disable(user, await user.phone.nextCode());
    expect((await profileOf(user)).user.mfaEnabled).toBe(false);
    expect(await factorOf(user)).toBeUndefined();
    expect(await test.mailsTo(user.email, 'mfa-disabled')).toHaveLength(1);
    expect(test.audited('auth.mfa.disabled', { userId: user.actor.userId })).toHaveLength(1);
    await expect(signIn(test, visitor(), user)).resolves.toBeDefined();
  });

  it('ends every other session, and this one lives', async () => {
    const user = await aProtectedUser(test, visitor());
    const others = [await signInWithCode(test, gate(), user), await signInWithCode(test, v1(), user)];
    await disable(user, await user.phone.nextCode());
    for (const other of others) await expect(profileOf(other)).rejects.toMatchObject({ code: 'token-invalid' });
    await expect(profileOf(user)).resolves.toBeDefined();
  });

  it('is refused where none is on, and to a session that is over', async () => {
    await expect(disable(await someone(visitor()), '123456')).rejects.toMatchObject({ code: 'mfa-not-enabled' });
    const user = await aProtectedUser(test, visitor());
    await test.iam.authentication.logout.execute(visitor(), user.tokens);
    await expect(disable(user, await user.phone.nextCode())).rejects.toMatchObject({ code: 'token-invalid' });
    expect(await factorOf(user)).toMatchObject({ secret: expect.any(String) });
  });

  it('frees the way for another app, for which codes of the old one are wrong', async () => {
    const user = await aProtectedUser(test, visitor());
    await disable(user, await user.phone.nextCode());
    await test.iam.authentication.reauthenticate.execute(user.actor, { password: PASSWORD });
    const phone = new Phone((await setUp(user)).secret, test.clock);
    await confirm(user, await phone.code());
    await expect(signInWithCode(test, visitor(), user)).rejects.toMatchObject({ code: 'mfa-invalid' });
    await expect(signInWithCode(test, visitor(), { ...user, phone })).resolves.toBeDefined();
  });
});

describe('turning it off over v1', () => {
  it('takes the password too', async () => {
    const user = await aProtectedUser(test, v1());
    const disable = async (password?: string) =>
      test.iam.mfa.disableTotp.execute(user.actor, { code: await user.phone.nextCode(), password });
    await expect(disable()).rejects.toMatchObject({
      code: 'validation-error',
      details: { violations: [{ field: 'password', code: 'REQUIRED' }] },
    });
    await expect(disable(OTHER_PASSWORD)).rejects.toMatchObject({ code: 'invalid-credentials' });
    await expect(disable(PASSWORD)).resolves.toBeUndefined();
  });

  it('evaluates no code with a wrong password: it stays unspent', async () => {
    const user = await aProtectedUser(test, v1());
    const code = await user.phone.nextCode();
    const wrong = test.iam.mfa.disableTotp.execute(user.actor, { code, password: OTHER_PASSWORD });
    await expect(wrong).rejects.toMatchObject({ code: 'invalid-credentials' });
    await expect(test.iam.mfa.disableTotp.execute(user.actor, { code, password: PASSWORD })).resolves.toBeUndefined();
  });
});
