import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { UserActor } from '../../src/application/actor.ts';
import { createIam, type Iam } from '../../src/application/iam.ts';
import type { RoleId } from '../../src/domain/role/role.ts';
import type { UserId } from '../../src/domain/user/user.ts';
import type { AuditAction } from '../../src/ports/audit-trail.ts';
import type { UnitOfWork } from '../../src/ports/unit-of-work.ts';
import { aColleague, anAddress, anOwner, aRole, type Person } from '../http/v1-people.ts';
import { PASSWORD } from '../http/v1-world.ts';
import { beforeCommit } from '../support/before-commit.ts';
import { describeWithPostgres } from '../support/databases.ts';
import { type Committed, committedSince, watchCommits } from './commit-order.ts';
import { codeOf, heldUp, type Replicas, ROUNDS, ROUNDS_TIMEOUT, twoReplicas } from './replicas.ts';

const GRANTS = ['roles.create', 'roles.assign', 'users.create', 'users.list'];
/** For how many statements somebody is held up before the commit; who is first by far, who by a little. */
const HELD_UP = [
  { grant: 0, demotion: 100 },
  { grant: 100, demotion: 0 },
  { grant: 0, demotion: 0 },
  { grant: 0, demotion: 6 },
  { grant: 0, demotion: 12 },
  { grant: 6, demotion: 6 },
] as const;

interface Grant {
  readonly name: string;
  readonly recorded: AuditAction;
  grant(iam: Iam, granter: UserActor): Promise<unknown>;
}

interface Demotion {
  readonly name: string;
  readonly recorded: AuditAction;
  demote(iam: Iam): Promise<unknown>;
  undo(iam: Iam): Promise<unknown>;
}

describeWithPostgres('what somebody grants while they lose the right to', () => {
  let replicas: Replicas;
  let owner: UserActor;
  let granter: Person;
  let colleague: UserId;
  let granting: { readonly id: string; readonly slug: string };
  let granted: { readonly slug: string };
  beforeAll(async () => {
    replicas = await twoReplicas();
    const { world, database } = replicas;
    const person = await anOwner(world);
    owner = await replicas.actor(person.token);
    granting = await aRole(world, person, GRANTS);
    granted = await aRole(world, person, ['users.list']);
    granter = await aColleague(world, person, [granting.slug]);
    colleague = (await aColleague(world, person)).id as UserId;
    await watchCommits(database);
  });
  afterAll(() => replicas[Symbol.asyncDispose]());

  const grants: readonly Grant[] = [
    {
      name: 'a role',
      recorded: 'role.created',
      grant: (iam, by) => iam.roles.composeRole.execute(by, { name: anAddress(), permissions: ['users.list'] }),
    },
    {
      name: 'a role to somebody',
      recorded: 'user.role.assigned',
      grant: (iam, by) => iam.users.assignRole.execute(by, { userId: colleague, role: granted.slug }),
    },
    {
      name: 'a role to somebody who is invited',
      recorded: 'user.invited',
      grant: (iam, by) => iam.users.invitePerson.execute(by, { email: anAddress(), roles: [granted.slug] }),
    },
  ];

  const demotions: readonly Demotion[] = [
    {
      name: 'the role that allows it is taken from them',
      recorded: 'user.role.unassigned',
      demote: (iam) => iam.users.unassignRole.execute(owner, { userId: granter.id as UserId, role: granting.slug }),
      undo: (iam) => iam.users.assignRole.execute(owner, { userId: granter.id as UserId, role: granting.slug }),
    },
    {
      name: 'the role allows it no more',
      recorded: 'role.updated',
      demote: (iam) => iam.roles.updateRole.execute(owner, { id: granting.id as RoleId, permissions: [] }),
      undo: (iam) => iam.roles.updateRole.execute(owner, { id: granting.id as RoleId, permissions: GRANTS }),
    },
    {
      name: 'they are removed',
      recorded: 'user.deleted',
      demote: (iam) => iam.users.deleteUser.execute(owner, { userId: granter.id as UserId }),
      undo: (iam) => iam.users.restoreUser.execute(owner, { userId: granter.id as UserId }),
    },
  ];

  /** In a session of its own: some of what happens to them ends the one before. */
  async function theGranter(): Promise<UserActor> {
    const { body } = await replicas.world.post('/auth/login', { email: granter.email, password: PASSWORD });
    return replicas.actor(body.accessToken);
  }

  async function latest(): Promise<number> {
    return (await committedSince(replicas.database, 0)).at(-1)?.number ?? 0;
  }

  /** Takes back what was granted, so that it can be granted once more. */
  async function restore(demotion: Demotion, records: readonly Committed[]): Promise<void> {
    const [iam] = replicas.iams;
    await demotion.undo(iam);
    const made = records.filter(({ action }) => action === 'role.created');
    for (const { entityId } of made) await iam.roles.deleteRole.execute(owner, { id: entityId as RoleId });
    const isGiven = records.some(({ action }) => action === 'user.role.assigned');
    if (isGiven) await iam.users.unassignRole.execute(owner, { userId: colleague, role: granted.slug });
  }

  /** Whether the trail has the grant, and before the demotion. */
  function orderOf(records: readonly Committed[], grant: Grant, demotion: Demotion): string {
    const numberOf = (wanted: AuditAction) => records.find(({ action }) => action === wanted)?.number;
    const [grantedAt, demotedAt] = [numberOf(grant.recorded), numberOf(demotion.recorded)];
    if (demotedAt === undefined) throw new Error('nobody was demoted');
    if (grantedAt === undefined) return 'refused';
    return grantedAt < demotedAt ? 'before' : 'after';
  }

  describe.each(demotions.map((demotion) => [demotion.name, demotion] as const))('because %s', (_, demotion) => {
    it('is granted wholly before, or refused', ROUNDS_TIMEOUT, async () => {
      const seen = new Set<string>();
      for (let round = 0; round < ROUNDS; round += 1) {
        const held = HELD_UP[round % HELD_UP.length] ?? HELD_UP[0];
        const by = await theGranter();
        const since = await latest();
        const demoting = demotion.demote(heldUp(replicas, 0, held.demotion));
        const iam = heldUp(replicas, 1, held.grant);
        const outcomes = await Promise.allSettled(grants.map(({ grant }) => grant(iam, by)));
        await demoting;
        const records = await committedSince(replicas.database, since);
        for (const [index, grant] of grants.entries()) {
          const outcome = outcomes[index];
          const order = orderOf(records, grant, demotion);
          seen.add(order);
          expect(order).toBe(outcome?.status === 'fulfilled' ? 'before' : 'refused');
          if (outcome?.status === 'rejected') {
            expect(['forbidden', 'token-invalid', 'conflict']).toContain(codeOf(outcome.reason));
          }
        }
        await restore(demotion, records);
      }
      // Each side came first somewhere, or there was no race.
      expect(seen).toEqual(new Set(['before', 'refused']));
    });
  });

  it('would be found out if it came after', async () => {
    const [taken] = demotions;
    const [composing] = grants;
    if (taken === undefined || composing === undefined) throw new Error('nothing to do');
    const by = await theGranter();
    const since = await latest();
    const [iam] = replicas.iams;
    let demoted = false;
    const unitOfWork = beforeCommit(heedless(replicas.ports[1].unitOfWork), async () => {
      if (!demoted) await taken.demote(iam);
      demoted = true;
    });
    await composing.grant(createIam({ ...replicas.ports[1], unitOfWork }), by);
    const records = await committedSince(replicas.database, since);
    expect(orderOf(records, composing, taken)).toBe('after');
    await restore(taken, records);
  });
});

/** Commits whatever else has changed. */
function heedless(unitOfWork: UnitOfWork): UnitOfWork {
  return { run: (work) => unitOfWork.run((repositories) => work({ ...repositories, requireUnchanged: () => {} })) };
}
