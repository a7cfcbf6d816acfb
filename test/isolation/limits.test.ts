import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { UserActor } from '../../src/application/actor.ts';
import { Role, type RoleId, type RoleState } from '../../src/domain/role/role.ts';
import type { UserId } from '../../src/domain/user/user.ts';
import { MAX_TENANT_WEBHOOKS } from '../../src/domain/webhook/webhook-endpoint.ts';
import { aColleague, anOwner } from '../http/v1-people.ts';
import { anId } from '../support/builders.ts';
import { describeWithPostgres } from '../support/databases.ts';
import { countOf, type Replicas, ROUNDS, ROUNDS_TIMEOUT, settled, twoReplicas } from './replicas.ts';

const MOST_ROLES = 500;
const MOST_OF_A_MEMBER = 50;

describeWithPostgres('what is limited stays so on two replicas', () => {
  let replicas: Replicas;
  let owner: UserActor;
  let memberId: UserId;
  let roles: readonly RoleState[];
  beforeAll(async () => {
    replicas = await twoReplicas();
    const person = await anOwner(replicas.world);
    owner = await replicas.actor(person.token);
    memberId = (await aColleague(replicas.world, person)).id as UserId;
    roles = await filledUp(MOST_ROLES - 1);
    await holding(MOST_OF_A_MEMBER - 1);
  });
  afterAll(() => replicas[Symbol.asyncDispose]());

  const replica = (index: number) => replicas.iams[index % 2 === 0 ? 0 : 1];

  /** The tenant has so many roles; answers those that it had not before. */
  async function filledUp(count: number): Promise<readonly RoleState[]> {
    const { projectId, tenantId, userId } = owner;
    const now = replicas.world.clock.now();
    return replicas.ports[0].unitOfWork.run(async ({ tenants, roles: all }) => {
      const tenant = await tenants.byId(projectId, tenantId);
      if (tenant === undefined) throw new Error('no tenant');
      const made: Role[] = [];
      while (tenant.toState().roleCount < count) {
        tenant.addRole();
        const [id, slug] = [anId<RoleId>(), `filler-${made.length}`];
        const given = { name: slug, slug, description: null, permissions: [], builtIn: false, createdBy: userId };
        made.push(Role.compose({ id, projectId, tenantId, ...given }, now));
      }
      tenants.save(tenant);
      for (const role of made) all.save(role);
      return made.map((role) => role.toState());
    });
  }

  /** The member has so many roles. */
  async function holding(count: number): Promise<void> {
    const { projectId, tenantId } = owner;
    await replicas.ports[0].unitOfWork.run(async ({ memberships }) => {
      const membership = await memberships.find(projectId, tenantId, memberId);
      if (membership === undefined) throw new Error('no member');
      const missing = count - membership.toState().roleIds.length;
      for (const { id } of roles.slice(0, missing)) membership.assign(id, replicas.world.clock.now());
      memberships.save(membership);
    });
  }

  it('thirty roles are made at once where there is room for one: one of them', ROUNDS_TIMEOUT, async () => {
    const { database } = replicas;
    const { tenantId } = owner;
    const stored = () => countOf(database, sql`from roles where tenant_id = ${tenantId}`);
    expect(await stored()).toBe(MOST_ROLES - 1);
    for (let round = 0; round < ROUNDS; round += 1) {
      const { done, refusals } = await settled(
        Array.from({ length: 30 }, (_, index) =>
          replica(index).roles.composeRole.execute(owner, { name: `Racer ${round} ${index}`, permissions: [] }),
        ),
      );
      expect(await stored()).toBe(MOST_ROLES);
      expect(await countOf(database, sql`from tenants where id = ${tenantId} and role_count = ${MOST_ROLES}`)).toBe(1);
      expect(done).toHaveLength(1);
      for (const refusal of refusals) expect(['rbac-limit-exceeded', 'conflict']).toContain(refusal);
      for (const { id } of done) await replicas.iams[0].roles.deleteRole.execute(owner, { id });
    }
  });

  it('twenty roles are given at once to somebody who may have one more: one of them', ROUNDS_TIMEOUT, async () => {
    const { database } = replicas;
    const stored = () => countOf(database, sql`from membership_roles where user_id = ${memberId}`);
    expect(await stored()).toBe(MOST_OF_A_MEMBER - 1);
    const others = roles.slice(-20);
    for (let round = 0; round < ROUNDS; round += 1) {
      const { done, refusals } = await settled(
        others.map(async ({ slug }, index) => {
          await replica(index).users.assignRole.execute(owner, { userId: memberId, role: slug });
          return slug;
        }),
      );
      expect(await stored()).toBe(MOST_OF_A_MEMBER);
      expect(done).toHaveLength(1);
      for (const refusal of refusals) expect(['rbac-limit-exceeded', 'conflict']).toContain(refusal);
      for (const role of done) await replicas.iams[0].users.unassignRole.execute(owner, { userId: memberId, role });
    }
  });

  it('thirty webhooks are made at once where there is room for one: one of them', ROUNDS_TIMEOUT, async () => {
    const { database, iams } = replicas;
    const stored = () => countOf(database, sql`from webhook_endpoints where tenant_id = ${owner.tenantId}`);
    const create = (index: number) =>
      replica(index).webhooks.createWebhook.execute(owner, { url: 'https://receiver.example.com/' });
    for (let index = 1; index < MAX_TENANT_WEBHOOKS; index += 1) await create(index);
    for (let round = 0; round < ROUNDS; round += 1) {
      const { done, refusals } = await settled(Array.from({ length: 30 }, (_, index) => create(index)));
      expect(await stored()).toBe(MAX_TENANT_WEBHOOKS);
      expect(done).toHaveLength(1);
      for (const refusal of refusals) expect(['webhook-limit-reached', 'conflict']).toContain(refusal);
      for (const { webhook } of done) await iams[0].webhooks.removeWebhook.execute(owner, webhook);
    }
  });
});
