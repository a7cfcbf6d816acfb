import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { IamError } from '../../src/domain/errors.ts';
import { MAX_TENANT_ROLES, type Role } from '../../src/domain/role/role.ts';
import type { TenantId } from '../../src/domain/tenant/tenant.ts';
import type { User } from '../../src/domain/user/user.ts';
import { aMembership, anId } from '../support/builders.ts';
import { secondsAfter } from '../support/clock.ts';
import { type Place, seedProject, seedTenant, seedUser } from '../support/seeds.ts';
import { sixteenAtOnce } from '../support/sixteen.ts';
import { aModule, aRole, changeMembership, changeRole, seedRole } from '../support/tenancy.ts';
import type { MakeSubject, StoreSubject } from './subject.ts';

/** Roles are composed, held and taken away, and none is lost or kept by accident. */
export function describeRolesContract(name: string, makeSubject: MakeSubject<StoreSubject>): void {
  describe(`roles: ${name}`, () => {
    const now = new Date();
    const later = secondsAfter(now, 5);
    let subject: StoreSubject;
    let place: Place;

    beforeEach(async () => {
      subject = await makeSubject();
      place = await seedProject(subject.unitOfWork, now);
    });
    afterEach(async () => {
      await subject.dispose();
    });

    const run: StoreSubject['unitOfWork']['run'] = (work) => subject.unitOfWork.run(work);
    const slugsOf = (roles: readonly Role[]) => roles.map((role) => role.toState().slug).sort();
    const find = (role: Role) => run(({ roles }) => roles.byId(place.projectId, role.toState().tenantId, role.id));
    const rolesOf = async (user: User) =>
      (await run(({ memberships }) => memberships.find(place.projectId, place.tenantId, user.id)))?.toState().roleIds;
    const assign = (user: User, role: Role) =>
      changeMembership(subject.unitOfWork, place, user.id, (membership) => membership.assign(role.id, later));

    async function remove(role: Role, options: { readonly evenIfHeld: boolean }): Promise<void> {
      await run(async ({ roles }) => {
        const found = await roles.byId(place.projectId, place.tenantId, role.id);
        if (!found) throw new IamError('not-found');
        found.delete(later);
        roles.remove(found, options);
      });
    }

    it('come back as they were saved, and as they were changed', async () => {
      const role = await seedRole(subject.unitOfWork, now, place, 'support', ['crm.read', 'users.list'], {
        description: 'Helps',
        createdBy: anId(),
      });
      expect((await find(role))?.toState()).toEqual(role.toState());

      await changeRole(subject.unitOfWork, role.toState(), (found) =>
        found.change({ name: 'Help', description: null, permissions: [] }, later),
      );
      expect((await find(role))?.toState()).toEqual({
        ...role.toState(),
        name: 'Help',
        description: null,
        permissions: [],
        updatedAt: later,
      });
    });

    it('are found by the slugs that exist', async () => {
      await run(async ({ roles }) => {
        const of = async (slugs: readonly string[]) =>
          slugsOf(await roles.bySlugs(place.projectId, place.tenantId, slugs));
        expect(await of(['member', 'admin', 'nobody', 'admin'])).toEqual(['admin', 'member']);
        expect(await of([])).toEqual([]);
        expect(await roles.bySlug(place.projectId, place.tenantId, 'nobody')).toBeUndefined();
      });
    });

    it('keep their slugs: of sixteen at once one is there, and the others are told', async () => {
      const { succeeded, refused } = await sixteenAtOnce(() => seedRole(subject.unitOfWork, now, place, 'support'));

      expect(succeeded).toHaveLength(1);
      expect(refused).toHaveLength(15);
      for (const error of refused) expect(error).toMatchObject({ code: 'role-already-exists' });
    });

    it('take a slug that another tenant has', async () => {
      const other = await seedTenant(subject.unitOfWork, now, place);
      await seedRole(subject.unitOfWork, now, place, 'support');

      expect((await find(await seedRole(subject.unitOfWork, now, other, 'support')))?.toState().tenantId).toBe(
        other.tenantId,
      );
    });

    it('are never more than 500, of thirty that come at 499', async () => {
      await run(async ({ tenants, roles }) => {
        const tenant = await tenants.byId(place.projectId, place.tenantId);
        if (!tenant) throw new Error('not seeded');
        const missing = MAX_TENANT_ROLES - 1 - place.roles.length;
        for (let made = 0; made < missing; made += 1) {
          tenant.addRole();
          roles.save(aRole(now, place, `role-${made}`));
        }
        tenants.save(tenant);
      });

      const outcomes = await Promise.allSettled(
        Array.from({ length: 30 }, (_, index) =>
          run(async ({ tenants, roles }) => {
            const tenant = await tenants.byId(place.projectId, place.tenantId);
            if (!tenant) throw new Error('not seeded');
            tenant.addRole();
            tenants.save(tenant);
            roles.save(aRole(now, place, `late-${index}`));
          }),
        ),
      );

      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      for (const outcome of outcomes) {
        if (outcome.status === 'rejected') {
          expect(outcome.reason).toMatchObject({ code: expect.stringMatching(/^(rbac-limit-exceeded|conflict)$/) });
        }
      }
      expect(await everyRole()).toHaveLength(MAX_TENANT_ROLES);
      const tenant = await subject.tenantDirectory.byId(place.projectId, place.tenantId);
      expect(tenant?.roleCount).toBe(MAX_TENANT_ROLES);
    });

    async function everyRole(after?: Parameters<typeof subject.roleDirectory.byId>[2]): Promise<readonly string[]> {
      const page = await subject.roleDirectory.page(place.projectId, place.tenantId, { after, limit: 100 });
      const ids = page.items.map(({ id }) => id);
      return page.hasMore ? [...ids, ...(await everyRole(ids.at(-1)))] : ids;
    }

    describe('of a member', () => {
      it('are those of one who is neither disabled nor removed', async () => {
        const user = await seedUser(subject.unitOfWork, now, place, {}, place.roles);
        const held = () => run(({ roles }) => roles.ofMember(place.projectId, place.tenantId, user.id));
        const change = (verb: 'disable' | 'enable' | 'leave') =>
          changeMembership(subject.unitOfWork, place, user.id, (membership) => membership[verb](later));

        expect(slugsOf(await held())).toEqual(slugsOf(place.roles));
        await change('disable');
        expect(await held()).toEqual([]);
        await change('enable');
        expect(slugsOf(await held())).toEqual(slugsOf(place.roles));
        await change('leave');
        expect(await held()).toEqual([]);
        expect(await run(({ roles }) => roles.ofMember(place.projectId, place.tenantId, anId()))).toEqual([]);
      });

      it('can be required to be unchanged', async () => {
        const user = await seedUser(subject.unitOfWork, now, place, {}, [place.ownerRole]);
        const role = await seedRole(subject.unitOfWork, now, place, 'support', ['crm.read']);
        await assign(user, role);
        let runs = 0;

        await run(async ({ roles, audit, requireUnchanged }) => {
          runs += 1;
          for (const held of await roles.ofMember(place.projectId, place.tenantId, user.id)) requireUnchanged(held);
          if (runs === 1) {
            await changeRole(subject.unitOfWork, role.toState(), (found) => found.change({ permissions: [] }, later));
          }
          audit.record({ ...anAudit(), metadata: { runs } });
        });

        expect(runs).toBe(2);
        expect(await subject.auditRecords()).toMatchObject([{ metadata: { runs: 2 } }]);
      });

      const anAudit = () =>
        ({
          projectId: place.projectId,
          tenantId: place.tenantId,
          action: 'role.updated',
          entityType: 'role',
          entityId: null,
          userId: null,
          actorId: null,
          ip: null,
          userAgent: null,
          timestamp: now,
        }) as const;
    });

    it('tell what somebody holds in every tenant that they were not removed from', async () => {
      const [second, third, fourth] = [
        await seedTenant(subject.unitOfWork, now, place),
        await seedTenant(subject.unitOfWork, now, place),
        await seedTenant(subject.unitOfWork, now, place),
      ];
      const [reader, writer] = [
        await seedRole(subject.unitOfWork, now, place, 'reader', ['crm.read', 'crm.list']),
        await seedRole(subject.unitOfWork, now, place, 'writer', ['crm.read', 'crm.write']),
      ];
      const user = await seedUser(subject.unitOfWork, now, place, {}, [reader, writer]);
      await run(async ({ memberships }) => {
        const ids = { projectId: place.projectId, userId: user.id };
        memberships.save(aMembership(now, { ...ids, tenantId: second.tenantId }, [second.ownerRole]));
        memberships.save(aMembership(now, { ...ids, tenantId: third.tenantId }));
        memberships.save(aMembership(now, { ...ids, tenantId: fourth.tenantId }, [fourth.ownerRole]));
      });
      await changeMembership(subject.unitOfWork, second, user.id, (membership) => membership.disable(later));
      await changeMembership(subject.unitOfWork, fourth, user.id, (membership) => membership.leave(later));

      const held = await run(({ roles }) => roles.heldBy(place.projectId, user.id));

      const byTenant = (tenantId: TenantId) => held.find((each) => each.tenantId === tenantId)?.permissions;
      expect(held).toHaveLength(3);
      expect([...(byTenant(place.tenantId) ?? [])].sort()).toEqual(['crm.list', 'crm.read', 'crm.write']);
      expect(byTenant(second.tenantId)).toEqual(['*']);
      expect(byTenant(third.tenantId)).toEqual([]);
      expect(await run(({ roles }) => roles.heldBy(place.projectId, anId()))).toEqual([]);
    });

    describe('going away', () => {
      let role: Role;
      beforeEach(async () => {
        role = await seedRole(subject.unitOfWork, now, place, 'support', ['crm.read']);
      });

      it('go when nobody holds them, and say so', async () => {
        await remove(role, { evenIfHeld: false });

        expect(await find(role)).toBeUndefined();
        const messages = await subject.outboxFeed.claim(1000, 60, later);
        expect(messages.map(({ event }) => event.type)).toContain('role-deleted');
      });

      it.each([
        ['a member', () => {}],
        [
          'a disabled member',
          (membership: Parameters<Parameters<typeof changeMembership>[3]>[0]) => membership.disable(later),
        ],
        [
          'a member who was removed',
          (membership: Parameters<Parameters<typeof changeMembership>[3]>[0]) => membership.leave(later),
        ],
      ])('stay while %s holds them', async (_who, change) => {
        const user = await seedUser(subject.unitOfWork, now, place, {}, [role]);
        await changeMembership(subject.unitOfWork, place, user.id, change);

        await expect(remove(role, { evenIfHeld: false })).rejects.toMatchObject({ code: 'role-in-use' });
        expect(await find(role)).toBeDefined();
        expect(await rolesOf(user)).toEqual([role.id]);
      });

      it('go from whoever holds them where that is wanted, and nothing else goes', async () => {
        const [one, two, bystander] = [
          await seedUser(subject.unitOfWork, now, place, {}, [role]),
          await seedUser(subject.unitOfWork, now, place, {}, [role, place.ownerRole]),
          await seedUser(subject.unitOfWork, now, place, {}, [place.ownerRole]),
        ];

        await remove(role, { evenIfHeld: true });

        expect(await find(role)).toBeUndefined();
        expect(await rolesOf(one)).toEqual([]);
        expect(await rolesOf(two)).toEqual([place.ownerRole.id]);
        expect(await rolesOf(bystander)).toEqual([place.ownerRole.id]);
      });

      it('go when their last holder loses them in the same commit', async () => {
        const user = await seedUser(subject.unitOfWork, now, place, {}, [role, place.ownerRole]);

        await run(async ({ roles, memberships }) => {
          const found = await roles.byId(place.projectId, place.tenantId, role.id);
          const membership = await memberships.find(place.projectId, place.tenantId, user.id);
          if (!found || !membership) throw new Error('not seeded');
          membership.unassign(role.id, later);
          memberships.save(membership);
          roles.remove(found, { evenIfHeld: false });
        });

        expect(await find(role)).toBeUndefined();
        expect(await rolesOf(user)).toEqual([place.ownerRole.id]);
      });

      it('stay when somebody got them since they were read', async () => {
        const user = await seedUser(subject.unitOfWork, now, place);

        const removal = run(async ({ roles }) => {
          const found = await roles.byId(place.projectId, place.tenantId, role.id);
          if (!found) throw new Error('not seeded');
          await assign(user, role);
          roles.remove(found, { evenIfHeld: false });
        });

        await expect(removal).rejects.toMatchObject({ code: 'role-in-use' });
        expect(await rolesOf(user)).toEqual([role.id]);
      });

      it('are counted and named by their holders, as many as are asked for', async () => {
        const members = await Promise.all(
          Array.from({ length: 3 }, () => seedUser(subject.unitOfWork, now, place, {}, [role])),
        );
        const [first, ...others] = members.map(({ id }) => id).sort();
        const holders = (most: number, of = role.id) =>
          run(({ roles }) => roles.holdersOf(place.projectId, place.tenantId, of, most));

        expect(await holders(5)).toEqual({ count: 3, first: [first, ...others] });
        expect(await holders(1)).toEqual({ count: 3, first: [first] });
        expect(await holders(5, anId())).toEqual({ count: 0, first: [] });
      });

      it('cannot be assigned when they went since the member was read', async () => {
        const user = await seedUser(subject.unitOfWork, now, place, {}, [place.ownerRole]);
        let runs = 0;

        const assignment = run(async ({ roles, memberships }) => {
          runs += 1;
          const membership = await memberships.find(place.projectId, place.tenantId, user.id);
          const found = await roles.byId(place.projectId, place.tenantId, role.id);
          if (!membership) throw new Error('not seeded');
          if (!found) throw new IamError('not-found');
          await remove(role, { evenIfHeld: false });
          membership.assign(found.id, later);
          memberships.save(membership);
        });

        await expect(assignment).rejects.toMatchObject({ code: 'not-found' });
        expect(runs).toBe(2);
        expect(await rolesOf(user)).toEqual([place.ownerRole.id]);
      });

      it('are held by somebody and there, or gone and nobody’s, of eight assignments and eight removals at once', async () => {
        const users = await Promise.all(
          Array.from({ length: 8 }, () => seedUser(subject.unitOfWork, now, place, {}, [place.ownerRole])),
        );
        const { refused } = await sixteenAtOnce(async (index) => {
          const user = users[index >> 1];
          if (index % 2 === 1 || user === undefined) return remove(role, { evenIfHeld: false });
          return assign(user, role);
        });

        for (const error of refused) {
          expect(error).toMatchObject({ code: expect.stringMatching(/^(role-in-use|conflict|not-found)$/) });
        }
        const isThere = (await find(role)) !== undefined;
        const held = await Promise.all(users.map((user) => rolesOf(user)));
        expect(held.some((ids) => ids?.includes(role.id))).toBe(isThere);
        for (const ids of held) expect(ids).toContain(place.ownerRole.id);
      });

      it('are gone and nobody’s, of eight assignments and eight removals at once that take them from everybody', async () => {
        const users = await Promise.all(
          Array.from({ length: 8 }, () => seedUser(subject.unitOfWork, now, place, {}, [place.ownerRole])),
        );
        const { refused } = await sixteenAtOnce(async (index) => {
          const user = users[index >> 1];
          if (index % 2 === 1 || user === undefined) return remove(role, { evenIfHeld: true });
          return assign(user, role);
        });

        for (const error of refused) {
          expect(error).toMatchObject({ code: expect.stringMatching(/^(conflict|not-found)$/) });
        }
        if ((await find(role)) !== undefined) await remove(role, { evenIfHeld: true });
        for (const user of users) expect(await rolesOf(user)).toEqual([place.ownerRole.id]);
      });
    });

    describe('with names of a module', () => {
      const uses = async (module: string) =>
        (await run(({ roles }) => roles.ofModule(place.projectId, module, 1))).count > 0;
      const withdraw = (module: string) => run(async ({ roles }) => roles.withdrawModule(place.projectId, module));
      const permissionsOf = async (role: Role) => (await find(role))?.toState().permissions;

      it.each(['crm.read', 'crm.tickets.close', 'crm:read', 'crm.*'])('use it: %s', async (permission) => {
        expect(await uses('crm')).toBe(false);
        const other = await seedTenant(subject.unitOfWork, now, place);
        await seedRole(subject.unitOfWork, now, other, 'support', ['users.list', permission]);

        expect(await uses('crm')).toBe(true);
        for (const another of ['cr', 'crm2', 'c_m', '%', 'users.list']) expect(await uses(another)).toBe(false);
      });

      it('are counted and named, in every tenant of the project, as many as are asked for', async () => {
        const other = await seedTenant(subject.unitOfWork, now, place);
        const elsewhere = await seedProject(subject.unitOfWork, now);
        const using = [
          await seedRole(subject.unitOfWork, now, place, 'support', ['crm.read', 'crm.write']),
          await seedRole(subject.unitOfWork, now, place, 'desk', ['crm.*']),
          await seedRole(subject.unitOfWork, now, other, 'support', ['crm:read']),
        ].map((role) => ({ tenantId: role.toState().tenantId, id: role.id }));
        await seedRole(subject.unitOfWork, now, other, 'desk', ['crm2.read']);
        await seedRole(subject.unitOfWork, now, elsewhere, 'support', ['crm.read']);
        const first = using.toSorted((a, b) => (`${a.tenantId} ${a.id}` < `${b.tenantId} ${b.id}` ? -1 : 1));

        const named = (most: number) => run(({ roles }) => roles.ofModule(place.projectId, 'crm', most));
        expect(await named(5)).toEqual({ count: 3, first });
        expect(await named(2)).toEqual({ count: 3, first: first.slice(0, 2) });
      });

      it('lose them, in every tenant of the project, and keep the rest in its order', async () => {
        const names = ['crm.read', 'a.b', 'crm:write', 'crm2.read', 'crm.*', 'crmx', 'users.list'];
        const kept = ['a.b', 'crm2.read', 'crmx', 'users.list'];
        const other = await seedTenant(subject.unitOfWork, now, place);
        const elsewhere = await seedProject(subject.unitOfWork, now);
        const [here, there, outside, untouched] = [
          await seedRole(subject.unitOfWork, now, place, 'support', names),
          await seedRole(subject.unitOfWork, now, other, 'support', ['crm.read']),
          await seedRole(subject.unitOfWork, now, elsewhere, 'support', names),
          await seedRole(subject.unitOfWork, now, place, 'other', ['a.b']),
        ];
        await withdraw('crm');

        expect(await permissionsOf(here)).toEqual(kept);
        expect(await permissionsOf(there)).toEqual([]);
        expect(await permissionsOf(untouched)).toEqual(['a.b']);
        const foreign = outside.toState();
        const found = await subject.roleDirectory.byId(foreign.projectId, foreign.tenantId, foreign.id);
        expect(found?.permissions).toEqual(names);
        expect(await uses('crm')).toBe(false);
      });

      it('lose them together with the module, or not at all', async () => {
        const role = await seedRole(subject.unitOfWork, now, place, 'support', ['crm.read']);
        await run(async ({ permissionModules }) => permissionModules.save(aModule(now, place, 'crm')));
        const uninstall = (fail: boolean) =>
          run(async ({ permissionModules, roles }) => {
            const module = await permissionModules.byName(place.projectId, 'crm');
            if (!module) throw new Error('not seeded');
            permissionModules.remove(module);
            roles.withdrawModule(place.projectId, 'crm');
            if (fail) throw new Error('changed its mind');
          });

        await expect(uninstall(true)).rejects.toThrow('changed its mind');
        expect(await permissionsOf(role)).toEqual(['crm.read']);
        await uninstall(false);
        expect(await permissionsOf(role)).toEqual([]);
        expect(await subject.permissionModuleDirectory.ofProject(place.projectId)).toEqual([]);
      });

      it('are not brought back by whoever had read the role before', async () => {
        const role = await seedRole(subject.unitOfWork, now, place, 'support', ['crm.read', 'a.b']);
        let runs = 0;

        await run(async ({ roles }) => {
          runs += 1;
          const found = await roles.byId(place.projectId, place.tenantId, role.id);
          if (!found) throw new Error('not seeded');
          if (runs === 1) await withdraw('crm');
          found.change({ permissions: [...found.toState().permissions, 'c.d' as never] }, later);
          roles.save(found);
        });

        expect(runs).toBe(2);
        expect(await permissionsOf(role)).toEqual(['a.b', 'c.d']);
      });
    });
  });
}
