import { beforeAll, describe, expect, it } from 'vitest';
import type { UserActor } from '../../src/application/actor.ts';
import type { RoleId } from '../../src/domain/role/role.ts';
import type { Membership } from '../../src/domain/tenant/membership.ts';
import type { TenantId } from '../../src/domain/tenant/tenant.ts';
import type { UserId } from '../../src/domain/user/user.ts';
import { actorOf, anIam, at, from, type LoggedInUser, PASSWORD, signIn, type TestIam } from '../support/an-iam.ts';
import { aProtectedUser, Phone } from '../support/authenticator.ts';
import { anId } from '../support/builders.ts';
import { aQuickHasher } from '../support/quick-hasher.ts';
import { sixteenAtOnce } from '../support/sixteen.ts';
import { answerOf, put } from './recovery-person.ts';
import { aMemberOf, anOwner, beforeTheOfferIsRead, entering, ownersIn, rolesIn, tenantOf } from './tenant-people.ts';

const HOURS = 60 * 60;

let test: TestIam;
beforeAll(async () => {
  test = await anIam(() => ({ passwordHasher: aQuickHasher() }));
});

const v1 = () => at(test.platform, 'v1');

interface TheTwo {
  readonly owner: LoggedInUser;
  readonly other: LoggedInUser;
  readonly tenantId: TenantId;
}

async function theTwo(): Promise<TheTwo> {
  const owner = await anOwner(test);
  const { tenantId } = owner.actor;
  return { owner, tenantId, other: await aMemberOf(test, tenantId) };
}

function offer(
  actor: UserActor,
  newOwnerId: UserId,
  given: { password?: string; mfaCode?: string } = { password: PASSWORD },
) {
  return test.iam.tenants.offerTransfer.execute(actor, { tenantId: actor.tenantId, newOwnerId, ...given });
}
const accept = ({ actor }: Pick<LoggedInUser, 'actor'>) =>
  test.iam.tenants.acceptTransfer.execute(actor, actor.tenantId);
const cancel = ({ actor }: Pick<LoggedInUser, 'actor'>) =>
  test.iam.tenants.cancelTransfer.execute(actor, actor.tenantId);
const pendingIn = (tenantId: TenantId) => test.store.ownershipTransfers.get(`${test.platform.id} ${tenantId}`);

async function offered(): Promise<TheTwo> {
  const two = await theTwo();
  await offer(two.owner.actor, two.other.actor.userId);
  return two;
}

/** Where they signed in last is long ago; the session lives on. */
async function later(seconds: number, ...people: readonly LoggedInUser[]): Promise<readonly LoggedInUser[]> {
  test.clock.advance(seconds);
  return Promise.all(
    people.map(async (person) => {
      const tokens = await test.iam.authentication.refreshSession.execute(v1(), person.tokens);
      return { ...person, tokens, actor: await actorOf(test, v1(), tokens.accessToken) };
    }),
  );
}

describe('offering a tenant', () => {
  it('is pending for 72 hours, told to both and recorded', async () => {
    const { owner, other, tenantId } = await theTwo();
    const { name } = tenantOf(test, tenantId);
    const answer = await offer(owner.actor, other.actor.userId);
    const expiresAt = new Date(test.clock.now().getTime() + 72 * HOURS * 1000);
    expect(answer).toEqual({ id: pendingIn(tenantId)?.id, newOwnerId: other.actor.userId, expiresAt });
    const mail = { kind: 'transfer-offered', tenant: name, newOwner: other.email };
    expect(await test.mailsTo(owner.email, 'transfer-offered')).toEqual([{ ...mail, toNewOwner: false }]);
    expect(await test.mailsTo(other.email, 'transfer-offered')).toEqual([{ ...mail, toNewOwner: true }]);
    const about = { entityId: tenantId, actorId: owner.actor.userId, userId: other.actor.userId, tenantId };
    expect(test.audited('tenant.transfer.offered', about)).toHaveLength(1);
    expect(ownersIn(test, tenantId)).toEqual([owner.actor.userId]);
  });

  it('is for the owner alone: whoever else tries leaves a trace', async () => {
    const { owner, other, tenantId } = await theTwo();
    const admin = await aMemberOf(test, tenantId, ['admin']);
    for (const { actor } of [other, admin]) {
      expect(await answerOf(offer(actor, owner.actor.userId))).toBe('forbidden');
      expect(test.audited('auth.forbidden', { actorId: actor.userId, tenantId })).toMatchObject([
        { metadata: { requiredPermission: '*' } },
      ]);
    }
    expect(pendingIn(tenantId)).toBeUndefined();
  });

  it('is not-found for every tenant but the one that they are in, even one that they own', async () => {
    const { owner, other } = await theTwo();
    const second = await test.iam.tenants.createTenant.execute(owner.actor, { name: 'Second' });
    const { offerTransfer, acceptTransfer, cancelTransfer } = test.iam.tenants;
    for (const tenantId of [second.id, other.registered.tenant.id, anId<TenantId>()]) {
      const input = { tenantId, newOwnerId: other.actor.userId, password: PASSWORD };
      expect(await answerOf(offerTransfer.execute(owner.actor, input))).toBe('not-found');
      expect(await answerOf(acceptTransfer.execute(owner.actor, tenantId))).toBe('not-found');
      expect(await answerOf(cancelTransfer.execute(owner.actor, tenantId))).toBe('not-found');
    }
  });

  it('takes a recent authentication', async () => {
    const { owner, other } = await theTwo();
    const [stale] = await later(301, owner);
    if (stale === undefined) throw new Error('nobody');
    expect(await answerOf(offer(stale.actor, other.actor.userId))).toBe('reauthentication-required');
    await test.iam.authentication.reauthenticate.execute(stale.actor, { password: PASSWORD });
    expect(await answerOf(offer(stale.actor, other.actor.userId))).toBe('done');
  });

  it('takes the password', async () => {
    const { owner, other, tenantId } = await theTwo();
    expect(await answerOf(offer(owner.actor, other.actor.userId, {}))).toBe('validation-error');
    expect(await answerOf(offer(owner.actor, other.actor.userId, { password: 'wrong' }))).toBe('invalid-credentials');
    expect(pendingIn(tenantId)).toBeUndefined();
    expect(test.audited('auth.login.failed', { userId: owner.actor.userId })).toHaveLength(1);
  });

  it('takes a code where a second factor is on, and spends it', async () => {
    const owner = await aProtectedUser(test, v1());
    const { tenantId } = owner.actor;
    const other = await aMemberOf(test, tenantId);
    const attempt = (given: { password?: string; mfaCode?: string }) =>
      answerOf(offer(owner.actor, other.actor.userId, given));
    expect(await attempt({ password: PASSWORD })).toBe('mfa-required');
    expect(await attempt({ password: PASSWORD, mfaCode: await owner.phone.wrongCode() })).toBe('mfa-invalid');
    expect(pendingIn(tenantId)).toBeUndefined();
    const mfaCode = await owner.phone.nextCode();
    expect(await attempt({ password: PASSWORD, mfaCode })).toBe('done');
    await cancel(owner);
    expect(await attempt({ password: PASSWORD, mfaCode })).toBe('mfa-invalid');
  });

  it('is made to an active member in use, who does not own it', async () => {
    const { owner, tenantId } = await theTwo();
    const stranger = await anOwner(test);
    const left = await aMemberOf(test, tenantId);
    const disabledHere = await aMemberOf(test, tenantId);
    const disabled = await aMemberOf(test, tenantId);
    await change(tenantId, left.actor.userId, (membership) => membership.leave(test.clock.now()));
    await change(tenantId, disabledHere.actor.userId, (membership) => membership.disable(test.clock.now()));
    put(test, disabled, { status: 'disabled' });
    for (const id of [stranger.actor.userId, left.actor.userId, anId<UserId>()]) {
      expect(await answerOf(offer(owner.actor, id))).toBe('not-found');
    }
    for (const id of [owner.actor.userId, disabledHere.actor.userId, disabled.actor.userId]) {
      await expect(offer(owner.actor, id)).rejects.toMatchObject({
        code: 'validation-error',
        details: { violations: [{ field: 'newOwnerId', code: 'NOT_ALLOWED' }] },
      });
    }
    expect(pendingIn(tenantId)).toBeUndefined();
  });

  it('is refused while one is pending, and takes the place of one that has expired', async () => {
    const { owner, other, tenantId } = await offered();
    const third = await aMemberOf(test, tenantId);
    expect(await answerOf(offer(owner.actor, third.actor.userId))).toBe('transfer-in-progress');
    expect(pendingIn(tenantId)?.newOwnerId).toBe(other.actor.userId);
    await later(72 * HOURS);
    const again = await signIn(test, v1(), owner);
    expect(await answerOf(offer(again.actor, third.actor.userId))).toBe('done');
    expect(pendingIn(tenantId)?.newOwnerId).toBe(third.actor.userId);
  });

  it('is made once of sixteen at once', async () => {
    const { owner, other, tenantId } = await theTwo();
    const { succeeded, refused } = await sixteenAtOnce((index) =>
      offer({ ...owner.actor, origin: from(`192.0.2.${index % 4}`) }, other.actor.userId),
    );
    expect(succeeded).toHaveLength(1);
    for (const error of refused) expect(error).toMatchObject({ code: 'transfer-in-progress' });
    expect(pendingIn(tenantId)?.id).toBe(succeeded[0]?.id);
    expect(test.audited('tenant.transfer.offered', { tenantId })).toHaveLength(1);
  });
});

describe('an offer', () => {
  const slowly = (meanwhile: () => Promise<unknown>) => beforeTheOfferIsRead(test, meanwhile).tenants;

  it('is not made to somebody who is removed at the same time', async () => {
    const { owner, other, tenantId } = await theTwo();
    const newOwnerId = other.actor.userId;
    const { offerTransfer } = slowly(() => test.iam.users.deleteUser.execute(owner.actor, { userId: newOwnerId }));
    const offering = offerTransfer.execute(owner.actor, { tenantId, newOwnerId, password: PASSWORD });
    expect(await answerOf(offering)).toBe('not-found');
    expect(pendingIn(tenantId)).toBeUndefined();
  });

  it('is not made without the code of a factor that is turned on at the same time, in the same session', async () => {
    const { owner, other, tenantId } = await theTwo();
    const { secret } = await test.iam.mfa.setUpTotp.execute(owner.actor, {});
    const code = await new Phone(secret, test.clock).code();
    const { offerTransfer } = slowly(() => test.iam.mfa.confirmTotp.execute(owner.actor, { code }));
    const input = { tenantId, newOwnerId: other.actor.userId, password: PASSWORD };
    expect(await answerOf(offerTransfer.execute(owner.actor, input))).toBe('mfa-required');
    expect(pendingIn(tenantId)).toBeUndefined();
  });

  it('is not made in a session that ends at the same time', async () => {
    const { owner, other, tenantId } = await theTwo();
    const { offerTransfer } = slowly(() => test.iam.authentication.endOwnSession.execute(owner.actor, {}));
    const input = { tenantId, newOwnerId: other.actor.userId, password: PASSWORD };
    expect(await answerOf(offerTransfer.execute(owner.actor, input))).toBe('token-invalid');
    expect(pendingIn(tenantId)).toBeUndefined();
  });

  it('is not cancelled in a session that ends at the same time', async () => {
    const { other, tenantId } = await offered();
    const { cancelTransfer } = slowly(() => test.iam.authentication.endOwnSession.execute(other.actor, {}));
    expect(await answerOf(cancelTransfer.execute(other.actor, tenantId))).toBe('token-invalid');
    expect(pendingIn(tenantId)).toBeDefined();
  });

  it('is worth nothing once the tenant has another owner', async () => {
    const { other, tenantId } = await offered();
    const third = await aMemberOf(test, tenantId);
    const tenant = { ...tenantOf(test, tenantId), ownerId: third.actor.userId };
    test.store.tenants.put(tenant, test.store.nextVersion());
    expect(await answerOf(accept(other))).toBe('not-found');
    expect(tenantOf(test, tenantId).ownerId).toBe(third.actor.userId);
  });
});

describe('taking over a tenant', () => {
  it('moves the owner role: the old owner is an admin from then on', async () => {
    const { owner, other, tenantId } = await offered();
    await expect(accept(other)).resolves.toMatchObject({ id: tenantId, ownerId: other.actor.userId });
    expect(tenantOf(test, tenantId).ownerId).toBe(other.actor.userId);
    expect(rolesIn(test, tenantId, owner.actor.userId)).toEqual(['admin']);
    expect(rolesIn(test, tenantId, other.actor.userId)).toEqual(['member', 'owner']);
    expect(ownersIn(test, tenantId)).toEqual([other.actor.userId]);
    expect(pendingIn(tenantId)).toBeUndefined();
  });

  it('acts on running sessions of both at once', async () => {
    const { owner, other } = await offered();
    await accept(other);
    const before = await actorOf(test, v1(), owner.tokens.accessToken);
    const after = await actorOf(test, v1(), other.tokens.accessToken);
    expect([before.roles, before.permissions.allows('*')]).toEqual([['admin'], false]);
    expect([after.roles, after.permissions.allows('*')]).toEqual([['member', 'owner'], true]);
  });

  it('is told to both and recorded', async () => {
    const { owner, other, tenantId } = await offered();
    const { name: tenant } = tenantOf(test, tenantId);
    await accept(other);
    for (const { email } of [owner, other]) {
      const mail = { kind: 'transfer-accepted', tenant, newOwner: other.email };
      expect(await test.mailsTo(email, 'transfer-accepted')).toEqual([mail]);
    }
    expect(test.audited('tenant.transferred', { entityId: tenantId, tenantId })).toMatchObject([
      { actorId: other.actor.userId, before: { ownerId: owner.actor.userId }, after: { ownerId: other.actor.userId } },
    ]);
  });

  it('leaves an old owner who has the role of an admin already with it, and with whatever else there is', async () => {
    const { owner, other, tenantId } = await theTwo();
    const role = (slug: string) =>
      test.store.roles.ofGroup('tenant', `${test.platform.id} ${tenantId}`).find((found) => found.slug === slug)?.id;
    for (const id of [role('admin'), role('member')]) {
      if (id !== undefined)
        await change(tenantId, owner.actor.userId, (membership) => membership.assign(id, test.clock.now()));
    }
    const again = await entering(test, owner, tenantId);
    await offer(again.actor, other.actor.userId);
    await accept(other);
    expect(rolesIn(test, tenantId, owner.actor.userId)).toEqual(['admin', 'member']);
  });

  it('leaves an old owner without a role where there is no admin role any more', async () => {
    const { owner, other, tenantId } = await theTwo();
    const admin = test.store.roles
      .ofGroup('tenant', `${test.platform.id} ${tenantId}`)
      .find(({ slug }) => slug === 'admin');
    await test.iam.roles.deleteRole.execute(owner.actor, { id: admin?.id as RoleId });
    await offer(owner.actor, other.actor.userId);
    await accept(other);
    expect(rolesIn(test, tenantId, owner.actor.userId)).toEqual([]);
    expect(ownersIn(test, tenantId)).toEqual([other.actor.userId]);
  });

  it('is for the new owner alone, and not-found for everybody else', async () => {
    const { owner, tenantId } = await offered();
    const third = await aMemberOf(test, tenantId, ['admin']);
    for (const person of [owner, third]) expect(await answerOf(accept(person))).toBe('not-found');
    expect(ownersIn(test, tenantId)).toEqual([owner.actor.userId]);
  });

  it('is not-found when nothing is pending', async () => {
    const { other } = await theTwo();
    expect(await answerOf(accept(other))).toBe('not-found');
  });

  it('is not-found after 72 hours', async () => {
    const { other, tenantId } = await offered();
    await later(72 * HOURS - 1);
    const signedIn = await test.iam.authentication.login.execute(v1(), other);
    if (signedIn.kind !== 'tenant-selection') throw new Error('no choice');
    const { sessionToken } = signedIn;
    const tokens = await test.iam.authentication.selectTenant.execute(v1(), { sessionToken, tenantId });
    const actor = await actorOf(test, v1(), tokens.accessToken);
    await later(1);
    expect(await answerOf(accept({ actor }))).toBe('not-found');
    expect(await answerOf(cancel({ actor }))).toBe('not-found');
  });

  it('takes a recent authentication', async () => {
    const { other, tenantId } = await offered();
    const [stale] = await later(301, other);
    if (stale === undefined) throw new Error('nobody');
    expect(await answerOf(accept(stale))).toBe('reauthentication-required');
    await test.iam.authentication.reauthenticate.execute(stale.actor, { password: PASSWORD });
    await expect(accept(stale)).resolves.toMatchObject({ ownerId: other.actor.userId });
    expect(ownersIn(test, tenantId)).toEqual([other.actor.userId]);
  });

  it('takes a proven address: whoever may disown the account would take the tenant along', async () => {
    const { other, tenantId } = await offered();
    put(test, other, { emailVerifiedAt: null });
    expect(await answerOf(accept(other))).toBe('email-not-verified');
    expect(pendingIn(tenantId)).toBeDefined();
  });

  it('is for somebody who is still a member, in use', async () => {
    const { owner, other, tenantId } = await offered();
    await change(tenantId, other.actor.userId, (membership) => membership.disable(test.clock.now()));
    expect(await answerOf(accept(other))).toBe('token-invalid');
    await change(tenantId, other.actor.userId, (membership) => membership.enable(test.clock.now()));
    put(test, other, { status: 'disabled' });
    expect(await answerOf(accept(other))).toBe('token-invalid');
    expect(ownersIn(test, tenantId)).toEqual([owner.actor.userId]);
  });

  it('is not for somebody who has 50 roles by then, and leaves everything as it is', async () => {
    const { owner, other, tenantId } = await offered();
    const { roles } = test.iam;
    for (let index = 0; index < 49; index += 1) {
      const { id } = await roles.composeRole.execute(owner.actor, { name: `Role ${index}`, permissions: [] });
      await change(tenantId, other.actor.userId, (membership) => membership.assign(id, test.clock.now()));
    }
    expect(await answerOf(accept(other))).toBe('rbac-limit-exceeded');
    expect(ownersIn(test, tenantId)).toEqual([owner.actor.userId]);
    expect(pendingIn(tenantId)).toBeDefined();
  });

  it('may be followed by the way back', async () => {
    const { owner, other, tenantId } = await offered();
    await accept(other);
    const before = await entering(test, owner, tenantId);
    const after = await entering(test, other, tenantId);
    await offer(after.actor, owner.actor.userId);
    await accept(before);
    expect(ownersIn(test, tenantId)).toEqual([owner.actor.userId]);
    expect(tenantOf(test, tenantId).ownerId).toBe(owner.actor.userId);
    expect(rolesIn(test, tenantId, other.actor.userId)).toEqual(['admin', 'member']);
  });
});

describe('cancelling an offer', () => {
  it.each(['owner', 'other'] as const)('is for the %s', async (who) => {
    const two = await offered();
    const { tenantId } = two;
    await cancel(two[who]);
    expect(pendingIn(tenantId)).toBeUndefined();
    const { name: tenant } = tenantOf(test, tenantId);
    for (const { email } of [two.owner, two.other]) {
      expect(await test.mailsTo(email, 'transfer-cancelled')).toEqual([{ kind: 'transfer-cancelled', tenant }]);
    }
    const about = { entityId: tenantId, actorId: two[who].actor.userId, userId: two.other.actor.userId, tenantId };
    expect(test.audited('tenant.transfer.cancelled', about)).toHaveLength(1);
    expect(await answerOf(accept(two.other))).toBe('not-found');
  });

  it('takes no recent authentication', async () => {
    const { owner } = await offered();
    const [stale] = await later(301, owner);
    if (stale === undefined) throw new Error('nobody');
    expect(await answerOf(cancel(stale))).toBe('done');
  });

  it('is not-found for anybody else, and when nothing is pending', async () => {
    const { owner, other, tenantId } = await offered();
    const admin = await aMemberOf(test, tenantId, ['admin']);
    expect(await answerOf(cancel(admin))).toBe('not-found');
    await cancel(other);
    for (const person of [owner, other]) expect(await answerOf(cancel(person))).toBe('not-found');
  });
});

describe('mails about a transfer', () => {
  it('name the new owner where they have a name', async () => {
    const owner = await anOwner(test);
    const other = await aMemberOf(test, owner.actor.tenantId);
    await test.iam.account.updateProfile.execute(other.actor, { firstName: 'Grace', lastName: 'Hopper' });
    await offer(owner.actor, other.actor.userId);
    expect(await test.mailTo(owner.email, 'transfer-offered')).toMatchObject({ newOwner: 'Grace Hopper' });
  });

  it('are not written to somebody who is gone', async () => {
    const { owner, other } = await offered();
    put(test, other, { status: 'disabled' });
    expect(await test.mailsTo(other.email, 'transfer-offered')).toEqual([]);
    expect(await test.mailsTo(owner.email, 'transfer-offered')).toHaveLength(1);
  });
});

describe('the tenant of the platform', () => {
  it('passes on like any other, and its old owner is signed out everywhere', async () => {
    const fresh = await anIam(() => ({ passwordHasher: aQuickHasher() }));
    const visitor = at(fresh.platform, 'v1');
    const owner = await signIn(fresh, visitor, { email: 'owner@example.test', password: PASSWORD });
    const { rootTenantId: tenantId } = fresh.platform;
    const other = await aMemberOf(fresh, tenantId, ['admin']);
    const input = { tenantId, newOwnerId: other.actor.userId, password: PASSWORD };
    await fresh.iam.tenants.offerTransfer.execute(owner.actor, input);
    await fresh.iam.tenants.acceptTransfer.execute(other.actor, tenantId);
    const after = await actorOf(fresh, visitor, other.tokens.accessToken);
    expect(after.permissions.allows('users.impersonate')).toBe(true);
    expect(await answerOf(actorOf(fresh, visitor, owner.tokens.accessToken))).toBe('token-invalid');
    const again = await signIn(fresh, visitor, { email: 'owner@example.test', password: PASSWORD });
    expect(again.actor.roles).toEqual(['admin']);
    expect(again.actor.permissions.allows('users.impersonate')).toBe(false);
  });
});

function change(tenantId: TenantId, userId: UserId, how: (membership: Membership) => void): Promise<void> {
  return test.ports.unitOfWork.run(async ({ memberships }) => {
    const membership = await memberships.find(test.platform.id, tenantId, userId);
    if (membership === undefined) throw new Error('no member');
    how(membership);
    memberships.save(membership);
  });
}
