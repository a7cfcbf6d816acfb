import { beforeAll, describe, expect, it } from 'vitest';
import { OPERATOR, type Visitor } from '../../src/application/actor.ts';
import { createIam } from '../../src/application/iam.ts';
import type { Dialect } from '../../src/domain/events.ts';
import type { ProjectState } from '../../src/domain/project/project.ts';
import type { UserState } from '../../src/domain/user/user.ts';
import {
  actorOf,
  anIam,
  aProjectOf,
  at,
  type LoggedInUser,
  OTHER_PASSWORD,
  PASSWORD,
  signIn,
  type TestIam,
} from '../support/an-iam.ts';
import {
  aProtectedUser,
  aTicketFor,
  Phone,
  type ProtectedUser,
  signInWithCode,
  someoneWhoMayEnrol,
} from '../support/authenticator.ts';
import { aQuickHasher } from '../support/quick-hasher.ts';

const MINUTES = 60;
const FACTORS = ['pwd', 'otp', 'mfa'];

let test: TestIam;
let project: ProjectState;
beforeAll(async () => {
  test = await anIam(() => ({ passwordHasher: aQuickHasher() }));
  project = await aProjectOf(test, { v1Enabled: true });
});

const gate = () => at(project, 'gate');
const v1 = () => at(project, 'v1');
const login = ({ email, password }: Pick<LoggedInUser, 'email' | 'password'>, mfaCode?: string, visitor = v1()) =>
  test.iam.authentication.login.execute(visitor, { email, password, mfaCode });
const withTicket = (ticket: string, code: string, visitor = gate()) =>
  test.iam.authentication.loginWithTicket.execute(visitor, { ticket, code });
const sessionsOf = (user: ProtectedUser) =>
  [...test.store.sessions.entries()].filter(([, session]) => session.userId === user.actor.userId);

/** As an administrator would change it. */
function put({ actor }: Pick<LoggedInUser, 'actor'>, change: Partial<UserState>): void {
  const state = test.store.users.get(`${actor.projectId} ${actor.userId}`);
  if (state === undefined) throw new Error('no such user');
  test.store.users.put({ ...state, ...change }, test.store.nextVersion());
}

function block(tenantId: string, visitor: Visitor): void {
  const tenant = test.store.tenants.get(`${visitor.projectId} ${tenantId}`);
  if (tenant === undefined) throw new Error('no such tenant');
  test.store.tenants.put({ ...tenant, blockedAt: test.clock.now() }, test.store.nextVersion());
}

/** What the access token says of how the person signed in. */
async function amrOf(visitor: Visitor, { accessToken }: { readonly accessToken: string }) {
  const actor = await actorOf(test, visitor, accessToken);
  const claims = await test.ports.tokenSigner.verify(accessToken);
  expect(test.store.sessions.get(`${actor.projectId} ${actor.sessionId}`)?.amr).toEqual(claims.amr);
  return claims.amr;
}

describe('a sign-in over v1 with a factor in force', () => {
  it('asks for a code once the password is right, opens nothing, and records it', async () => {
    const user = await aProtectedUser(test, v1());
    const before = sessionsOf(user).length;
    await expect(login(user)).rejects.toMatchObject({ code: 'mfa-required' });
    await expect(login({ ...user, password: OTHER_PASSWORD })).rejects.toMatchObject({ code: 'invalid-credentials' });
    expect(sessionsOf(user)).toHaveLength(before);
    expect(test.audited('auth.mfa.required', { userId: user.actor.userId })).toHaveLength(1);
  });

  it('tells nothing of a code, right or wrong, with a wrong password', async () => {
    const user = await aProtectedUser(test, v1());
    const wrong = { ...user, password: OTHER_PASSWORD };
    const code = await user.phone.nextCode();
    for (const mfaCode of [code, await user.phone.wrongCode()]) {
      await expect(login(wrong, mfaCode)).rejects.toMatchObject({ code: 'invalid-credentials' });
    }
    await expect(login(user, code)).resolves.toMatchObject({ kind: 'signed-in' });
  });

  it('refuses a wrong code, and records it without the code', async () => {
    const user = await aProtectedUser(test, v1());
    const before = sessionsOf(user).length;
    await expect(login(user, await user.phone.wrongCode())).rejects.toMatchObject({ code: 'mfa-invalid' });
    for (const mfaCode of ['', '12345', '1234567', '１２３４５６', 'abcdef', "' OR 1=1"]) {
      await expect(login(user, mfaCode)).rejects.toMatchObject({ code: 'mfa-invalid' });
    }
    expect(sessionsOf(user)).toHaveLength(before);
    expect(test.audited('auth.mfa.failed', { userId: user.actor.userId, ip: '192.0.2.1' })).toHaveLength(7);
  });

  it('opens a session on both factors with a right one', async () => {
    const user = await aProtectedUser(test, v1());
    const { tokens, actor } = await signInWithCode(test, v1(), user);
    expect(await amrOf(v1(), tokens)).toEqual(FACTORS);
    expect(test.audited('auth.login.succeeded', { entityId: actor.sessionId })).toHaveLength(1);
  });

  it('asks for the code before it says anything of the tenant', async () => {
    const user = await aProtectedUser(test, at(test.platform, 'v1'));
    block(user.registered.tenant.id, user.visitor);
    await expect(login(user, undefined, user.visitor)).rejects.toMatchObject({ code: 'mfa-required' });
    const wrong = login(user, await user.phone.wrongCode(), user.visitor);
    await expect(wrong).rejects.toMatchObject({ code: 'mfa-invalid' });
    const right = login(user, await user.phone.nextCode(), user.visitor);
    await expect(right).rejects.toMatchObject({ code: 'tenant-blocked' });
  });

  it('says that an account is out of use before it asks for the code', async () => {
    const user = await aProtectedUser(test, v1());
    put(user, { status: 'disabled' });
    await expect(login(user)).rejects.toMatchObject({ code: 'account-disabled' });
  });

  it('fails closed for somebody whose secret is gone', async () => {
    const user = await aProtectedUser(test, v1());
    test.store.totpFactors.delete(`${project.id} ${user.actor.userId}`);
    await expect(login(user, await user.phone.nextCode())).rejects.toMatchObject({ code: 'mfa-invalid' });
    await expect(login(user)).rejects.toMatchObject({ code: 'mfa-required' });
  });

  it.each<Dialect>(['gate', 'v1'])(
    'refuses somebody who turned it on between check and commit, over %s',
    async (dialect) => {
      const user = await someoneWhoMayEnrol(test, v1());
      const { secret } = await test.iam.mfa.setUpTotp.execute(user.actor, {});
      const slow = replica(async () => {
        await test.iam.mfa.confirmTotp.execute(user.actor, { code: await new Phone(secret, test.clock).code() });
      });
      await expect(slow.authentication.login.execute(at(project, dialect), user)).rejects.toMatchObject({
        code: 'mfa-required',
      });
    },
  );
});

/** Another process over the same store, in which something happens once, before the commit of the next sign-in. */
function replica(happen: () => Promise<void>) {
  const { unitOfWork } = test.ports;
  let happened = false;
  return createIam({
    ...test.ports,
    unitOfWork: {
      run: async (work) => {
        if (!happened) await happen();
        happened = true;
        return unitOfWork.run(work);
      },
    },
  });
}

describe('a sign-in over the Gate with a factor in force', () => {
  it('answers a ticket once the password is right, opens nothing, and records it', async () => {
    const user = await aProtectedUser(test, gate());
    const before = sessionsOf(user).length;
    const outcome = await login(user, undefined, gate());
    expect(outcome).toEqual({
      kind: 'second-factor',
      ticket: expect.stringMatching(/^lt_.{43}$/),
      lastLoginMethod: 'email',
    });
    expect(sessionsOf(user)).toHaveLength(before);
    expect(test.audited('auth.mfa.required', { userId: user.actor.userId })).toHaveLength(1);
    expect(test.audited('auth.login.succeeded', { userId: user.actor.userId })).toHaveLength(1);
  });

  it('takes no code in the place of the ticket', async () => {
    const user = await aProtectedUser(test, gate());
    const outcome = await login(user, await user.phone.nextCode(), gate());
    expect(outcome).toMatchObject({ kind: 'second-factor' });
  });

  it('opens a session on both factors with ticket and code, in the root tenant', async () => {
    const user = await aProtectedUser(test, gate());
    const { tokens, actor } = await signInWithCode(test, gate(), user);
    expect(await amrOf(gate(), tokens)).toEqual(FACTORS);
    expect(actor.tenantId).toBe(project.rootTenantId);
    expect(test.audited('auth.login.succeeded', { entityId: actor.sessionId })).toHaveLength(1);
  });

  it('brings a hash of today for a password that was hashed with less', async () => {
    const weak = { ...test, iam: createIam({ ...test.ports, passwordHasher: aQuickHasher() }) };
    const user = await aProtectedUser(weak, gate());
    const strong = await anIam();
    const iam = createIam({ ...test.ports, passwordHasher: strong.ports.passwordHasher });
    const hash = () => test.store.users.get(`${project.id} ${user.actor.userId}`)?.passwordHash;
    expect(hash()).toContain('m=32,t=1');
    const ticket = await aTicketFor({ ...test, iam }, gate(), user);
    expect(hash()).toContain('m=19456,t=2');
    await expect(withTicket(ticket, await user.phone.nextCode())).resolves.toBeDefined();
  });
});

describe('the method of the sign-in before', () => {
  it('is email_totp after a code, on either dialect, and a ticket alone changes nothing', async () => {
    const user = await aProtectedUser(test, v1());
    expect((await signInWithCode(test, v1(), user)).lastLoginMethod).toBe('email');
    expect((await signInWithCode(test, v1(), user)).lastLoginMethod).toBe('email_totp');
    expect((await signInWithCode(test, gate(), user)).lastLoginMethod).toBe('email_totp');
    await test.iam.mfa.disableTotp.execute(user.actor, { code: await user.phone.nextCode(), password: PASSWORD });
    expect(await login(user)).toMatchObject({ lastLoginMethod: 'email_totp' });
    expect(await login(user)).toMatchObject({ lastLoginMethod: 'email' });
  });

  it('comes with the ticket already, and again with the session', async () => {
    const user = await aProtectedUser(test, gate());
    const first = await login(user, undefined, gate());
    expect(first).toMatchObject({ lastLoginMethod: 'email' });
    const ticket = await aTicketFor(test, gate(), user);
    expect(await withTicket(ticket, await user.phone.nextCode())).toMatchObject({ lastLoginMethod: 'email' });
    expect(await login(user, undefined, gate())).toMatchObject({ lastLoginMethod: 'email_totp' });
  });
});

describe('a login ticket', () => {
  it('is good for five minutes', async () => {
    const user = await aProtectedUser(test, gate());
    const [punctual, late] = [await aTicketFor(test, gate(), user), await aTicketFor(test, gate(), user)];
    test.clock.advance(5 * MINUTES - 1);
    await expect(withTicket(punctual, await user.phone.code())).resolves.toBeDefined();
    test.clock.advance(1);
    await expect(withTicket(late, await user.phone.code(30))).rejects.toMatchObject({ code: 'token-expired' });
  });

  it('is spent by success, and kept by a wrong code', async () => {
    const user = await aProtectedUser(test, gate());
    const ticket = await aTicketFor(test, gate(), user);
    await expect(withTicket(ticket, await user.phone.wrongCode())).rejects.toMatchObject({ code: 'mfa-invalid' });
    await expect(withTicket(ticket, await user.phone.nextCode())).resolves.toBeDefined();
    await expect(withTicket(ticket, await user.phone.nextCode())).rejects.toMatchObject({ code: 'token-invalid' });
  });

  it('is burnt by five wrong codes: the sixth is refused though it is right', async () => {
    const user = await aProtectedUser(test, gate());
    const ticket = await aTicketFor(test, gate(), user);
    for (const wrong of await user.phone.wrongCodes(5)) {
      await expect(withTicket(ticket, wrong)).rejects.toMatchObject({ code: 'mfa-invalid' });
    }
    await expect(withTicket(ticket, await user.phone.nextCode())).rejects.toMatchObject({ code: 'token-invalid' });
    const another = await aTicketFor(test, gate(), user);
    await expect(withTicket(another, await user.phone.code())).resolves.toBeDefined();
  });

  it('may be right at the fifth try', async () => {
    const user = await aProtectedUser(test, gate());
    const ticket = await aTicketFor(test, gate(), user);
    for (const wrong of await user.phone.wrongCodes(4)) await expect(withTicket(ticket, wrong)).rejects.toBeDefined();
    await expect(withTicket(ticket, await user.phone.nextCode())).resolves.toBeDefined();
  });

  it('is bound to its project and to its dialect', async () => {
    const user = await aProtectedUser(test, gate());
    const elsewhere = await aProjectOf(test);
    const ticket = await aTicketFor(test, gate(), user);
    const code = await user.phone.nextCode();
    for (const visitor of [at(elsewhere, 'gate'), v1(), at(test.platform, 'gate')]) {
      await expect(withTicket(ticket, code, visitor)).rejects.toMatchObject({ code: 'token-invalid' });
    }
    await expect(withTicket(ticket, code)).resolves.toBeDefined();
  });

  it("is bound to its person: another one's code is wrong", async () => {
    const [mine, yours] = [await aProtectedUser(test, gate()), await aProtectedUser(test, gate())];
    const ticket = await aTicketFor(test, gate(), yours);
    await expect(withTicket(ticket, await mine.phone.nextCode())).rejects.toMatchObject({ code: 'mfa-invalid' });
  });

  it('is nothing that somebody else made: empty, cut, of another kind', async () => {
    const user = await aProtectedUser(test, gate());
    const ticket = await aTicketFor(test, gate(), user);
    const code = await user.phone.nextCode();
    for (const other of [
      '',
      'lt_',
      ticket.slice(0, -1),
      ticket.slice(3),
      `st_${ticket.slice(3)}`,
      user.tokens.refreshToken,
    ]) {
      await expect(withTicket(other, code)).rejects.toMatchObject({ code: 'token-invalid' });
    }
    const selecting = { sessionToken: ticket, tenantId: project.rootTenantId };
    for (const visitor of [gate(), v1()]) {
      const selected = test.iam.authentication.selectTenant.execute(visitor, selecting);
      await expect(selected).rejects.toMatchObject({ code: 'token-invalid' });
    }
    const refreshed = test.iam.authentication.refreshSession.execute(gate(), { refreshToken: ticket });
    await expect(refreshed).rejects.toMatchObject({ code: 'token-invalid' });
    await expect(actorOf(test, gate(), ticket)).rejects.toMatchObject({ code: 'token-invalid' });
  });

  const endings: readonly (readonly [string, (user: ProtectedUser) => Promise<unknown>])[] = [
    [
      'a change of the password',
      ({ actor }) =>
        test.iam.account.changePassword.execute(actor, { currentPassword: PASSWORD, newPassword: OTHER_PASSWORD }),
    ],
    [
      'a reset of the password',
      async ({ email }) => {
        await test.iam.account.requestPasswordReset.execute(gate(), { email });
        const { otp } = await test.mailTo(email, 'reset-password-otp');
        await test.iam.account.resetPasswordByCode.execute(gate(), { email, otp, newPassword: OTHER_PASSWORD });
      },
    ],
    ['the end of all sessions', ({ actor }) => test.iam.account.endOtherSessions.execute(actor)],
    [
      'turning the factor off',
      async ({ actor, phone }) =>
        test.iam.mfa.disableTotp.execute(actor, { code: await phone.nextCode(), password: PASSWORD }),
    ],
    [
      'another factor in the place of the old one',
      async ({ actor, phone }) => {
        await test.iam.mfa.disableTotp.execute(actor, { code: await phone.nextCode(), password: PASSWORD });
        const { secret } = await test.iam.mfa.setUpTotp.execute(actor, {});
        await test.iam.mfa.confirmTotp.execute(actor, { code: await new Phone(secret, test.clock).code() });
      },
    ],
    [
      'the removal of the account',
      ({ actor }) =>
        test.ports.unitOfWork.run(async ({ users }) => {
          const user = await users.byId(actor.projectId, actor.userId);
          if (user !== undefined) users.remove(user);
        }),
    ],
  ];
  it.each(endings)('is burnt by %s', async (_, end) => {
    // Proven: an unproven account is emptied by a reset.
    const { phone, ...user } = await aProtectedUser(test, v1());
    const ticket = await aTicketFor(test, gate(), user);
    await end({ ...user, phone });
    await expect(withTicket(ticket, await phone.nextCode())).rejects.toMatchObject({ code: 'token-invalid' });
  });

  const states: readonly (readonly [string, Partial<UserState>, string])[] = [
    ['disabled', { status: 'disabled' }, 'account-disabled'],
    ['invited', { status: 'invited' }, 'account-disabled'],
    ['deleted', { deletedAt: new Date(0) }, 'account-disabled'],
  ];
  it.each(states)('is worth nothing to an account that is %s meanwhile', async (_, change, code) => {
    const user = await aProtectedUser(test, v1());
    const ticket = await aTicketFor(test, gate(), user);
    put(user, change);
    await expect(withTicket(ticket, await user.phone.nextCode())).rejects.toMatchObject({ code });
  });

  it('is refused where sign-in is closed or the root tenant blocked meanwhile', async () => {
    const closed = await aProjectOf(test);
    const user = await aProtectedUser(test, at(closed, 'gate'));
    const ticket = await aTicketFor(test, user.visitor, user);
    const code = await user.phone.nextCode();
    block(closed.rootTenantId, user.visitor);
    await expect(withTicket(ticket, code, user.visitor)).rejects.toMatchObject({ code: 'tenant-blocked' });
    await test.iam.projects.updateProject.execute(OPERATOR, { id: closed.id, settings: { signInEnabled: false } });
    await expect(withTicket(ticket, code, user.visitor)).rejects.toMatchObject({ code: 'sign-in-closed' });
  });

  it('goes on asking for the code where the project turned TOTP off for new set-ups', async () => {
    const changed = await aProjectOf(test);
    const user = await aProtectedUser(test, at(changed, 'gate'));
    await test.iam.projects.updateProject.execute(OPERATOR, { id: changed.id, settings: { totpEnabled: false } });
    const ticket = await aTicketFor(test, user.visitor, user);
    await expect(withTicket(ticket, await user.phone.nextCode(), user.visitor)).resolves.toBeDefined();
  });
});

describe.each<Dialect>(['gate', 'v1'])('reauthentication over %s', (dialect) => {
  const visitor = () => at(project, dialect);
  const again = ({ actor }: Pick<LoggedInUser, 'actor'>, password?: string, mfaCode?: string) =>
    test.iam.authentication.reauthenticate.execute(actor, { password, mfaCode });

  it('takes password and code where a factor is in force, and makes both fresh', async () => {
    const user = await aProtectedUser(test, visitor());
    test.clock.advance(10 * MINUTES);
    const code = await user.phone.nextCode();
    await expect(again(user, PASSWORD)).rejects.toMatchObject({ code: 'mfa-required' });
    await expect(again(user, undefined, code)).rejects.toMatchObject({ code: 'validation-error' });
    await expect(again(user, OTHER_PASSWORD, code)).rejects.toMatchObject({ code: 'invalid-credentials' });
    await expect(again(user, PASSWORD, await user.phone.wrongCode())).rejects.toMatchObject({ code: 'mfa-invalid' });
    const session = () => test.store.sessions.get(`${project.id} ${user.actor.sessionId}`);
    expect(session()?.authenticatedAt).not.toEqual(test.clock.now());
    await again(user, PASSWORD, code);
    expect(session()).toMatchObject({ authenticatedAt: test.clock.now(), amr: FACTORS });
    expect(test.audited('auth.mfa.failed', { userId: user.actor.userId })).toHaveLength(1);
  });

  it('needs no code where none is in force', async () => {
    const user = await someoneWhoMayEnrol(test, visitor());
    await expect(again(user, PASSWORD, '123456')).resolves.toBeDefined();
    expect(test.store.sessions.get(`${project.id} ${user.actor.sessionId}`)?.amr).toEqual(['pwd']);
  });
});

describe('a reset of the password', () => {
  async function reset(email: string, visitor: Visitor) {
    await test.iam.account.requestPasswordReset.execute(visitor, { email });
    const { otp } = await test.mailTo(email, 'reset-password-otp');
    await test.iam.account.resetPasswordByCode.execute(visitor, { email, otp, newPassword: OTHER_PASSWORD });
  }

  it('keeps the factor of a proven account', async () => {
    const user = { ...(await aProtectedUser(test, v1())), password: OTHER_PASSWORD };
    await reset(user.email, gate());
    await expect(login(user)).rejects.toMatchObject({ code: 'mfa-required' });
    await expect(login(user, undefined, gate())).resolves.toMatchObject({ kind: 'second-factor' });
    await expect(signInWithCode(test, gate(), user)).resolves.toBeDefined();
  });

  it('takes away the factor that a squatter enrolled before the mailbox was proven', async () => {
    const squatter = await aProtectedUser(test, gate());
    await reset(squatter.email, gate());
    const owner = await signIn(test, gate(), { ...squatter, password: OTHER_PASSWORD });
    expect((await test.iam.account.readProfile.execute(owner.actor)).user.mfaEnabled).toBe(false);
    expect(await test.ports.totpFactorDirectory.ofUser(project.id, owner.actor.userId)).toBeUndefined();
    const { secret } = await test.iam.mfa.setUpTotp.execute(owner.actor, {});
    await expect(
      test.iam.mfa.confirmTotp.execute(owner.actor, { code: await squatter.phone.nextCode() }),
    ).rejects.toMatchObject({ code: 'mfa-invalid' });
    await expect(
      test.iam.mfa.confirmTotp.execute(owner.actor, { code: await new Phone(secret, test.clock).code() }),
    ).resolves.toBeDefined();
  });
});
