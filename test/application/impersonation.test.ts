import { beforeAll, describe, expect, it } from 'vitest';
import type { UserActor } from '../../src/application/actor.ts';
import type { ImpersonateInput } from '../../src/application/authentication/impersonate.ts';
import type { TokenPair } from '../../src/application/authentication/token-pairs.ts';
import { createIam } from '../../src/application/iam.ts';
import type { TenantId } from '../../src/domain/tenant/tenant.ts';
import type { UserId } from '../../src/domain/user/user.ts';
import {
  actorOf,
  aLoggedInUser,
  anIam,
  at,
  from,
  type LoggedInUser,
  OTHER_PASSWORD,
  PASSWORD,
  signIn,
  type TestIam,
  thePlatformOwner,
} from '../support/an-iam.ts';
import { beforeCommit } from '../support/before-commit.ts';
import { anId } from '../support/builders.ts';
import { aQuickHasher } from '../support/quick-hasher.ts';
import { answerOf, put } from './recovery-person.ts';
import { aMemberOf, anOwner, entering, join, personOf, tenantOf } from './tenant-people.ts';

const MINUTES = 60;
const reason = 'support_request';

let test: TestIam;
let owner: LoggedInUser;
let member: LoggedInUser;
let tenantId: TenantId;
beforeAll(async () => {
  test = await anIam(() => ({ passwordHasher: aQuickHasher() }));
  owner = await anOwner(test);
  tenantId = owner.actor.tenantId;
  member = await aMemberOf(test, tenantId);
});

const v1 = () => at(test.platform, 'v1');
const actAs = (by: UserActor, input: Partial<ImpersonateInput> = {}) =>
  test.iam.authentication.impersonate.execute(by, { tenantId, reason, ...input });
const refresh = (tokens: TokenPair) => test.iam.authentication.refreshSession.execute(v1(), tokens);

interface InTheirPlace {
  readonly by: UserActor;
  readonly tokens: TokenPair;
  readonly actor: UserActor;
}

/** Somebody of the tenant, acted as by the owner of the platform. */
async function inTheirPlace(input: Partial<ImpersonateInput> = {}): Promise<InTheirPlace> {
  const by = await thePlatformOwner(test);
  const tokens = await actAs(by, input);
  return { by, tokens, actor: await actorOf(test, v1(), tokens.accessToken) };
}

async function alive({ tokens }: Pick<InTheirPlace, 'tokens'>): Promise<readonly string[]> {
  return [await answerOf(actorOf(test, v1(), tokens.accessToken)), await answerOf(refresh(tokens))];
}

/** Where records of the action about the session are, and who did it. */
function trailOf(
  action: 'auth.impersonation.started' | 'auth.impersonation.ended',
  { actor }: Pick<InTheirPlace, 'actor'>,
) {
  return test
    .audited(action, { entityId: actor.sessionId })
    .map(({ tenantId: where, userId, actorId }) => ({ where, userId, actorId }));
}

/** In the trail of the tenant and of the platform. */
function inBoth(where: TenantId, who: { readonly userId: UserId; readonly actorId: UserId }) {
  return [where, test.platform.rootTenantId].map((place) => ({ where: place, ...who }));
}

describe('acting in the place of somebody', () => {
  it('is acting as the owner of the tenant, with what they may do there and nothing more', async () => {
    const { by, actor, tokens } = await inTheirPlace();
    expect(actor).toMatchObject({ userId: owner.actor.userId, tenantId, roles: ['owner'], impersonatorId: by.userId });
    expect(actor.permissions.allows('users.impersonate')).toBe(false);
    expect(actor.permissions.allows('tenants.list')).toBe(false);
    const claims = await test.ports.tokenSigner.verify(tokens.accessToken);
    expect(claims).toMatchObject({ sub: owner.actor.userId, tid: tenantId, act: { sub: by.userId } });
    const profile = await test.iam.account.readProfile.execute(actor);
    expect(profile).toMatchObject({ impersonatorId: by.userId, user: { id: owner.actor.userId } });
  });

  it('is acting as the given member', async () => {
    const { userId } = member.actor;
    const { actor } = await inTheirPlace({ userId });
    expect(actor).toMatchObject({ userId, tenantId, roles: ['member'] });
  });

  it('names nobody in the tokens of whoever acts for themselves', async () => {
    expect(await test.ports.tokenSigner.verify(owner.tokens.accessToken)).not.toHaveProperty('act');
    expect((await test.iam.account.readProfile.execute(owner.actor)).impersonatorId).toBeNull();
  });

  it('is for the owner of the platform alone: whoever else tries leaves a trace', async () => {
    const admin = await anOwner(test);
    await join(test, test.platform.rootTenantId, admin.actor.userId, ['admin']);
    const inRoot = await entering(test, admin, test.platform.rootTenantId);
    for (const { actor } of [owner, member, inRoot]) {
      expect(await answerOf(actAs(actor, { userId: member.actor.userId }))).toBe('forbidden');
      expect(test.audited('auth.forbidden', { actorId: actor.userId })).toMatchObject([
        { metadata: { requiredPermission: 'users.impersonate' } },
      ]);
    }
  });

  it('is never acting as oneself, who owns the platform', async () => {
    const by = await thePlatformOwner(test);
    const { rootTenantId } = test.platform;
    expect(await answerOf(actAs(by, { tenantId: rootTenantId }))).toBe('forbidden');
    expect(await answerOf(actAs(by, { tenantId: rootTenantId, userId: by.userId }))).toBe('forbidden');
    expect(await answerOf(actAs(by, { userId: by.userId }))).toBe('forbidden');
  });

  it('is not-found for nobody of the tenant, and for no tenant', async () => {
    const by = await thePlatformOwner(test);
    const stranger = await anOwner(test);
    const left = await aMemberOf(test, tenantId);
    const disabledHere = await aMemberOf(test, tenantId);
    await test.iam.users.deleteUser.execute(owner.actor, { userId: left.actor.userId });
    await test.iam.users.updateUser.execute(owner.actor, { userId: disabledHere.actor.userId, status: 'disabled' });
    for (const { actor } of [stranger, left, disabledHere]) {
      expect(await answerOf(actAs(by, { userId: actor.userId }))).toBe('not-found');
    }
    expect(await answerOf(actAs(by, { userId: anId<UserId>() }))).toBe('not-found');
    expect(await answerOf(actAs(by, { tenantId: anId<TenantId>() }))).toBe('not-found');
    expect(await answerOf(actAs(by, { tenantId: anId<TenantId>(), userId: member.actor.userId }))).toBe('not-found');
  });

  it('is not-found for an account that is out of use, or was never in use', async () => {
    const by = await thePlatformOwner(test);
    const disabled = await aMemberOf(test, tenantId);
    put(test, disabled, { status: 'disabled' });
    const { member: invited } = await test.iam.users.invitePerson.execute(owner.actor, { email: 'new@example.test' });
    for (const userId of [disabled.actor.userId, invited.user.id]) {
      expect(await answerOf(actAs(by, { userId }))).toBe('not-found');
    }
  });

  it('is open to whoever helps somebody with a locked account', async () => {
    const locked = await aMemberOf(test, tenantId);
    put(test, locked, { status: 'locked' });
    expect((await inTheirPlace({ userId: locked.actor.userId })).actor.userId).toBe(locked.actor.userId);
  });

  it('opens nothing in a blocked tenant', async () => {
    const by = await thePlatformOwner(test);
    const { actor } = await anOwner(test);
    await test.iam.tenants.blockTenant.execute(by, actor.tenantId);
    expect(await answerOf(actAs(by, { tenantId: actor.tenantId }))).toBe('tenant-blocked');
  });

  it.each(['', 'Support', 'support request', '_support', 'support_', 'a'.repeat(65), 'support__request'])(
    'takes a reason that is a slug, not %j',
    async (given) => {
      const by = await thePlatformOwner(test);
      await expect(actAs(by, { reason: given })).rejects.toMatchObject({
        code: 'validation-error',
        details: { violations: [{ field: 'reason', code: 'INVALID_FORMAT' }] },
      });
    },
  );

  it.each(['security_investigation', 'support-request', 'a', '2fa', 'a'.repeat(64)])(
    'takes the reason %j',
    async (given) => {
      const by = await thePlatformOwner(test);
      expect(await answerOf(actAs(by, { reason: given }))).toBe('done');
    },
  );

  it('leaves alone what is the person’s own', async () => {
    const before = personOf(test, owner.actor);
    const by = { ...(await thePlatformOwner(test)), origin: from('203.0.113.7') };
    const attempts = structuredClone([...test.store.attempts.entries()]);
    await actAs(by);
    expect(personOf(test, owner.actor)).toEqual(before);
    expect([...test.store.attempts.entries()]).toEqual(attempts);
  });

  it('rests on the authentication of whoever acts', async () => {
    const by = await thePlatformOwner(test);
    test.clock.advance(120);
    const { authenticatedAt } = await sessionOf(await actorOf(test, v1(), (await actAs(by)).accessToken));
    expect(test.clock.now().getTime() - authenticatedAt.getTime()).toBe(120_000);
  });

  it('is to be seen among the sessions of the person, who may end it', async () => {
    const { actor } = await inTheirPlace();
    const seen = await test.iam.account.listSessions.execute(owner.actor);
    expect(seen.find(({ id }) => id === actor.sessionId)).toMatchObject({
      impersonator: { userId: actor.impersonatorId },
    });
    await test.iam.account.endSession.execute(owner.actor, actor.sessionId);
    expect(await answerOf(test.iam.account.readProfile.execute(actor))).toBe('token-invalid');
    const { userId } = owner.actor;
    expect(trailOf('auth.impersonation.ended', { actor })).toEqual(inBoth(tenantId, { userId, actorId: userId }));
  });
});

describe('the hour of acting in the place of somebody', () => {
  it('is over when it is over, however often it is refreshed', async () => {
    let { tokens } = await inTheirPlace();
    const over = test.clock.now().getTime() + 60 * MINUTES * 1000;
    for (let past = 10; past <= 50; past += 10) {
      test.clock.advance(10 * MINUTES);
      tokens = await refresh(tokens);
      expect(tokens.expiresAt.getTime()).toBeLessThanOrEqual(over);
    }
    test.clock.advance(10 * MINUTES - 1);
    tokens = await refresh(tokens);
    expect(Math.abs(tokens.expiresAt.getTime() - over)).toBeLessThan(1000);
    const claims = await test.ports.tokenSigner.verify(tokens.accessToken);
    expect(claims.act).toEqual({ sub: (await actorOf(test, v1(), tokens.accessToken)).impersonatorId });
    test.clock.advance(1);
    expect(await answerOf(refresh(tokens))).toBe('token-expired');
  });

  it('is shorter where sessions are', async () => {
    const fresh = await anIam(() => ({ passwordHasher: aQuickHasher() }));
    const settings = { refreshAbsoluteTtlSeconds: 600 };
    const by = await thePlatformOwner(fresh);
    await fresh.iam.projects.updateProject.execute(by, { id: fresh.platform.id, settings });
    const { actor } = await anOwner(fresh);
    const tokens = await fresh.iam.authentication.impersonate.execute(by, { tenantId: actor.tenantId, reason });
    fresh.clock.advance(600);
    const refreshing = fresh.iam.authentication.refreshSession.execute(at(fresh.platform, 'v1'), tokens);
    expect(await answerOf(refreshing)).toBe('token-expired');
  });
});

describe('acting in the place of somebody ends', () => {
  it('with the logout, which both trails tell', async () => {
    const session = await inTheirPlace();
    await test.iam.authentication.endOwnSession.execute(session.actor, {});
    expect(await alive(session)).toEqual(['token-invalid', 'token-invalid']);
    const who = { userId: owner.actor.userId, actorId: session.by.userId };
    expect(trailOf('auth.impersonation.ended', session)).toEqual(inBoth(tenantId, who));
    expect(test.audited('auth.logout', { entityId: session.actor.sessionId })).toEqual([]);
  });

  it('with the logout by the refresh token', async () => {
    const first = await inTheirPlace();
    const second = await inTheirPlace();
    await test.iam.authentication.endOwnSession.execute(first.actor, second.tokens);
    await test.iam.authentication.logout.execute(v1(), first.tokens);
    for (const session of [first, second]) {
      expect(await alive(session)).toEqual(['token-invalid', 'token-invalid']);
      const who = { userId: owner.actor.userId, actorId: session.by.userId };
      expect(trailOf('auth.impersonation.ended', session)).toEqual(inBoth(tenantId, who));
    }
  });

  it('and ends no session of the person by the way, nor theirs such a one', async () => {
    const session = await inTheirPlace();
    const own = await signIn(test, v1(), owner);
    await test.iam.authentication.endOwnSession.execute(session.actor, own.tokens);
    await test.iam.authentication.endOwnSession.execute(own.actor, session.tokens);
    expect(await answerOf(actorOf(test, v1(), own.tokens.accessToken))).toBe('done');
    expect(await alive(session)).toEqual(['done', 'done']);
  });

  it('once, of sixteen logouts at once', async () => {
    const session = await inTheirPlace();
    const logouts = Array.from({ length: 16 }, () => test.iam.authentication.endOwnSession.execute(session.actor, {}));
    await Promise.all(logouts);
    expect(trailOf('auth.impersonation.ended', session)).toHaveLength(2);
  });

  it.each<[string, (by: UserActor) => Promise<unknown>]>([
    ['end', async () => test.iam.account.endOtherSessions.execute(await thePlatformOwner(test))],
    [
      'end by a new password',
      async (by) => {
        const change = (currentPassword: string, newPassword: string) =>
          test.iam.account.changePassword.execute(by, { currentPassword, newPassword });
        await change(PASSWORD, OTHER_PASSWORD);
        await change(OTHER_PASSWORD, PASSWORD);
      },
    ],
  ])('when the sessions of whoever acts %s', async (_, end) => {
    const session = await inTheirPlace();
    await end(session.by);
    expect(await alive(session)).toEqual(['token-invalid', 'token-invalid']);
    const input = { id: tenantId, name: 'Too late' };
    expect(await answerOf(test.iam.tenants.updateTenant.execute(session.actor, input))).toBe('token-invalid');
  });

  it('when the account of whoever acts is disabled', async () => {
    const session = await inTheirPlace();
    put(test, { actor: session.by }, { status: 'disabled' });
    expect(await alive(session)).toEqual(['token-invalid', 'token-invalid']);
    put(test, { actor: session.by }, { status: 'active' });
  });

  it('when the sessions of the person end', async () => {
    const person = await anOwner(test);
    const session = await inTheirPlace({ tenantId: person.actor.tenantId });
    await test.iam.account.endOtherSessions.execute(person.actor);
    expect(await alive(session)).toEqual(['token-invalid', 'token-invalid']);
  });

  it('when the person is no member any more', async () => {
    const person = await aMemberOf(test, tenantId);
    const session = await inTheirPlace({ userId: person.actor.userId });
    const again = await signIn(test, v1(), owner);
    await test.iam.users.deleteUser.execute(again.actor, { userId: person.actor.userId });
    expect(await alive(session)).toEqual(['token-invalid', 'token-invalid']);
  });

  it('when the platform passes to somebody else', async () => {
    const fresh = await anIam(() => ({ passwordHasher: aQuickHasher() }));
    const { rootTenantId } = fresh.platform;
    const by = await thePlatformOwner(fresh);
    const heir = await aMemberOf(fresh, rootTenantId);
    const input = { tenantId: rootTenantId, userId: heir.actor.userId, reason };
    const tokens = await fresh.iam.authentication.impersonate.execute(by, input);
    const offer = { tenantId: rootTenantId, newOwnerId: heir.actor.userId, password: PASSWORD };
    await fresh.iam.tenants.offerTransfer.execute(by, offer);
    await fresh.iam.tenants.acceptTransfer.execute(heir.actor, rootTenantId);
    expect(await answerOf(actorOf(fresh, heir.visitor, tokens.accessToken))).toBe('token-invalid');
    expect(await answerOf(fresh.iam.authentication.impersonate.execute(by, input))).toBe('forbidden');
  });
});

describe('the end of it that nobody brought about by hand', () => {
  const close = () => test.iam.audit.closeImpersonations.execute();
  const ended = (session: InTheirPlace) =>
    test
      .audited('auth.impersonation.ended', { entityId: session.actor.sessionId })
      .map(({ tenantId: where, userId, actorId, metadata }) => ({ where, userId, actorId, end: metadata?.end }));
  const inBothAs = (session: InTheirPlace, end: string) => {
    const { userId } = session.actor;
    return [session.actor.tenantId, test.platform.rootTenantId].map((where) => ({ where, userId, actorId: null, end }));
  };

  type Ending = (session: InTheirPlace, person: LoggedInUser) => Promise<unknown>;
  const endings: readonly (readonly [string, string, Ending])[] = [
    ['the hour is over', 'expired', async () => test.clock.advance(60 * MINUTES)],
    [
      'the person has a new password',
      'revoked',
      (_, { actor }) =>
        test.iam.account.changePassword.execute(actor, { currentPassword: PASSWORD, newPassword: OTHER_PASSWORD }),
    ],
    [
      'the person ends their other sessions',
      'revoked',
      (_, { actor }) => test.iam.account.endOtherSessions.execute(actor),
    ],
    ['whoever acts ends theirs', 'revoked', ({ by }) => test.iam.account.endOtherSessions.execute(by)],
    ['the tenant is blocked', 'revoked', ({ by, actor }) => test.iam.tenants.blockTenant.execute(by, actor.tenantId)],
    [
      'the account is disabled',
      'revoked',
      ({ by, actor: { userId } }) => test.iam.users.updateUser.execute(by, { userId, status: 'disabled' }),
    ],
  ];
  it.each(endings)('is recorded once, in both trails, when %s: %s', async (_, end, happens) => {
    const person = await anOwner(test);
    const session = await inTheirPlace({ tenantId: person.actor.tenantId });
    await close();
    expect(ended(session)).toEqual([]);
    expect(await alive(session)).toEqual(['done', 'done']);
    await happens(session, person);
    await Promise.all(Array.from({ length: 16 }, close));
    expect(ended(session)).toEqual(inBothAs(session, end));
    await test.iam.authentication.logout.execute(v1(), session.tokens);
    await test.ports.housekeeping.sweep(test.clock.now(), 100);
    await close();
    expect(ended(session)).toHaveLength(2);
  });

  it.each<[string, (userId: UserId) => Promise<unknown>]>([
    ['removed', (userId) => test.iam.users.deleteUser.execute(owner.actor, { userId })],
    ['disabled', (userId) => test.iam.users.updateUser.execute(owner.actor, { userId, status: 'disabled' })],
  ])('is recorded once when the person is %s in the tenant, also where the sweep comes first', async (_, end) => {
    const { actor } = await aMemberOf(test, tenantId);
    const session = await inTheirPlace({ userId: actor.userId });
    owner = { ...owner, ...(await signIn(test, v1(), owner)) };
    await end(actor.userId);
    test.clock.advance(60 * MINUTES);
    await test.ports.housekeeping.sweep(test.clock.now(), 100);
    await close();
    expect(ended(session)).toEqual(inBothAs(session, 'revoked'));
    owner = { ...owner, ...(await signIn(test, v1(), owner)) };
  });

  it('is not recorded again where somebody ended it', async () => {
    const session = await inTheirPlace();
    await test.iam.authentication.endOwnSession.execute(session.actor, {});
    test.clock.advance(60 * MINUTES);
    await close();
    expect(ended(session)).toEqual(inBothAs(session, 'logout').map((one) => ({ ...one, actorId: session.by.userId })));
    owner = { ...owner, ...(await signIn(test, v1(), owner)) };
  });

  it('is recorded with the use of a token that was used before', async () => {
    const session = await inTheirPlace();
    await refresh(session.tokens);
    test.clock.advance(11);
    expect(await answerOf(refresh(session.tokens))).toBe('token-invalid');
    test.clock.advance(60 * MINUTES);
    await close();
    expect(ended(session)).toEqual(inBothAs(session, 'reuse-detected'));
    owner = { ...owner, ...(await signIn(test, v1(), owner)) };
  });

  it('is recorded with the end of an account that somebody else made', async () => {
    const person = await aLoggedInUser(test, v1());
    const session = await inTheirPlace({ tenantId: person.actor.tenantId });
    const { disownToken: token } = await test.mailTo(person.email, 'verify-email-link');
    await test.iam.account.disown.execute(v1(), { token });
    const { userId } = person.actor;
    expect(ended(session)).toEqual(inBothAs(session, 'revoked').map((one) => ({ ...one, actorId: userId })));
  });
});

describe('what is done in the place of somebody', () => {
  it('leads no further: not to another person, not to another tenant', async () => {
    const { actor } = await inTheirPlace();
    const { impersonate, switchTenant } = test.iam.authentication;
    const input = { tenantId, reason, userId: member.actor.userId };
    expect(await answerOf(impersonate.execute(actor, input))).toBe('impersonation-restricted');
    expect(await answerOf(switchTenant.execute(actor, { tenantId }))).toBe('impersonation-restricted');
  });

  it('is in both trails from the start, in the commit of the session, with the reason', async () => {
    const note = 'Ticket 4711';
    const session = await inTheirPlace({ userId: member.actor.userId, note });
    const who = { userId: member.actor.userId, actorId: session.by.userId };
    expect(trailOf('auth.impersonation.started', session)).toEqual(inBoth(tenantId, who));
    for (const { metadata, ip } of test.audited('auth.impersonation.started', { entityId: session.actor.sessionId })) {
      expect({ metadata, ip }).toEqual({ metadata: { tenantId, reason, note }, ip: session.by.origin.address });
    }
  });

  it('opens no session whose records could not be written', async () => {
    const by = await thePlatformOwner(test);
    const before = [...test.store.sessions.entries()].length;
    const failing = beforeCommit(test.ports.unitOfWork, () => Promise.reject(new Error('no room for a record')));
    const { impersonate } = createIam({ ...test.ports, unitOfWork: failing }).authentication;
    await expect(impersonate.execute(by, { tenantId, reason })).rejects.toThrow('no room');
    expect([...test.store.sessions.entries()]).toHaveLength(before);
  });

  it('opens none for somebody whose own session ends at the same time', async () => {
    const by = await thePlatformOwner(test);
    const before = [...test.store.sessions.entries()].length;
    const signOut = () => test.iam.authentication.endOwnSession.execute(by, {});
    const unitOfWork = beforeCommit(test.ports.unitOfWork, signOut);
    const { impersonate } = createIam({ ...test.ports, unitOfWork }).authentication;
    expect(await answerOf(impersonate.execute(by, { tenantId, reason }))).toBe('token-invalid');
    expect([...test.store.sessions.entries()]).toHaveLength(before);
  });

  it('is a change of the tenant, in both trails as that of whoever acts', async () => {
    const { actor, by } = await inTheirPlace();
    const name = `Helped by ${actor.sessionId}`;
    const { name: before } = tenantOf(test, tenantId);
    await test.iam.tenants.updateTenant.execute(actor, { id: tenantId, name });
    const records = test.audited('tenant.updated', { entityId: tenantId, actorId: by.userId, userId: actor.userId });
    expect(records.map(({ tenantId: where, before: was, after }) => ({ where, was, after }))).toEqual(
      [tenantId, test.platform.rootTenantId].map((where) => ({ where, was: { name: before }, after: { name } })),
    );
  });

  it('is not a change that the person may not make', async () => {
    const { actor } = await inTheirPlace({ userId: member.actor.userId });
    expect(await answerOf(test.iam.tenants.updateTenant.execute(actor, { id: tenantId, name: 'x' }))).toBe('forbidden');
    const { userId, impersonatorId: actorId } = actor;
    expect(test.audited('auth.forbidden', { userId, actorId })).toHaveLength(1);
  });

  it('is told once where the tenant is that of the platform', async () => {
    const { rootTenantId } = test.platform;
    const helped = await aMemberOf(test, rootTenantId, ['admin']);
    const session = await inTheirPlace({ tenantId: rootTenantId, userId: helped.actor.userId });
    await test.iam.authentication.endOwnSession.execute(session.actor, {});
    for (const action of ['auth.impersonation.started', 'auth.impersonation.ended'] as const) {
      const who = { userId: helped.actor.userId, actorId: session.by.userId };
      expect(trailOf(action, session)).toEqual([{ where: rootTenantId, ...who }]);
    }
  });

  it('may be looked at: people, roles, settings, permissions, sessions, codes', async () => {
    const { actor } = await inTheirPlace();
    const page = { after: undefined, limit: 20 };
    const { account, recovery, roles, tenants, users, invitations } = test.iam;
    const looks = [
      account.readProfile.execute(actor),
      account.listSessions.execute(actor),
      recovery.readRecoveryCodes.execute(actor),
      tenants.listOwnTenants.execute(actor),
      tenants.readTenant.execute(actor, tenantId),
      roles.listRoles.execute(actor, page),
      roles.listPermissions.execute(actor),
      roles.checkPermission.execute(actor, { permission: 'users.list' }),
      users.listMembers.execute(actor, { includeDeleted: false }, page),
      users.readMember.execute(actor, member.actor.userId),
      users.readPermissions.execute(actor, member.actor.userId),
      invitations.listInvitations.execute(actor, page),
    ];
    for (const look of looks) expect(await answerOf(look)).toBe('done');
  });
});

async function sessionOf({ projectId, sessionId }: UserActor) {
  const session = test.store.sessions.get(`${projectId} ${sessionId}`);
  if (session === undefined) throw new Error('no such session');
  return session;
}
