import { beforeAll, describe, expect, it } from 'vitest';
import type { UserActor } from '../../src/application/actor.ts';
import { createIam, type Iam } from '../../src/application/iam.ts';
import type { TenantId } from '../../src/domain/tenant/tenant.ts';
import {
  aLoggedInUser,
  anIam,
  type LoggedInUser,
  PASSWORD,
  type TestIam,
  thePlatformOwner,
} from '../support/an-iam.ts';
import { beforeCommit } from '../support/before-commit.ts';
import { aQuickHasher } from '../support/quick-hasher.ts';
import { answerOf } from './recovery-person.ts';
import { aMemberOf, anOwner, join } from './tenant-people.ts';

let test: TestIam;
beforeAll(async () => {
  test = await anIam(() => ({ passwordHasher: aQuickHasher() }));
});

interface TheTwo {
  readonly owner: LoggedInUser;
  readonly other: LoggedInUser;
  /** Neither of the two. */
  readonly admin: LoggedInUser;
  readonly tenantId: TenantId;
}

/** `elsewhere`: whether the new owner is a member of another tenant too. They own none. */
async function theTwo({ elsewhere = true } = {}): Promise<TheTwo> {
  const owner = await anOwner(test);
  const { tenantId } = owner.actor;
  const other = await aMemberOf(test, tenantId);
  const { projectId, userId } = other.actor;
  await test.ports.unitOfWork.run(async ({ tenants }) => {
    for (const tenant of await tenants.ownedBy(projectId, userId)) tenants.remove(tenant);
  });
  if (elsewhere) await join(test, (await anOwner(test)).actor.tenantId, userId);
  return { owner, tenantId, other, admin: await aMemberOf(test, tenantId, ['admin']) };
}

const offer = ({ owner, other, tenantId }: TheTwo, iam: Iam = test.iam) =>
  iam.tenants.offerTransfer.execute(owner.actor, { tenantId, newOwnerId: other.actor.userId, password: PASSWORD });
const pendingIn = (tenantId: TenantId) => test.store.ownershipTransfers.get(`${test.platform.id} ${tenantId}`);
const trailOf = (tenantId: TenantId) => test.audited('tenant.transfer.cancelled', { entityId: tenantId });

type End = readonly [name: string, given: { readonly elsewhere?: boolean }, (two: TheTwo) => Promise<UserActor>];

const BY_TENANT = {
  'removed from': async ({ admin, other }: TheTwo) => {
    await test.iam.users.deleteUser.execute(admin.actor, { userId: other.actor.userId });
    return admin.actor;
  },
  'disabled in': async ({ admin, other }: TheTwo) => {
    await test.iam.users.updateUser.execute(admin.actor, { userId: other.actor.userId, status: 'disabled' });
    return admin.actor;
  },
} as const;

const byPlatform = (who: 'owner' | 'other') => async (two: TheTwo) => {
  const by = await thePlatformOwner(test);
  await test.iam.users.updateUser.execute(by, { userId: two[who].actor.userId, status: 'disabled' });
  return by;
};

const ENDS: readonly End[] = [
  ...Object.entries(BY_TENANT).flatMap(([name, end]): readonly End[] => [
    [`of the new owner, who is ${name} the tenant, one of theirs`, {}, end],
    [`of the new owner, who is ${name} the tenant, their only one`, { elsewhere: false }, end],
  ]),
  ['of the new owner, whom the owner of the platform disables', {}, byPlatform('other')],
  ['of the old owner, whom the owner of the platform disables', {}, byPlatform('owner')],
];

describe('the offer of a tenant ends with an account or a place that is out of use', () => {
  it.each(ENDS)('%s', async (_, given, end) => {
    const two = await theTwo(given);
    await offer(two);
    const { userId: actorId } = await end(two);
    expect(pendingIn(two.tenantId)).toBeUndefined();
    const newOwnerId = two.other.actor.userId;
    const told = { tenantId: two.tenantId, actorId, userId: newOwnerId, before: { newOwnerId } };
    expect(trailOf(two.tenantId)).toMatchObject([told]);
    expect(await answerOf(test.iam.tenants.acceptTransfer.execute(two.other.actor, two.tenantId))).not.toBe('done');
  });

  it('of the new owner, whose account was made by somebody else, and is disowned', async () => {
    const two = await theTwo();
    const unproven = await aLoggedInUser(test, two.owner.visitor);
    await join(test, two.tenantId, unproven.actor.userId);
    await offer({ ...two, other: unproven });
    const { disownToken: token } = await test.mailTo(unproven.email, 'verify-email-link');
    await test.iam.account.disown.execute(unproven.visitor, { token });
    expect(pendingIn(two.tenantId)).toBeUndefined();
    expect(trailOf(two.tenantId)).toMatchObject([{ userId: unproven.actor.userId, actorId: null }]);
  });

  it('is told to whoever is left', async () => {
    const two = await theTwo();
    await offer(two);
    await test.iam.users.deleteUser.execute(two.admin.actor, { userId: two.other.actor.userId });
    expect(await test.mailsTo(two.owner.email, 'transfer-cancelled')).toHaveLength(1);
  });

  it('is no news once it has expired', async () => {
    const two = await theTwo();
    await offer(two);
    test.clock.advance(72 * 60 * 60);
    await test.iam.users.updateUser.execute(await thePlatformOwner(test), {
      userId: two.other.actor.userId,
      status: 'disabled',
    });
    expect(trailOf(two.tenantId)).toEqual([]);
  });

  it('in that tenant alone, where the place alone is out of use', async () => {
    const two = await theTwo();
    const elsewhere = { ...(await theTwo()), other: two.other };
    await join(test, elsewhere.tenantId, two.other.actor.userId);
    await offer(two);
    await offer(elsewhere);
    await test.iam.users.deleteUser.execute(two.admin.actor, { userId: two.other.actor.userId });
    expect(pendingIn(two.tenantId)).toBeUndefined();
    expect(pendingIn(elsewhere.tenantId)).toBeDefined();
  });

  it.each(ENDS)('also when it is made at the same time: %s', async (_, given, end) => {
    const two = await theTwo(given);
    let ended: Promise<unknown> | undefined;
    const unitOfWork = beforeCommit(test.ports.unitOfWork, async () => {
      ended ??= end(two);
      await ended;
    });
    expect(await answerOf(offer(two, createIam({ ...test.ports, unitOfWork })))).not.toBe('done');
    expect(pendingIn(two.tenantId)).toBeUndefined();
  });

  it.each(ENDS)('also when it is made just before: %s', async (_, given, end) => {
    const two = await theTwo(given);
    const real = test.iam;
    let offered: Promise<unknown> | undefined;
    const unitOfWork = beforeCommit(test.ports.unitOfWork, async () => {
      offered ??= offer(two, real);
      await offered;
    });
    test = { ...test, iam: createIam({ ...test.ports, unitOfWork }) };
    await end(two).finally(() => {
      test = { ...test, iam: real };
    });
    expect(pendingIn(two.tenantId)).toBeUndefined();
    expect(trailOf(two.tenantId)).toHaveLength(1);
  });
});
