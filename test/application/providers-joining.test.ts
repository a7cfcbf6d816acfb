import { beforeAll, describe, expect, it } from 'vitest';
import type { Dialect } from '../../src/domain/events.ts';
import type { ProjectState } from '../../src/domain/project/project.ts';
import type { UserState } from '../../src/domain/user/user.ts';
import type { ExternalIdentity } from '../../src/ports/auth-provider.ts';
import { anIdentity } from '../support/a-provider.ts';
import {
  actorOf,
  aLoggedInUser,
  aRegisteredUser,
  at,
  type LoggedInUser,
  OTHER_PASSWORD,
  type TestIam,
} from '../support/an-iam.ts';
import { aTicketFor, Phone, someoneWhoMayEnrol } from '../support/authenticator.ts';
import { anEmail, aProviderLink } from '../support/builders.ts';
import { aTenantFor } from '../support/second-tenant.ts';
import { dumpOf } from '../support/store-dump.ts';
import {
  ACME,
  aNewcomer,
  anIamWithProviders,
  anotherProcess,
  aProjectWithProviders,
  codeFor,
  comeBy,
  GLOBEX,
  has,
  linksOf,
  meanwhile,
  RETURN_TO,
  returnedWith,
  signedInBy,
} from './provider-people.ts';
import { answerOf, put, stateOf } from './recovery-person.ts';

const DIALECTS: readonly Dialect[] = ['gate', 'v1'];

let test: TestIam;
let project: ProjectState;
beforeAll(async () => {
  test = await anIamWithProviders();
  project = await aProjectWithProviders(test);
});
const v1 = () => at(project, 'v1');

/** But for who is on the way to a provider, which is spent whatever comes of it, and for the trace of a refusal. */
const everything = () => {
  const { authorizationRequests: _, auditLog: __, ...store } = test.store;
  const told = test.store.auditRecords().filter(({ action }) => action !== 'auth.provider.refused');
  return dumpOf({ ...store, auditRecords: () => told });
};

describe('an address that somebody here has proven', () => {
  it.each(DIALECTS)(
    'joins the account over %s when the provider has proven it too, and the person is told',
    async (on) => {
      const { actor, email, password } = await someoneWhoMayEnrol(test, v1());
      const { tokens } = signedInBy(await comeBy(test, at(project, on), anIdentity({ email })));
      expect((await actorOf(test, at(project, on), tokens.accessToken)).userId).toBe(actor.userId);
      expect(await test.mailTo(email, 'provider-linked')).toMatchObject({ provider: 'ACME' });
      expect(test.audited('auth.provider.linked', { userId: actor.userId })).toMatchObject([
        { actorId: actor.userId, after: { providerId: ACME } },
      ]);
      expect(await answerOf(test.iam.authentication.login.execute(v1(), { email, password }))).toBe('done');
      expect(
        await answerOf(test.iam.authentication.authenticate.execute({ token: tokens.accessToken, ...at(project, on) })),
      ).toBe('done');
    },
  );

  it('is the same address however it is written', async () => {
    const { actor, email } = await someoneWhoMayEnrol(test, v1());
    const { tokens } = signedInBy(await comeBy(test, v1(), anIdentity({ email: ` ${email.toUpperCase()} ` })));
    expect((await actorOf(test, v1(), tokens.accessToken)).userId).toBe(actor.userId);
  });

  it('joins nobody to the account whom the provider knows by another name than before', async () => {
    const { identity } = await aNewcomer(test, project);
    const before = everything();
    const reassigned = anIdentity({ email: identity.email });
    expect(await answerOf(comeBy(test, v1(), reassigned))).toBe('email-already-registered');
    expect(everything()).toBe(before);
  });

  it.each([
    ['disabled', { status: 'disabled' }, 'account-disabled'],
    ['locked', { status: 'locked' }, 'account-locked'],
    ['deleted', { deletedAt: new Date(0) }, 'account-disabled'],
  ] as const)('joins nobody to an account that is %s', async (_, change, code) => {
    const user = await someoneWhoMayEnrol(test, v1());
    put(test, user, change);
    const before = everything();
    expect(await answerOf(comeBy(test, v1(), anIdentity({ email: user.email })))).toBe(code);
    expect(everything()).toBe(before);
  });

  it('is joined once when the person comes by two providers at once', async () => {
    const { actor, email } = await someoneWhoMayEnrol(test, v1());
    const both = [ACME, GLOBEX].map((providerId) => comeBy(test, v1(), anIdentity({ email }), { providerId }));
    expect((await Promise.all(both)).map(({ kind }) => kind)).toEqual(['signed-in', 'signed-in']);
    expect(
      linksOf(test, actor.userId)
        .map(({ providerId }) => providerId)
        .toSorted(),
    ).toEqual([ACME, GLOBEX]);
  });
});

describe('an address that the provider has not proven', () => {
  const said = (emailVerified: unknown) => ({ emailVerified }) as Pick<ExternalIdentity, 'emailVerified'>;
  const unproven: readonly (readonly [string, Pick<ExternalIdentity, 'emailVerified'>])[] = [
    ['says no', said(false)],
    ['says nothing', said(undefined)],
    ['says null', said(null)],
    ['says the word “true”', said('true')],
    ['says the word “false”', said('false')],
    ['says 1', said(1)],
  ];
  it.each(unproven)('joins nobody to a proven account where the provider %s, and writes nothing', async (_, word) => {
    const { email } = await someoneWhoMayEnrol(test, v1());
    const before = everything();
    expect(before).toContain(email);
    expect(await answerOf(comeBy(test, v1(), anIdentity({ email, ...word })))).toBe('email-already-registered');
    const returned = await comeBy(test, v1(), anIdentity({ email, ...word }), { returnTo: RETURN_TO });
    expect(returnedWith(returned)).toEqual({ error: 'email-already-registered' });
    expect(everything()).toBe(before);
  });

  it('leaves a trace of whoever was refused: where, what for, and why', async () => {
    const { email } = await someoneWhoMayEnrol(test, v1());
    const refused = () => test.audited('auth.provider.refused', {});
    const before = refused().length;
    await answerOf(comeBy(test, v1(), anIdentity({ email, emailVerified: false })));
    const metadata = { providerId: ACME, intent: 'sign-in', reason: 'email-already-registered' };
    expect(refused().slice(before)).toMatchObject([{ projectId: project.id, userId: null, metadata }]);
  });

  it.each(unproven)('reclaims no unproven account where the provider %s, and writes nothing', async (_, word) => {
    const { email } = await aRegisteredUser(test, v1());
    const before = everything();
    expect(await answerOf(comeBy(test, v1(), anIdentity({ email, ...word })))).toBe('email-already-registered');
    expect(everything()).toBe(before);
  });

  it.each(unproven)('is nobody’s where the provider %s, and stays free', async (_, word) => {
    const email = anEmail();
    const { actor } = await aNewcomer(test, project, { email, ...word });
    expect(stateOf(test, { actor })).toMatchObject({ email: null, emailVerifiedAt: null });
    await expect(aRegisteredUser(test, v1(), { email })).resolves.toBeDefined();
  });
});

describe('an unproven account whose address a provider has proven', () => {
  /** What somebody can have put into an account with an address that is not theirs. */
  async function aSquatter(dialect: Dialect) {
    const visitor = at(project, dialect);
    const user = await aLoggedInUser(test, visitor, { firstName: 'Mallory', lastName: 'Squatter', phone: '+1 555' });
    const { projectId, userId } = user.actor;
    const pending = anEmail();
    await test.iam.account.updateProfile.execute(user.actor, { email: pending, preferences: { theme: 'dark' } });
    await test.ports.unitOfWork.run(async ({ providerLinks }) =>
      providerLinks.save(
        aProviderLink(test.clock.now(), { projectId, userId, providerId: GLOBEX, externalId: userId }),
      ),
    );
    await test.relay();
    return { ...user, pending };
  }

  /** With an authenticator app besides: over the Gate the project may ask for no proof. */
  async function aSquatterWithPhone() {
    const visitor = at(project, 'gate');
    const user = await aSquatter('gate');
    const { secret } = await test.iam.mfa.setUpTotp.execute(user.actor, {});
    const phone = new Phone(secret, test.clock);
    await test.iam.mfa.confirmTotp.execute(user.actor, { code: await phone.code() });
    return { ...user, phone, ticket: await aTicketFor(test, visitor, user) };
  }

  const arrive = async (email: string, dialect: Dialect) => {
    const visitor = at(project, dialect);
    const { tokens } = signedInBy(await comeBy(test, visitor, anIdentity({ email })));
    return actorOf(test, visitor, tokens.accessToken);
  };

  it.each(DIALECTS)('is theirs who come over %s, and proven, with nothing of whoever made it', async (dialect) => {
    const squatter = await aSquatter(dialect);
    const { email } = squatter;
    const actor = await arrive(email, dialect);
    expect(actor.userId).toBe(squatter.actor.userId);
    expect(stateOf(test, { actor })).toMatchObject({
      email,
      emailVerifiedAt: expect.any(Date),
      passwordHash: null,
      pendingEmail: null,
      firstName: null,
      lastName: null,
      phone: null,
      preferences: {},
      totpEnabledAt: null,
      holdsSeat: true,
    } satisfies Partial<Record<keyof UserState, unknown>>);
    expect(linksOf(test, actor.userId).map(({ providerId }) => providerId)).toEqual([ACME]);
    expect(await test.mailTo(email, 'provider-linked')).toMatchObject({ provider: 'ACME' });
    expect(test.audited('auth.account.reclaimed', { userId: actor.userId })).toMatchObject([
      { actorId: actor.userId, after: { providerId: ACME } },
    ]);
  });

  it.each(DIALECTS)('opens to nothing over %s that whoever made it still has', async (dialect) => {
    const squatter = await aSquatter(dialect);
    const { email, password, visitor, tokens } = squatter;
    await arrive(email, dialect);
    const { authentication } = test.iam;
    expect(await answerOf(actorOf(test, visitor, tokens.accessToken))).toBe('token-invalid');
    expect(await answerOf(authentication.refreshSession.execute(visitor, tokens))).toBe('token-invalid');
    for (const on of DIALECTS) {
      const login = authentication.login.execute(at(project, on), { email, password });
      expect(await answerOf(login)).toBe('invalid-credentials');
    }
    for (const recoveryCode of squatter.registered.recoveryCodes) {
      const recovered = test.iam.recovery.recover.execute(visitor, { email, recoveryCode });
      expect(await answerOf(recovered)).toBe('invalid-credentials');
      test.clock.advance(15 * 60);
    }
    const planted = anIdentity({ externalId: squatter.actor.userId });
    const other = signedInBy(await comeBy(test, visitor, planted, { providerId: GLOBEX }));
    expect((await actorOf(test, visitor, other.tokens.accessToken)).userId).not.toBe(squatter.actor.userId);
  });

  it('asks for no code of the app of whoever made it, and their tickets are dead', async () => {
    const squatter = await aSquatterWithPhone();
    const actor = await arrive(squatter.email, 'gate');
    expect(actor.userId).toBe(squatter.actor.userId);
    expect(test.store.totpFactors.get(`${project.id} ${actor.userId}`)).toBeUndefined();
    const { ticket, visitor } = squatter;
    const code = await squatter.phone.nextCode();
    expect(await answerOf(test.iam.authentication.loginWithTicket.execute(visitor, { ticket, code }))).toBe(
      'token-invalid',
    );
  });

  it('honours no choice of tenants of whoever made it', async () => {
    const squatter = await aSquatter('v1');
    await aTenantFor(test, project, squatter.actor.userId);
    const choice = await test.iam.authentication.login.execute(v1(), squatter);
    if (choice.kind !== 'tenant-selection') throw new Error('no choice');
    await comeBy(test, v1(), anIdentity({ email: squatter.email }));
    const chosen = { sessionToken: choice.sessionToken, tenantId: project.rootTenantId };
    expect(await answerOf(test.iam.authentication.selectTenant.execute(v1(), chosen))).toBe('token-invalid');
  });

  it('honours no code and no link that was mailed before', async () => {
    const squatter = await aSquatter('v1');
    const { email } = squatter;
    const { account } = test.iam;
    await account.requestPasswordReset.execute(at(project, 'gate'), { email });
    await account.resendVerification.execute(at(project, 'gate'), { email });
    const { token, disownToken } = await test.mailTo(email, 'verify-email-link');
    const { token: pending } = await test.mailTo(squatter.pending, 'email-change-link');
    const { otp } = await test.mailTo(email, 'reset-password-otp');
    const proof = await test.mailTo(email, 'verify-email-otp');
    await arrive(email, 'v1');
    const reset = { email, otp, newPassword: OTHER_PASSWORD };
    expect(await answerOf(account.resetPasswordByCode.execute(at(project, 'gate'), reset))).toBe('otp-invalid');
    const code = { email, otp: proof.otp };
    expect(await answerOf(account.verifyEmailByCode.execute(at(project, 'gate'), code))).toBe('otp-invalid');
    for (const mailed of [token, pending]) {
      expect(await answerOf(account.verifyEmailByLink.execute(v1(), { token: mailed }))).toBe('token-invalid');
    }
    expect(await answerOf(account.disown.execute(v1(), { token: disownToken }))).toBe('token-invalid');
  });

  it('is reclaimed on the way through a browser just so', async () => {
    const squatter = await aSquatter('v1');
    const { code, verifier } = await codeFor(test, v1(), anIdentity({ email: squatter.email }));
    expect(await answerOf(actorOf(test, v1(), squatter.tokens.accessToken))).toBe('token-invalid');
    const { tokens } = signedInBy(await test.iam.providers.exchangeCode.execute(v1(), { code, verifier }));
    expect((await actorOf(test, v1(), tokens.accessToken)).userId).toBe(squatter.actor.userId);
  });

  it('is reclaimed once of sixteen times at once, and everybody is let in', async () => {
    const squatter = await aSquatter('v1');
    const identity = anIdentity({ email: squatter.email });
    const all = await Promise.all(Array.from({ length: 16 }, () => answerOf(comeBy(test, v1(), identity))));
    expect(new Set(all)).toEqual(new Set(['done']));
    expect(test.audited('auth.account.reclaimed', { userId: squatter.actor.userId })).toHaveLength(1);
  });

  it.each([
    ['disabled', 'account-disabled'],
    ['locked', 'account-locked'],
  ] as const)('is reclaimed by nobody while it is %s', async (status, code) => {
    const squatter = await aSquatter('v1');
    put(test, squatter, { status });
    const before = everything();
    expect(await answerOf(comeBy(test, v1(), anIdentity({ email: squatter.email })))).toBe(code);
    expect(everything()).toBe(before);
  });

  it('that was deleted is gone: whoever comes gets an account of their own', async () => {
    const squatter = await aSquatter('v1');
    put(test, squatter, { deletedAt: new Date(0), holdsSeat: false });
    const actor = await arrive(squatter.email, 'v1');
    expect(actor.userId).not.toBe(squatter.actor.userId);
    expect(stateOf(test, { actor }).email).toBe(squatter.email);
  });

  it('takes a seat, as any other proof of an address does', async () => {
    const strict = await aProjectWithProviders(test, { emailVerificationRequired: true, userLimit: 1 });
    const visitor = at(strict, 'v1');
    const squatter = await aRegisteredUser(test, visitor);
    await aNewcomer(test, strict);
    const full = comeBy(test, visitor, anIdentity({ email: squatter.email }));
    expect(await answerOf(full)).toBe('user-limit-reached');
  });

  it('is joined as a proven one where its own mailbox answers in between', async () => {
    const user = await aRegisteredUser(test, v1());
    const { token } = await test.mailTo(user.email, 'verify-email-link');
    const { verifyEmailByLink } = test.iam.account;
    const slow = meanwhile(test, has('reclaimed'), () => verifyEmailByLink.execute(v1(), { token }));
    signedInBy(await comeBy({ iam: slow }, v1(), anIdentity({ email: user.email })));
    const { password, email } = user;
    expect(await answerOf(test.iam.authentication.login.execute(v1(), { email, password }))).toBe('done');
  });
});

describe('a squatter who holds on', () => {
  it('has no session that goes on in another process, from the moment that the provider’s word is taken', async () => {
    const squatter: LoggedInUser = await aLoggedInUser(test, v1());
    const elsewhere = anotherProcess(test);
    await elsewhere.authentication.authenticate.execute({ token: squatter.tokens.accessToken, ...v1() });
    await comeBy(test, v1(), anIdentity({ email: squatter.email }));
    const still = elsewhere.authentication.authenticate.execute({ token: squatter.tokens.accessToken, ...v1() });
    expect(await answerOf(still)).toBe('token-invalid');
  });
});
