import { beforeAll, describe, expect, it } from 'vitest';
import { OPERATOR } from '../../src/application/actor.ts';
import type { RecoverInput } from '../../src/application/recovery/recover.ts';
import type { Dialect } from '../../src/domain/events.ts';
import type { AuditAction } from '../../src/ports/audit-trail.ts';
import type { MailMessage } from '../../src/ports/notifier.ts';
import {
  actorOf,
  aLoggedInUser,
  anIam,
  aProjectOf,
  aRegisteredUser,
  at,
  OTHER_PASSWORD,
  OWNER_EMAIL,
  PASSWORD,
  signIn,
  type TestIam,
  thePlatformOwner,
} from '../support/an-iam.ts';
import { aTicketFor, Phone, someoneWhoMayEnrol } from '../support/authenticator.ts';
import { beforeCommit } from '../support/before-commit.ts';
import { aMembership, aTenant } from '../support/builders.ts';
import { dumpOf } from '../support/store-dump.ts';
import { aProtectedHolder, lock, lockButForOne, theLastOne, WRONG_CODE } from './recovery-person.ts';

let test: TestIam;
beforeAll(async () => {
  test = await anIam();
});

/** Does it, and says which records came with it. */
async function recordsOf(act: () => Promise<unknown>): Promise<readonly AuditAction[]> {
  const before = test.store.auditRecords().length;
  await act();
  return test.store
    .auditRecords()
    .slice(before)
    .map(({ action }) => action);
}

describe('every change of state leaves its record in its commit', () => {
  it('over the life of an account', async () => {
    const { authentication, account, projects } = test.iam;
    const v1 = at(test.platform, 'v1');
    const gate = at(test.platform, 'gate');
    const user = await aLoggedInUser(test, v1);
    const { actor, tokens, email } = user;
    const link = async <Kind extends MailMessage['kind']>(kind: Kind, to = email) => test.mailTo(to, kind);
    const expected: readonly (readonly [() => Promise<unknown>, readonly AuditAction[]])[] = [
      [() => aRegisteredUser(test, v1), ['tenant.created', 'auth.registered']],
      [() => aRegisteredUser(test, gate), ['tenant.joined', 'auth.registered']],
      [() => authentication.login.execute(v1, user), ['auth.login.succeeded']],
      [() => authentication.login.execute(gate, user), ['tenant.joined', 'auth.login.succeeded']],
      [() => authentication.login.execute(v1, { email, password: 'wrong' }).catch(() => {}), ['auth.login.failed']],
      [() => authentication.refreshSession.execute(v1, tokens), []],
      [() => authentication.reauthenticate.execute(actor, user), ['auth.reauthenticated']],
      [() => account.requestVerification.execute(actor), ['auth.email-verification.requested']],
      [async () => account.verifyEmailByLink.execute(v1, await link('verify-email-link')), ['auth.email.verified']],
      [() => account.updateProfile.execute(actor, { firstName: 'Ada' }), ['user.profile.updated']],
      [() => account.updateProfile.execute(actor, { email: `new-${email}` }), ['auth.email-change.requested']],
      [
        async () => account.verifyEmailByLink.execute(v1, await link('email-change-link', `new-${email}`)),
        ['auth.email.changed'],
      ],
      [() => account.endOtherSessions.execute(actor), ['auth.sessions.ended']],
      [
        () => account.changePassword.execute(actor, { currentPassword: PASSWORD, newPassword: OTHER_PASSWORD }),
        ['auth.password.changed'],
      ],
      [() => account.requestPasswordReset.execute(v1, { email: `new-${email}` }), ['auth.password-reset.requested']],
      [
        async () =>
          account.resetPasswordByLink.execute(v1, {
            ...(await link('reset-password-link', `new-${email}`)),
            newPassword: PASSWORD,
          }),
        ['auth.password.reset'],
      ],
      [() => account.resendVerification.execute(gate, { email }), ['auth.email-verification.requested']],
    ];
    for (const [act, actions] of expected) expect((await recordsOf(act)).toSorted()).toEqual(actions.toSorted());

    const again = await signIn(test, at(test.platform, 'gate'), { email: `new-${email}`, password: PASSWORD });
    expect(await recordsOf(() => account.endSession.execute(again.actor, again.actor.sessionId))).toEqual([
      'auth.session.ended',
    ]);
    const once = await signIn(test, gate, { email: `new-${email}`, password: PASSWORD });
    expect(await recordsOf(() => authentication.logout.execute(gate, once.tokens))).toEqual(['auth.logout']);
    expect(await recordsOf(() => authentication.logout.execute(gate, once.tokens))).toEqual([]);

    const stranger = await aRegisteredUser(test, v1);
    const { disownToken } = await test.mailTo(stranger.email, 'verify-email-link');
    expect(await recordsOf(() => account.disown.execute(v1, { token: disownToken }))).toEqual([
      'auth.account.disowned',
    ]);
    const made = { name: 'x', settings: { signingAlgorithm: 'ES256' } } as const;
    expect((await recordsOf(() => projects.createProject.execute(OPERATOR, made))).toSorted()).toEqual([
      'project.created',
      'tenant.created',
    ]);
  });

  it('over a choice of tenants and a switch', async () => {
    const { visitor, actor, ...user } = await aLoggedInUser(test, at(test.platform, 'v1'));
    const now = test.clock.now();
    const { tenant, roles } = aTenant(now, { projectId: test.platform.id });
    await test.ports.unitOfWork.run(async (repositories) => {
      repositories.tenants.save(tenant);
      for (const role of roles) repositories.roles.save(role);
      const membership = { projectId: test.platform.id, tenantId: tenant.id, userId: actor.userId };
      repositories.memberships.save(aMembership(now, membership));
    });
    const switching = () => test.iam.authentication.switchTenant.execute(actor, { tenantId: tenant.id });
    expect(await recordsOf(switching)).toEqual(['auth.tenant.switched']);
    let sessionToken = '';
    const choosing = async () => {
      const outcome = await test.iam.authentication.login.execute(visitor, user);
      if (outcome.kind === 'tenant-selection') sessionToken = outcome.sessionToken;
    };
    expect(await recordsOf(choosing)).toEqual(['auth.login.succeeded']);
    const selecting = () =>
      test.iam.authentication.selectTenant.execute(visitor, { sessionToken, tenantId: tenant.id });
    expect(await recordsOf(selecting)).toEqual(['auth.tenant.selected']);
  });

  it('over the life of an authenticator app', async () => {
    const { authentication, mfa } = test.iam;
    const v1 = at(test.platform, 'v1');
    const gate = at(test.platform, 'gate');
    const { actor, ...user } = await someoneWhoMayEnrol(test, v1);
    let phone = new Phone('', test.clock);
    let ticket = '';
    const setUp = async () => {
      phone = new Phone((await mfa.setUpTotp.execute(actor, {})).secret, test.clock);
    };
    const confirm = (code: string) => mfa.confirmTotp.execute(actor, { code });
    const login = (mfaCode?: string) => authentication.login.execute(v1, { ...user, mfaCode });
    const askForTicket = async () => {
      ticket = await aTicketFor(test, gate, user);
    };
    const withTicket = (code: string) => authentication.loginWithTicket.execute(gate, { ticket, code });
    const again = (mfaCode: string) => authentication.reauthenticate.execute(actor, { ...user, mfaCode });
    const disable = (code: string) => mfa.disableTotp.execute(actor, { ...user, code });
    const refused = () => {};
    const expected: readonly (readonly [() => Promise<unknown>, readonly AuditAction[]])[] = [
      [setUp, ['auth.mfa.setup-started']],
      [async () => confirm(await phone.wrongCode()).catch(refused), ['auth.mfa.failed']],
      [async () => confirm(await phone.code()), ['auth.mfa.enabled']],
      [() => login().catch(refused), ['auth.mfa.required']],
      [async () => login(await phone.wrongCode()).catch(refused), ['auth.mfa.failed']],
      [async () => login(await phone.code()).catch(refused), ['auth.mfa.failed']],
      [async () => login(await phone.nextCode()), ['auth.login.succeeded']],
      [askForTicket, ['auth.mfa.required']],
      [async () => withTicket(await phone.wrongCode()).catch(refused), ['auth.mfa.failed']],
      [async () => withTicket(await phone.nextCode()), ['auth.login.succeeded', 'tenant.joined']],
      [async () => again(await phone.wrongCode()).catch(refused), ['auth.mfa.failed']],
      [async () => again(await phone.nextCode()), ['auth.reauthenticated']],
      [async () => disable(await phone.wrongCode()).catch(refused), ['auth.mfa.failed']],
      [async () => disable(await phone.nextCode()), ['auth.mfa.disabled']],
    ];
    for (const [act, actions] of expected) expect((await recordsOf(act)).toSorted()).toEqual(actions);
  });

  it('over the life of recovery codes, to a lock and out of it', async () => {
    const v1 = at(test.platform, 'v1');
    const user = await aProtectedHolder(test, v1);
    const { email, sheet } = user;
    const recovering = (recoveryCode: string, choices: Partial<RecoverInput> = {}) =>
      test.iam.recovery.recover.execute(v1, { email, recoveryCode, ...choices });
    const code = sheet.next();
    const everything = { newPassword: OTHER_PASSWORD, newEmail: `new-${email}`, disableMfa: true };
    const regenerating = async () => {
      const { actor } = await signIn(test, v1, { email, password: OTHER_PASSWORD });
      return test.iam.recovery.regenerateRecoveryCodes.execute(actor, { password: OTHER_PASSWORD });
    };
    const expected: readonly (readonly [() => Promise<unknown>, readonly AuditAction[]])[] = [
      [() => recovering(WRONG_CODE).catch(() => {}), ['auth.recovery.failed']],
      [() => recovering(code, { newPassword: 'password1234' }).catch(() => {}), []],
      [() => recovering(code), ['auth.recovery.succeeded']],
      [
        () => recovering(sheet.next(), everything),
        ['auth.email-change.requested', 'auth.mfa.disabled', 'auth.password.changed', 'auth.recovery.succeeded'],
      ],
      [regenerating, ['auth.login.succeeded', 'auth.recovery-codes.regenerated']],
      [() => lockButForOne(test, test.platform, email), Array(14).fill('auth.recovery.failed')],
      [() => theLastOne(test, test.platform, email), ['auth.recovery.failed', 'user.locked']],
      [() => theLastOne(test, test.platform, email), []],
      [() => test.iam.users.unlockUser.execute(OPERATOR, user.actor), ['user.unlocked']],
    ];
    for (const [act, actions] of expected) expect((await recordsOf(act)).toSorted()).toEqual(actions);
  });

  it('or there is neither: a commit that fails records nothing', async () => {
    let loseTheStore = async () => {};
    const broken = await anIam(({ unitOfWork }) => ({ unitOfWork: beforeCommit(unitOfWork, () => loseTheStore()) }));
    const user = await aLoggedInUser(broken, at(broken.platform, 'v1'));
    const before = dumpOf(broken.store);
    loseTheStore = () => Promise.reject(new Error('the store is gone'));
    const { account, authentication } = broken.iam;
    for (const attempt of [
      () => account.endOtherSessions.execute(user.actor),
      () => account.updateProfile.execute(user.actor, { firstName: 'Ada' }),
      () => authentication.endOwnSession.execute(user.actor, {}),
      () => authentication.refreshSession.execute(user.visitor, user.tokens),
      () => broken.iam.projects.updateProject.execute(OPERATOR, { id: broken.platform.id, name: 'x' }),
    ]) {
      await expect(attempt()).rejects.toThrow('the store is gone');
    }
    expect(dumpOf(broken.store) === before).toBe(true);
  });
});

describe('secrets', () => {
  it.each<Dialect>(['gate', 'v1'])(
    'of a second factor over %s are nowhere either, and its codes in nothing that is told',
    async (dialect) => {
      const fresh = await anIam();
      const { iam, store, clock } = fresh;
      const secrets: string[] = [];
      const codes: string[] = [];
      const used = (code: string) => {
        codes.push(code);
        return code;
      };
      const clean = () => {
        const held = dumpOf(store);
        for (const secret of secrets) expect(held.includes(secret), secret).toBe(false);
        const told = texts([store.auditRecords(), [...store.outbox.values()]]);
        for (const code of codes) expect(told.filter((text) => text === code)).toEqual([]);
      };
      const visitor = at(fresh.platform, dialect);
      const { actor, ...user } = await someoneWhoMayEnrol(fresh, visitor);
      const made = await iam.mfa.setUpTotp.execute(actor, {});
      const phone = new Phone(made.secret, clock);
      secrets.push(made.secret, ...made.recoveryCodes, ...made.recoveryCodes.map((code) => code.replaceAll('-', '')));
      clean();
      await iam.mfa.confirmTotp.execute(actor, { code: used(await phone.wrongCode()) }).catch(() => {});
      await iam.mfa.confirmTotp.execute(actor, { code: used(await phone.code()) });
      clean();
      const ticket = await aTicketFor(fresh, at(fresh.platform, 'gate'), user);
      secrets.push(ticket);
      clean();
      const code = used(await phone.nextCode());
      const { tokens } = await iam.authentication.loginWithTicket.execute(at(fresh.platform, 'gate'), { ticket, code });
      secrets.push(tokens.accessToken, tokens.refreshToken);
      const v1 = at(fresh.platform, 'v1');
      await iam.authentication.login.execute(v1, { ...user, mfaCode: code }).catch(() => {});
      await iam.authentication.reauthenticate.execute(actor, { ...user, mfaCode: used(await phone.nextCode()) });
      await iam.mfa.disableTotp.execute(actor, { ...user, code: used(await phone.nextCode()) });
      await fresh.relay();
      clean();
      expect(codes).toHaveLength(5);
    },
  );

  it('of a recovery are nowhere either, whether it succeeds or not', async () => {
    const fresh = await anIam();
    const v1 = at(fresh.platform, 'v1');
    const user = await aProtectedHolder(fresh, v1);
    const { email, sheet } = user;
    const recovering = (recoveryCode: string, choices: Partial<RecoverInput> = {}) =>
      fresh.iam.recovery.recover.execute(v1, { email, recoveryCode, ...choices });
    const code = sheet.next();
    await recovering(WRONG_CODE).catch(() => {});
    await recovering(code, { newPassword: 'password1234' }).catch(() => {});
    const answer = await recovering(code, { newPassword: OTHER_PASSWORD });
    if (answer.kind !== 'signed-in') throw new Error('several tenants');
    const actor = await actorOf(fresh, v1, answer.tokens.accessToken);
    const mfaCode = await user.phone.nextCode();
    const made = await fresh.iam.recovery.regenerateRecoveryCodes.execute(actor, { password: OTHER_PASSWORD, mfaCode });
    await lock(fresh, fresh.platform, email);
    await fresh.relay();
    const codes = [WRONG_CODE, ...user.registered.recoveryCodes, ...sheet.codes, ...made.recoveryCodes];
    const tokens = [answer.tokens.accessToken, answer.tokens.refreshToken];
    const held = dumpOf(fresh.store);
    for (const secret of [OTHER_PASSWORD, 'password1234', ...tokens, ...codes]) expect(held).not.toContain(secret);
    for (const secret of codes) expect(held).not.toContain(secret.replaceAll('-', ''));
    const told = JSON.stringify(fresh.ports.notifier.messages);
    for (const secret of codes) expect(told).not.toContain(secret);
  });

  it('are nowhere in the store, in an audit record, in an event or in the outbox', async () => {
    const secrets: string[] = [PASSWORD, OTHER_PASSWORD];
    const keepTokens = (pair: { accessToken: string; refreshToken: string }) =>
      secrets.push(pair.accessToken, pair.refreshToken, ...pair.accessToken.split('.').slice(1));
    const fresh = await anIam();
    const watched = [fresh.store];
    const clean = () => {
      const held = watched.map(dumpOf).join();
      for (const secret of secrets) expect(held.includes(secret), secret).toBe(false);
    };
    const { iam } = fresh;
    const owner = await thePlatformOwner(fresh);
    const project = await aProjectOf(fresh, { emailVerificationRequired: true, v1Enabled: true });
    const { key } = await iam.projects.createApiKey.execute(owner, {
      projectId: project.id,
      name: 'Server',
      permissions: ['auth'],
    });
    secrets.push(key);
    await iam.projects.authenticateApiKey.execute({ projectId: project.id, key });
    clean();

    const v1 = at(fresh.platform, 'v1');
    const user = await aLoggedInUser(fresh, v1, { firstName: 'Ada' });
    keepTokens(user.tokens);
    if (user.registered.tokens) keepTokens(user.registered.tokens);
    secrets.push(...user.registered.recoveryCodes);
    secrets.push(...user.registered.recoveryCodes.map((code) => code.replaceAll('-', '')));
    clean();
    keepTokens(await iam.authentication.refreshSession.execute(v1, user.tokens));
    await iam.account.updateProfile.execute(user.actor, { email: 'later@example.test' });
    await iam.account.requestPasswordReset.execute(v1, user);
    clean();
    const verify = await fresh.mailTo(user.email, 'verify-email-link');
    const change = await fresh.mailTo('later@example.test', 'email-change-link');
    secrets.push(verify.token, verify.disownToken, change.token);
    clean();
    await iam.account.verifyEmailByLink.execute(v1, verify);
    await iam.account.requestPasswordReset.execute(v1, user);
    const link = await fresh.mailTo(user.email, 'reset-password-link');
    secrets.push(link.token);
    clean();
    await iam.account.resetPasswordByLink.execute(v1, { token: link.token, newPassword: OTHER_PASSWORD });
    await iam.authentication.login.execute(v1, { email: user.email, password: PASSWORD }).catch(() => {});
    await iam.authentication.login.execute(v1, { email: OWNER_EMAIL, password: OTHER_PASSWORD }).catch(() => {});
    clean();

    const gate = at(project, 'gate');
    const other = await aRegisteredUser(fresh, gate);
    const { otp } = await fresh.mailTo(other.email, 'verify-email-otp');
    expect(texts(watched.map((store) => [...store.oneTimeTokens.entries()]))).not.toContain(otp);
    await iam.account.verifyEmailByCode.execute(gate, { email: other.email, otp: '000000' }).catch(() => {});
    await iam.account.verifyEmailByCode.execute(gate, { email: other.email, otp });
    await iam.account.requestPasswordReset.execute(gate, other);
    const reset = await fresh.mailTo(other.email, 'reset-password-otp');
    clean();
    for (const code of [otp, reset.otp]) {
      const told = texts([fresh.store.auditRecords(), [...fresh.store.outbox.values()]]);
      expect(told.filter((text) => text === code)).toEqual([]);
    }
    const session = await signIn(fresh, gate, other);
    keepTokens(session.tokens);
    clean();
  });

  it('are not in the events, before they are told', async () => {
    const user = await aLoggedInUser(test, at(test.platform, 'v1'));
    await test.iam.account.updateProfile.execute(user.actor, { email: `quiet-${user.email}` });
    const told = JSON.stringify([...test.store.outbox.values()]);
    expect(told).toContain('email-change-requested');
    for (const word of [PASSWORD, '$argon2', user.tokens.refreshToken, 'digest', 'nonce', 'passwordHash']) {
      expect(told).not.toContain(word);
    }
  });

  it('leave a store in which no row is a key to a session: no nonce makes a token without the master key', async () => {
    const user = await aLoggedInUser(test, at(test.platform, 'v1'));
    const session = test.store.sessions.get(`${test.platform.id} ${user.actor.sessionId}`);
    const decoded = Buffer.from(user.tokens.refreshToken.slice(3), 'base64url');
    expect(session).toBeDefined();
    expect(decoded.includes(Buffer.from(session?.nonce ?? '', 'base64url'))).toBe(false);
  });
});

/** Every text in a structure, however deep. */
function texts(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (value instanceof Date || typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(texts);
}
