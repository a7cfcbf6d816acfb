import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Role } from '../../src/domain/role/role.ts';
import { MAX_MEMBER_ROLES, type Membership } from '../../src/domain/tenant/membership.ts';
import type { User } from '../../src/domain/user/user.ts';
import { aMembership, anAuditEntry, anId, aSession } from '../support/builders.ts';
import { secondsAfter } from '../support/clock.ts';
import { type Place, seedProject, seedTenant, seedUser } from '../support/seeds.ts';
import { sixteenAtOnce } from '../support/sixteen.ts';
import { aRole, changeMembership } from '../support/tenancy.ts';
import type { MakeSubject, StoreSubject } from './subject.ts';

/** What a tenant governs: who belongs to it, with which roles, and whether that opens anything. */
export function describeMembershipsContract(name: string, makeSubject: MakeSubject<StoreSubject>): void {
  describe(`memberships: ${name}`, () => {
    const now = new Date();
    const later = secondsAfter(now, 5);
    let subject: StoreSubject;
    let place: Place;
    let user: User;

    beforeEach(async () => {
      subject = await makeSubject();
      place = await seedProject(subject.unitOfWork, now);
      user = await seedUser(subject.unitOfWork, now, place, {}, [place.ownerRole]);
    });
    afterEach(async () => {
      await subject.dispose();
    });

    const run: StoreSubject['unitOfWork']['run'] = (work) => subject.unitOfWork.run(work);
    const change = (verb: (membership: Membership) => void) =>
      changeMembership(subject.unitOfWork, place, user.id, verb);
    const find = async (at: Place = place) =>
      (await run(({ memberships }) => memberships.find(place.projectId, at.tenantId, user.id)))?.toState();
    const assign = (role: Role) => change((membership) => membership.assign(role.id, later));

    async function seedRoles(count: number): Promise<readonly Role[]> {
      const roles = Array.from({ length: count }, (_, index) => aRole(now, place, `role-${index}`));
      await run(async (all) => {
        for (const role of roles) all.roles.save(role);
      });
      return roles;
    }

    it('come back as they were changed', async () => {
      const [admin, member] = await seedRoles(2);
      if (!admin || !member) throw new Error('not seeded');
      await change((membership) => {
        membership.assign(admin.id, later);
        membership.assign(member.id, later);
        membership.unassign(place.ownerRole.id, later);
        membership.disable(later);
      });
      const roleIds = [admin.id, member.id].sort();
      expect(await find()).toEqual({
        projectId: place.projectId,
        tenantId: place.tenantId,
        userId: user.id,
        roleIds,
        createdAt: now,
        disabledAt: later,
        deletedAt: null,
      });

      await change((membership) => membership.leave(later));
      expect(await find()).toMatchObject({ disabledAt: later, deletedAt: later, roleIds });
      await change((membership) => membership.rejoin(later, [member.id]));
      expect(await find()).toMatchObject({ disabledAt: null, deletedAt: null, roleIds: [member.id] });
    });

    it('give up every role, and get them again', async () => {
      await change((membership) => membership.unassign(place.ownerRole.id, later));
      expect((await find())?.roleIds).toEqual([]);
      await assign(place.ownerRole);
      expect((await find())?.roleIds).toEqual([place.ownerRole.id]);
    });

    it('lose no role when another one is assigned between reading and saving', async () => {
      const [first, second] = await seedRoles(2);
      if (!first || !second) throw new Error('not seeded');
      let runs = 0;

      await run(async ({ memberships }) => {
        runs += 1;
        const membership = await memberships.find(place.projectId, place.tenantId, user.id);
        if (!membership) throw new Error('not seeded');
        if (runs === 1) await assign(first);
        membership.assign(second.id, later);
        memberships.save(membership);
      });

      expect(runs).toBe(2);
      expect((await find())?.roleIds).toEqual([place.ownerRole.id, first.id, second.id].sort());
    });

    it('have every role that sixteen at once assigned, or were refused with conflict', async () => {
      const roles = await seedRoles(16);
      const { succeeded, refused } = await sixteenAtOnce(async (index) => {
        const role = roles[index];
        if (!role) throw new Error('not seeded');
        await assign(role);
        return role.id;
      });

      expect(succeeded.length).toBeGreaterThan(0);
      for (const error of refused) expect(error).toMatchObject({ code: 'conflict' });
      expect((await find())?.roleIds).toEqual([place.ownerRole.id, ...succeeded].sort());
    });

    it('never have more than fifty roles, of twenty assigned at once at forty-nine', async () => {
      const roles = await seedRoles(MAX_MEMBER_ROLES - 2 + 20);
      await change((membership) => {
        for (const role of roles.slice(20)) membership.assign(role.id, later);
      });
      expect((await find())?.roleIds).toHaveLength(MAX_MEMBER_ROLES - 1);

      const outcomes = await Promise.allSettled(roles.slice(0, 20).map((role) => assign(role)));

      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect((await find())?.roleIds).toHaveLength(MAX_MEMBER_ROLES);
    });

    it('can be required to be unchanged, their roles included', async () => {
      const [role] = await seedRoles(1);
      if (!role) throw new Error('not seeded');
      let runs = 0;

      await run(async ({ memberships, audit, requireUnchanged }) => {
        runs += 1;
        const membership = await memberships.find(place.projectId, place.tenantId, user.id);
        if (!membership) throw new Error('not seeded');
        requireUnchanged(membership);
        audit.record(anAuditEntry(now, { projectId: place.projectId, metadata: { runs } }));
        if (runs === 1) await assign(role);
      });

      expect(await subject.auditRecords()).toMatchObject([{ metadata: { runs: 2 } }]);
    });

    it('cannot have a role of another tenant, nor one that does not exist', async () => {
      const other = await seedTenant(subject.unitOfWork, now, place);
      for (const role of [other.ownerRole, aRole(now, place, 'nowhere')]) {
        await expect(assign(role)).rejects.toMatchObject({ code: 'conflict' });
      }
      expect((await find())?.roleIds).toEqual([place.ownerRole.id]);
    });

    it.each(['disable', 'leave'] as const)(
      'open nothing from the moment they %s, and are found all the same',
      async (verb) => {
        const session = aSession(now, { ...place, userId: user.id });
        await run(async ({ refreshTokens }) => refreshTokens.save(session));
        const seen = async () => ({
          landing: await run(({ memberships }) => memberships.landing(place.projectId, place.tenantId, user.id)),
          tenants: (await subject.tenantDirectory.ofUser(place.projectId, user.id))[0],
          standing: (await subject.sessionDirectory.standing(place.projectId, session.id))?.roles,
          atRefresh: (await run((all) => all.refreshTokens.withStanding(place.projectId, session.id)))?.standing.roles,
          permissions: await subject.roleDirectory.permissionsOf(place.projectId, place.tenantId, user.id),
          grants: await subject.roleDirectory.grantsOf(place.projectId, place.tenantId, user.id),
          holders: (await subject.userDirectory.holdersOf(place.projectId, place.tenantId, ['owner']))[0],
        });
        expect(Object.values(await seen()).every((value) => value !== undefined)).toBe(true);

        await change((membership) => membership[verb](later));

        expect(Object.values(await seen()).every((value) => value === undefined)).toBe(true);
        expect((await subject.sessionDirectory.standing(place.projectId, session.id))?.session.id).toBe(session.id);
        expect((await find())?.roleIds).toEqual([place.ownerRole.id]);
      },
    );

    it('are counted elsewhere, without those that the person was removed from', async () => {
      const elsewhere = () =>
        run(({ memberships }) => memberships.countElsewhere(place.projectId, place.tenantId, user.id));
      expect(await elsewhere()).toBe(0);
      const others = [
        await seedTenant(subject.unitOfWork, now, place),
        await seedTenant(subject.unitOfWork, now, place),
        await seedTenant(subject.unitOfWork, now, place),
      ] as const;
      await run(async ({ memberships }) => {
        for (const other of others) memberships.save(aMembership(now, { ...other, userId: user.id }));
      });
      expect(await elsewhere()).toBe(3);

      await changeMembership(subject.unitOfWork, others[0], user.id, (membership) => membership.disable(later));
      await changeMembership(subject.unitOfWork, others[1], user.id, (membership) => membership.leave(later));
      expect(await elsewhere()).toBe(2);
      await change((membership) => membership.leave(later));
      expect(await elsewhere()).toBe(2);
      const stranger = await run(({ memberships }) =>
        memberships.countElsewhere(place.projectId, place.tenantId, anId()),
      );
      expect(stranger).toBe(0);
    });

    it('make nobody answer for a tenant who was removed from it', async () => {
      const owned = await seedTenant(subject.unitOfWork, now, place, user.id);
      await run(async ({ memberships }) => memberships.save(aMembership(now, { ...owned, userId: user.id })));
      const over = async () => (await subject.userDirectory.ownersOver(place.projectId, user.id)).map(({ id }) => id);
      expect(await over()).toEqual([user.id]);

      await changeMembership(subject.unitOfWork, owned, user.id, (membership) => membership.leave(later));
      expect(await over()).toEqual([]);
    });
  });
}
