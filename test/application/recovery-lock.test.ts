import { beforeAll, describe, expect, it } from 'vitest';
import type { Origin, Visitor } from '../../src/application/actor.ts';
import { createIam } from '../../src/application/iam.ts';
import type { Dialect } from '../../src/domain/events.ts';
import type { ProjectState } from '../../src/domain/project/project.ts';
import {
  actorOf,
  anIam,
  aProjectOf,
  at,
  from,
  type LoggedInUser,
  OTHER_PASSWORD,
  signIn,
  type TestIam,
} from '../support/an-iam.ts';
import { aTicketFor, signInWithCode } from '../support/authenticator.ts';
import { beforeCommit } from '../support/before-commit.ts';
import { aQuickHasher } from '../support/quick-hasher.ts';
import { aTenantFor } from '../support/second-tenant.ts';
import {
  aHolder,
  answerOf,
  aProtectedHolder,
  type Holder,
  lock,
  lockButForOne,
  put,
  stateOf,
  theLastOne,
  WRONG_CODE,
} from './recovery-person.ts';

const DAYS = 24 * 60 * 60;

let test: TestIam;
let project: ProjectState;
beforeAll(async () => {
  test = await anIam(() => ({ passwordHasher: aQuickHasher() }));
  project = await aProjectOf(test, { v1Enabled: true });
});

/** Where everybody here has signed in before. */
const HOME = from('192.0.2.1');
const ABROAD = from('198.51.100.7');
/** A back end that does not tell the address of the person. */
const NOWHERE: Origin = { address: '192.0.2.1', network: null, userAgent: 'test' };

const v1 = (origin = HOME) => at(project, 'v1', origin);
const gate = (origin = HOME) => at(project, 'gate', origin);
const recover = (email: string, recoveryCode: string) =>
  answerOf(test.iam.recovery.recover.execute(v1(), { email, recoveryCode }));
const login = (
  { email, password }: Pick<LoggedInUser, 'email' | 'password'>,
  visitor: Visitor,
  mfaCode?: string,
  iam = test.iam,
) => iam.authentication.login.execute(visitor, { email, password, mfaCode });
const withTicket = (ticket: string, code: string, visitor = gate()) =>
  test.iam.authentication.loginWithTicket.execute(visitor, { ticket, code });

async function aLockedHolder(): Promise<Holder> {
  const user = await aHolder(test, v1());
  await lock(test, project, user.email);
  return user;
}

/** Another process over the same store, whose first commit finds the account locked a moment before. */
function lockedMeanwhile(email: string) {
  let happen = () => theLastOne(test, project, email);
  const once = async () => {
    const first = happen;
    happen = async () => {};
    await first();
  };
  return createIam({ ...test.ports, unitOfWork: beforeCommit(test.ports.unitOfWork, once) });
}

describe('an account after fifteen wrong recovery codes', () => {
  it('is locked, and that is recorded, with where it came from', async () => {
    const user = await aLockedHolder();
    expect(stateOf(test, user).status).toBe('locked');
    expect(test.audited('user.locked', { userId: user.actor.userId })).toMatchObject([
      { entityId: user.actor.userId, actorId: null, ip: '203.0.113.9', projectId: project.id },
    ]);
    const told = [...test.store.outbox.values()].map(({ event }) => event);
    expect(told.filter(({ type }) => type === 'user-locked')).toContainEqual(
      expect.objectContaining({ userId: user.actor.userId }),
    );
  });

  it('is locked too where the person owns a tenant', async () => {
    const platform = at(test.platform, 'v1');
    const user = await aHolder(test, platform);
    await lock(test, test.platform, user.email);
    expect(stateOf(test, user).status).toBe('locked');
    expect(await answerOf(login(user, platform))).toBe('account-locked');
  });

  it.each<Dialect>(['gate', 'v1'])(
    'is closed over %s to the right password, and tells a wrong one nothing',
    async (dialect) => {
      const user = await aLockedHolder();
      const visitor = at(project, dialect);
      expect(await answerOf(login(user, visitor))).toBe('account-locked');
      const wrong = { ...user, password: OTHER_PASSWORD };
      expect(await answerOf(login(wrong, visitor))).toBe('invalid-credentials');
    },
  );

  it('is closed to every recovery code, right or wrong, without an hour at which that would end', async () => {
    const user = await aLockedHolder();
    test.clock.advance(10 * DAYS);
    expect(await recover(user.email, user.sheet.next())).toBe('account-locked');
    expect(await recover(user.email, WRONG_CODE)).toBe('account-locked');
  });

  it.each<Dialect>(['gate', 'v1'])(
    'is closed to resets over %s: one from before is worth nothing, and none is mailed',
    async (dialect) => {
      const user = await aHolder(test, v1());
      const { email } = user;
      const { account } = test.iam;
      await account.verifyEmailByLink.execute(v1(), await test.mailTo(email, 'verify-email-link'));
      await lockButForOne(test, project, email);
      const kind = dialect === 'gate' ? 'reset-password-otp' : 'reset-password-link';
      const ask = () => account.requestPasswordReset.execute(at(project, dialect), { email });
      await ask();
      const mail = await test.mailTo(email, kind);
      await theLastOne(test, project, email);
      expect(stateOf(test, user).status).toBe('locked');
      const newPassword = OTHER_PASSWORD;
      const resetting =
        mail.kind === 'reset-password-otp'
          ? account.resetPasswordByCode.execute(gate(), { email, otp: mail.otp, newPassword })
          : account.resetPasswordByLink.execute(v1(), { token: mail.token, newPassword });
      expect(await answerOf(resetting)).toBe(dialect === 'gate' ? 'otp-invalid' : 'token-invalid');
      await ask();
      expect(await test.mailsTo(email, kind)).toHaveLength(1);
      expect(await answerOf(login(user, v1()))).toBe('account-locked');
    },
  );

  it.each<Dialect>(['gate', 'v1'])('keeps its sessions over %s, which are refreshed on', async (dialect) => {
    const user = await aHolder(test, v1());
    const visitor = at(project, dialect);
    await lockButForOne(test, project, user.email);
    const { tokens, actor } = await signIn(test, visitor, user);
    await theLastOne(test, project, user.email);
    expect(stateOf(test, user).status).toBe('locked');
    await expect(actorOf(test, visitor, tokens.accessToken)).resolves.toBeDefined();
    await expect(test.iam.account.readProfile.execute(actor)).resolves.toMatchObject({ user: { status: 'locked' } });
    const next = await test.iam.authentication.refreshSession.execute(visitor, tokens);
    await expect(actorOf(test, visitor, next.accessToken)).resolves.toBeDefined();
    await expect(test.iam.authentication.refreshSession.execute(visitor, next)).resolves.toBeDefined();
  });

  it('has no sign-in left that stood between two steps: neither a ticket nor a choice of tenants', async () => {
    const user = await aProtectedHolder(test, v1());
    await aTenantFor(test, project, user.actor.userId);
    await lockButForOne(test, project, user.email);
    const ticket = await aTicketFor(test, gate(), user);
    const choice = await login(user, v1(), await user.phone.nextCode());
    if (choice.kind !== 'tenant-selection') throw new Error('no choice');
    await theLastOne(test, project, user.email);
    expect(await answerOf(withTicket(ticket, await user.phone.nextCode()))).toBe('token-invalid');
    const selection = { sessionToken: choice.sessionToken, tenantId: project.rootTenantId };
    expect(await answerOf(test.iam.authentication.selectTenant.execute(v1(), selection))).toBe('token-invalid');
    expect(stateOf(test, user).status).toBe('locked');
  });

  it.each<Dialect>(['gate', 'v1'])('opens to nobody who was on the way in over %s when it locked', async (dialect) => {
    const user = await aHolder(test, v1());
    await lockButForOne(test, project, user.email);
    const slow = lockedMeanwhile(user.email);
    expect(await answerOf(login(user, at(project, dialect), undefined, slow))).toBe('account-locked');
    expect(stateOf(test, user).status).toBe('locked');
  });

  it('opens to no ticket that slipped through, from a network that has never signed it in', async () => {
    const user = await aProtectedHolder(test, v1());
    await lockButForOne(test, project, user.email);
    const slow = lockedMeanwhile(user.email);
    const ticket = await aTicketFor({ ...test, iam: slow }, gate(ABROAD), user);
    expect(await answerOf(withTicket(ticket, await user.phone.nextCode(), gate(ABROAD)))).toBe('account-locked');
  });
});

describe('the owner of a locked account', () => {
  async function aLockedOwner() {
    const user = await aProtectedHolder(test, v1());
    // From where the address of the person is not known, too; that makes no network a familiar one.
    await signInWithCode(test, v1(NOWHERE), user);
    await lock(test, project, user.email);
    return user;
  }

  it.each<Dialect>(['gate', 'v1'])(
    'signs in over %s with password and code from a familiar network, which unlocks nothing',
    async (dialect) => {
      const user = await aLockedOwner();
      const { actor, tokens } = await signInWithCode(test, at(project, dialect, HOME), user);
      await expect(test.iam.account.readProfile.execute(actor)).resolves.toMatchObject({ user: { status: 'locked' } });
      await expect(test.iam.authentication.refreshSession.execute(at(project, dialect), tokens)).resolves.toBeDefined();
      expect(stateOf(test, user).status).toBe('locked');
      expect(await recover(user.email, user.sheet.next())).toBe('account-locked');
      await expect(signInWithCode(test, at(project, dialect, HOME), user)).resolves.toBeDefined();
    },
  );

  it('chooses among several tenants there as ever', async () => {
    const user = await aLockedOwner();
    await aTenantFor(test, project, user.actor.userId);
    const choice = await login(user, v1(), await user.phone.nextCode());
    if (choice.kind !== 'tenant-selection') throw new Error('no choice');
    const selection = { sessionToken: choice.sessionToken, tenantId: project.rootTenantId };
    await expect(test.iam.authentication.selectTenant.execute(v1(), selection)).resolves.toBeDefined();
  });

  it.each<[string, Origin]>([
    ['a strange network', ABROAD],
    ['where the network is not known', NOWHERE],
  ])('does not from %s, with both factors and on either dialect', async (_, origin) => {
    const user = await aLockedOwner();
    expect(await answerOf(login(user, v1(origin), await user.phone.nextCode()))).toBe('account-locked');
    expect(await answerOf(login(user, v1(origin)))).toBe('account-locked');
    expect(await answerOf(login(user, gate(origin)))).toBe('account-locked');
    const ticket = await aTicketFor(test, gate(HOME), user);
    expect(await answerOf(withTicket(ticket, await user.phone.nextCode(), gate(origin)))).toBe('account-locked');
    expect(await answerOf(withTicket(ticket, await user.phone.nextCode(), gate(HOME)))).toBe('done');
  });

  it('does not once the network has not signed in for thirty days', async () => {
    const user = await aLockedOwner();
    await signInWithCode(test, v1(HOME), user);
    test.clock.advance(30 * DAYS - 31);
    await expect(signInWithCode(test, v1(HOME), user)).resolves.toBeDefined();
    test.clock.advance(30 * DAYS);
    expect(await answerOf(login(user, v1(HOME), await user.phone.nextCode()))).toBe('account-locked');
  });

  it('does not with the password alone, a wrong code, or a wrong password', async () => {
    const user = await aLockedOwner();
    expect(await answerOf(login(user, v1()))).toBe('mfa-required');
    expect(await answerOf(login(user, v1(), await user.phone.wrongCode()))).toBe('mfa-invalid');
    const ticket = await aTicketFor(test, gate(), user);
    expect(await answerOf(withTicket(ticket, await user.phone.wrongCode()))).toBe('mfa-invalid');
    const wrong = { ...user, password: OTHER_PASSWORD };
    expect(await answerOf(login(wrong, v1(), await user.phone.nextCode()))).toBe('invalid-credentials');
  });

  it('does not with a recovery code, however familiar the network and however few the wrong ones', async () => {
    const user = await aProtectedHolder(test, v1());
    const code = user.sheet.next();
    put(test, user, { status: 'locked' });
    expect(await recover(user.email, code)).toBe('account-locked');
    put(test, user, { status: 'active' });
    expect(await recover(user.email, code)).toBe('done');
  });

  it('does not where no second factor is in force, wherever from', async () => {
    const user = await aLockedHolder();
    for (const origin of [HOME, ABROAD]) expect(await answerOf(login(user, v1(origin)))).toBe('account-locked');
    const turnedOff = await aLockedOwner();
    const { actor } = await signInWithCode(test, v1(), turnedOff);
    const code = await turnedOff.phone.nextCode();
    await test.iam.mfa.disableTotp.execute(actor, { code, password: turnedOff.password });
    expect(await answerOf(login(turnedOff, v1()))).toBe('account-locked');
  });
});
