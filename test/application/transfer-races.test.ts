import { beforeAll, describe, expect, it } from 'vitest';
import type { UserActor } from '../../src/application/actor.ts';
import { createIam, type Iam } from '../../src/application/iam.ts';
import type { TenantId } from '../../src/domain/tenant/tenant.ts';
import { isInUse } from '../../src/domain/user/account-standing.ts';
import type { UserId } from '../../src/domain/user/user.ts';
import type { UnitOfWork } from '../../src/ports/unit-of-work.ts';
import {
  actorOf,
  anIam,
  at,
  type LoggedInUser,
  OWNER_EMAIL,
  PASSWORD,
  signIn,
  type TestIam,
  thePlatformOwner,
} from '../support/an-iam.ts';
import { aQuickHasher } from '../support/quick-hasher.ts';
import { anOwner, beforeTheOfferIsRead, entering, join, ownersIn, personOf, tenantOf } from './tenant-people.ts';

const ROUNDS = 200;

let test: TestIam;
let owner: LoggedInUser;
let other: LoggedInUser;
/** Is an admin wherever a newcomer is made an offer. */
let admin: LoggedInUser;
let platformOwner: UserActor;
beforeAll(async () => {
  test = await anIam(() => ({ passwordHasher: aQuickHasher() }));
  owner = await anOwner(test);
  other = await anOwner(test);
  admin = await anOwner(test);
  platformOwner = await thePlatformOwner(test);
});

type Credentials = Pick<LoggedInUser, 'email' | 'password'>;

/** A tenant that its owner has offered to the other, both signed in there. */
interface Offered {
  readonly tenantId: TenantId;
  readonly by: UserActor;
  readonly to: UserActor;
}

async function anOffer(): Promise<Offered> {
  const { id: tenantId } = await test.iam.tenants.createTenant.execute(owner.actor, { name: 'Contested' });
  await join(test, tenantId, other.actor.userId);
  const { actor: by } = await entering(test, owner, tenantId);
  const { actor: to } = await entering(test, other, tenantId);
  await test.iam.tenants.offerTransfer.execute(by, { tenantId, newOwnerId: to.userId, password: PASSWORD });
  return { tenantId, by, to };
}

/** To somebody who belongs to no other tenant. */
async function anOfferToANewcomer(): Promise<Offered & { readonly remover: UserActor }> {
  const newcomer = await anOwner(test);
  test.store.memberships.delete(`${test.platform.id} ${newcomer.actor.tenantId} ${newcomer.actor.userId}`);
  const { id: tenantId } = await test.iam.tenants.createTenant.execute(owner.actor, { name: 'Contested' });
  await join(test, tenantId, newcomer.actor.userId);
  await join(test, tenantId, admin.actor.userId, ['admin']);
  const { actor: remover } = await entering(test, admin, tenantId);
  const { actor: by } = await entering(test, owner, tenantId);
  const { actor: to } = await signIn(test, newcomer.visitor, newcomer);
  await test.iam.tenants.offerTransfer.execute(by, { tenantId, newOwnerId: to.userId, password: PASSWORD });
  return { tenantId, by, to, remover };
}

/** Lets others go first, sooner or later, before each read and before the commit. */
function hesitating(unitOfWork: UnitOfWork, turns: () => number): UnitOfWork {
  const hesitate = async (): Promise<void> => {
    for (let left = turns(); left > 0; left -= 1) await Promise.resolve();
  };
  const slow = <Target extends object>(target: Target): Target =>
    new Proxy(target, {
      get(found, name): unknown {
        const value: unknown = Reflect.get(found, name);
        if (typeof value === 'object' && value !== null) return slow(value);
        if (typeof value !== 'function' || !/^(?:by|of|find|with|held|count)/.test(String(name))) return value;
        return async (...given: readonly unknown[]): Promise<unknown> => {
          await hesitate();
          return Reflect.apply(value, found, given);
        };
      },
    });
  return {
    run: (work) =>
      unitOfWork.run(async (repositories) => {
        const answer = await work(slow(repositories));
        await hesitate();
        return answer;
      }),
  };
}

/** An iam whose work is interleaved differently in every round. */
function hesitant(round: number, { ports } = test): Iam {
  let step = round;
  const turns = (): number => {
    step = (step * 48_271 + 11) % 2_147_483_647;
    return step % 5 === 0 ? step % 83 : step % 4;
  };
  return createIam({ ...ports, unitOfWork: hesitating(ports.unitOfWork, turns) });
}

/** All at once, though each round lets another one begin first; whether each was done. */
function race(round: number, ...attempts: readonly (() => Promise<unknown>)[]): Promise<readonly boolean[]> {
  return Promise.all(
    attempts.map(async (attempt, index) => {
      for (let left = (round * (31 + 42 * index)) % 97; left > 0; left -= 1) await Promise.resolve();
      return attempt().then(
        () => true,
        () => false,
      );
    }),
  );
}

function assertOneOwner(tenantId: TenantId, expected: UserId): void {
  expect(ownersIn(test, tenantId)).toEqual([expected]);
  expect(tenantOf(test, tenantId).ownerId).toBe(expected);
}

/** Both came first in some of the rounds, or the race was none. */
function assertContested(outcomes: ReadonlyMap<string, number>, ...expected: readonly string[]): void {
  for (const outcome of expected) expect([outcome, (outcomes.get(outcome) ?? 0) > 0]).toEqual([outcome, true]);
}

async function inEveryRound(round: (index: number) => Promise<string>): Promise<ReadonlyMap<string, number>> {
  const outcomes = new Map<string, number>();
  for (let index = 1; index <= ROUNDS; index += 1) {
    const outcome = await round(index);
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  }
  return outcomes;
}

describe('a tenant has exactly one owner, whatever happens at once', () => {
  it('when it is taken over, taken over once more and cancelled', { timeout: 60_000 }, async () => {
    const outcomes = await inEveryRound(async (round) => {
      const { tenantId, by, to } = await anOffer();
      const { acceptTransfer, cancelTransfer } = hesitant(round).tenants;
      const [first, cancelled, second] = await race(
        round,
        () => acceptTransfer.execute(to, tenantId),
        () => cancelTransfer.execute(round % 2 === 0 ? by : to, tenantId),
        () => acceptTransfer.execute(to, tenantId),
      );
      const accepted = first === true || second === true;
      expect([first, cancelled, second].filter((done) => done === true)).toHaveLength(1);
      assertOneOwner(tenantId, accepted ? to.userId : by.userId);
      return accepted ? 'accepted' : 'cancelled';
    });
    assertContested(outcomes, 'accepted', 'cancelled');
  });

  it('when the new owner is removed', { timeout: 60_000 }, async () => {
    const outcomes = await inEveryRound(async (round) => {
      const { tenantId, by, to } = await anOffer();
      const iam = hesitant(round);
      const [accepted, removed] = await race(
        round,
        () => iam.tenants.acceptTransfer.execute(to, tenantId),
        () => iam.users.deleteUser.execute(by, { userId: to.userId }),
      );
      expect(accepted).toBe(!removed);
      assertOneOwner(tenantId, accepted ? to.userId : by.userId);
      const membership = test.store.memberships.get(`${test.platform.id} ${tenantId} ${to.userId}`);
      expect(membership?.deletedAt === null).toBe(accepted);
      return accepted ? 'accepted' : 'removed';
    });
    assertContested(outcomes, 'accepted', 'removed');
  });

  it('when the account of the new owner, who belongs nowhere else, is deleted or disabled', {
    timeout: 60_000,
  }, async () => {
    const outcomes = await inEveryRound(async (round) => {
      const { tenantId, by, to, remover } = await anOfferToANewcomer();
      const iam = hesitant(round);
      const { userId } = to;
      const [accepted, gone] = await race(
        round,
        () => iam.tenants.acceptTransfer.execute(to, tenantId),
        async () =>
          round % 2 === 0
            ? iam.users.deleteUser.execute(remover, { userId })
            : iam.users.updateUser.execute(remover, { userId, status: 'disabled' }),
      );
      expect(accepted).toBe(!gone);
      assertOneOwner(tenantId, accepted ? userId : by.userId);
      expect(isInUse(personOf(test, to))).toBe(accepted);
      return accepted ? 'accepted' : 'gone';
    });
    assertContested(outcomes, 'accepted', 'gone');
  });

  it('when it is taken over by somebody whose deletion has looked at who the owner is', async () => {
    const { tenantId, to, remover } = await anOfferToANewcomer();
    const accept = () => test.iam.tenants.acceptTransfer.execute(to, tenantId);
    const { deleteUser } = beforeTheOfferIsRead(test, accept).users;
    await expect(deleteUser.execute(remover, { userId: to.userId })).rejects.toMatchObject({ code: 'forbidden' });
    assertOneOwner(tenantId, to.userId);
    expect(isInUse(personOf(test, to))).toBe(true);
  });

  it('when it is blocked', { timeout: 60_000 }, async () => {
    const outcomes = await inEveryRound(async (round) => {
      const { tenantId, by, to } = await anOffer();
      const iam = hesitant(round);
      const [accepted, blocked] = await race(
        round,
        () => iam.tenants.acceptTransfer.execute(to, tenantId),
        () => iam.tenants.blockTenant.execute(platformOwner, tenantId),
      );
      expect(blocked).toBe(true);
      assertOneOwner(tenantId, accepted ? to.userId : by.userId);
      expect(tenantOf(test, tenantId).blockedAt).not.toBeNull();
      return accepted ? 'accepted' : 'blocked';
    });
    assertContested(outcomes, 'accepted', 'blocked');
  });

  it('when it is that of the platform, whose old owner acts in nobody’s place any more', {
    timeout: 60_000,
  }, async () => {
    const fresh = await anIam(() => ({ passwordHasher: aQuickHasher() }));
    const { rootTenantId: tenantId } = fresh.platform;
    const visitor = at(fresh.platform, 'v1');
    const helped = await anOwner(fresh);
    const someone = await anOwner(fresh);
    fresh.store.memberships.delete(`${fresh.platform.id} ${someone.actor.tenantId} ${someone.actor.userId}`);
    await join(fresh, tenantId, someone.actor.userId);
    let owning: Credentials = { email: OWNER_EMAIL, password: PASSWORD };
    let heir: Credentials = someone;
    const outcomes = await inEveryRound(async (round) => {
      const { actor: by } = await signIn(fresh, visitor, owning);
      const { actor: to } = await signIn(fresh, visitor, heir);
      await fresh.iam.tenants.offerTransfer.execute(by, { tenantId, newOwnerId: to.userId, password: PASSWORD });
      const iam = hesitant(round, fresh);
      const input = { tenantId: helped.actor.tenantId, reason: 'support_request' };
      let token: string | undefined;
      const [accepted, opened] = await race(
        round,
        () => iam.tenants.acceptTransfer.execute(to, tenantId),
        async () => {
          ({ accessToken: token } = await iam.authentication.impersonate.execute(by, input));
        },
      );
      expect(accepted).toBe(true);
      if (token !== undefined) {
        await expect(actorOf(fresh, visitor, token)).rejects.toMatchObject({ code: 'token-invalid' });
      }
      [owning, heir] = [heir, owning];
      return opened ? 'opened before' : 'refused';
    });
    assertContested(outcomes, 'opened before', 'refused');
  });
});
