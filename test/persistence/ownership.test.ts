import { afterAll, beforeAll, expect, it } from 'vitest';
import { cryptoPorts } from '../../src/adapters/container/crypto-ports.ts';
import { UuidV7Generator } from '../../src/adapters/memory/index.ts';
import { openPostgres, type PostgresConnection, persistencePorts } from '../../src/adapters/persistence/index.ts';
import type { UserActor } from '../../src/application/actor.ts';
import { createIam, type Iam } from '../../src/application/iam.ts';
import type { TenantId } from '../../src/domain/tenant/tenant.ts';
import type { UserId } from '../../src/domain/user/user.ts';
import {
  actorOf,
  aLoggedInUser,
  anIam,
  at,
  type LoggedInUser,
  PASSWORD,
  type TestIam,
  thePlatformOwner,
} from '../support/an-iam.ts';
import { attested, keyRing } from '../support/attested.ts';
import { aMembership } from '../support/builders.ts';
import { describeWithPostgres, freshDatabase } from '../support/databases.ts';
import { sixteenAtOnce } from '../support/sixteen.ts';
import { migratedTemplate } from './template.ts';

const ROUNDS = 50;

describeWithPostgres('the owner of a tenant, on two replicas of one database', () => {
  let opened: PostgresConnection;
  let test: TestIam;
  let replicas: readonly [Iam, Iam];
  let owner: LoggedInUser;
  let other: LoggedInUser;
  let platformOwner: UserActor;
  beforeAll(async () => {
    opened = openPostgres({ url: (await freshDatabase(migratedTemplate)).url });
    const hash = { parameters: { memoryCost: 32, timeCost: 1, parallelism: 1 }, concurrency: 2, queue: 128 };
    test = await anIam(({ clock }) => {
      const stored = persistencePorts(opened.database, { idGenerator: new UuidV7Generator(), attested });
      const { signingKeyDirectory } = stored;
      const crypto = cryptoPorts({ keyRing, hash, signingKeyDirectory, publicUrl: 'http://localhost', clock });
      return { ...stored, ...crypto };
    });
    replicas = [test.iam, createIam(test.ports)];
    owner = await somebody();
    other = await somebody();
    platformOwner = await thePlatformOwner(test);
  });
  afterAll(() => opened.close());

  /** With a proven address: no relay runs here. */
  async function somebody(): Promise<LoggedInUser> {
    const user = await aLoggedInUser(test, at(test.platform, 'v1'));
    await test.ports.unitOfWork.run(async ({ users }) => {
      const found = await users.byId(test.platform.id, user.actor.userId);
      found?.proveMailbox(test.clock.now());
      if (found !== undefined) users.save(found);
    });
    return user;
  }

  async function entering({ actor, visitor }: LoggedInUser, tenantId: TenantId): Promise<UserActor> {
    const tokens = await test.iam.authentication.switchTenant.execute(actor, { tenantId });
    return actorOf(test, visitor, tokens.accessToken);
  }

  async function aTenant() {
    const { id: tenantId } = await test.iam.tenants.createTenant.execute(owner.actor, { name: 'Contested' });
    const { id: projectId } = test.platform;
    await test.ports.unitOfWork.run(async ({ roles, memberships }) => {
      const { userId } = other.actor;
      const held = await roles.bySlugs(projectId, tenantId, ['member']);
      memberships.save(aMembership(test.clock.now(), { projectId, tenantId, userId }, held));
    });
    const by = await entering(owner, tenantId);
    const offer = (iam = test.iam) =>
      iam.tenants.offerTransfer.execute(by, { tenantId, newOwnerId: other.actor.userId, password: PASSWORD });
    return { tenantId, by, to: await entering(other, tenantId), offer };
  }

  async function anOffer() {
    const tenant = await aTenant();
    await tenant.offer();
    return tenant;
  }

  const race = (...attempts: readonly Promise<unknown>[]): Promise<readonly boolean[]> =>
    Promise.allSettled(attempts).then((outcomes) => outcomes.map(({ status }) => status === 'fulfilled'));

  async function assertOneOwner(tenantId: TenantId, expected: UserId): Promise<void> {
    const { tenantDirectory, userDirectory } = test.ports;
    const holders = await userDirectory.holdersOf(test.platform.id, tenantId, ['owner']);
    expect(holders.map(({ id }) => id)).toEqual([expected]);
    expect((await tenantDirectory.byId(test.platform.id, tenantId))?.ownerId).toBe(expected);
  }

  it('is one, when the tenant is taken over, taken over once more and cancelled', { timeout: 60_000 }, async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const { tenantId, by, to } = await anOffer();
      const [here, there] = replicas;
      const [first, cancelled, second] = await race(
        here.tenants.acceptTransfer.execute(to, tenantId),
        there.tenants.cancelTransfer.execute(round % 2 === 0 ? by : to, tenantId),
        there.tenants.acceptTransfer.execute(to, tenantId),
      );
      expect([first, cancelled, second].filter((done) => done === true)).toHaveLength(1);
      await assertOneOwner(tenantId, cancelled === true ? by.userId : to.userId);
    }
  });

  it('is one, when the new owner is removed', { timeout: 60_000 }, async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const { tenantId, by, to } = await anOffer();
      const [here, there] = replicas;
      const [accepted, removed] = await race(
        here.tenants.acceptTransfer.execute(to, tenantId),
        there.users.deleteUser.execute(by, { userId: to.userId }),
      );
      expect(accepted).toBe(!removed);
      await assertOneOwner(tenantId, accepted === true ? to.userId : by.userId);
    }
  });

  it('is one, when the tenant is blocked', { timeout: 60_000 }, async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const { tenantId, by, to } = await anOffer();
      const [here, there] = replicas;
      const [accepted, blocked] = await race(
        here.tenants.acceptTransfer.execute(to, tenantId),
        there.tenants.blockTenant.execute(platformOwner, tenantId),
      );
      expect(blocked).toBe(true);
      await assertOneOwner(tenantId, accepted === true ? to.userId : by.userId);
    }
  });

  it('may be acted for by the owner of the platform', async () => {
    const { tenantId } = await aTenant();
    const input = { tenantId, reason: 'support_request' };
    const tokens = await test.iam.authentication.impersonate.execute(platformOwner, input);
    const actor = await actorOf(test, owner.visitor, tokens.accessToken);
    expect(actor).toMatchObject({ userId: owner.actor.userId, impersonatorId: platformOwner.userId });
    await test.iam.tenants.updateTenant.execute(actor, { id: tenantId, name: 'Helped' });
    await test.iam.authentication.endOwnSession.execute(actor, {});
    await expect(test.iam.account.readProfile.execute(actor)).rejects.toMatchObject({ code: 'token-invalid' });
  });

  it('makes one offer, of sixteen at once, and another once that has expired', async () => {
    const { offer, by, tenantId } = await aTenant();
    const { succeeded } = await sixteenAtOnce((index) => offer(replicas[index % 2]));
    expect(succeeded).toHaveLength(1);
    await expect(offer()).rejects.toMatchObject({ code: 'transfer-in-progress' });
    test.clock.advance(72 * 60 * 60);
    await test.iam.authentication.reauthenticate.execute(by, { password: PASSWORD });
    await expect(offer()).resolves.toMatchObject({ newOwnerId: other.actor.userId });
    await test.iam.tenants.cancelTransfer.execute(by, tenantId);
    await expect(test.iam.tenants.cancelTransfer.execute(by, tenantId)).rejects.toMatchObject({ code: 'not-found' });
  });
});
