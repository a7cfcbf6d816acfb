import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Role, RoleId, RoleState } from '../../src/domain/role/role.ts';
import type { User } from '../../src/domain/user/user.ts';
import { anId, aSession } from '../support/builders.ts';
import { secondsAfter } from '../support/clock.ts';
import { everyPage } from '../support/every-page.ts';
import { type Place, seedProject, seedTenant, seedUser } from '../support/seeds.ts';
import { aRole, changeMembership, changeRole, changeUser, seedRole } from '../support/tenancy.ts';
import type { MakeSubject, StoreSubject } from './subject.ts';

/** What members may do, what that follows from, and the lists of roles. */
export function describeRoleDirectoryContract(name: string, makeSubject: MakeSubject<StoreSubject>): void {
  describe(`role directory: ${name}`, () => {
    const now = new Date();
    const later = secondsAfter(now, 5);
    let subject: StoreSubject;
    let place: Place;
    let user: User;
    let reader: Role;
    let writer: Role;

    beforeEach(async () => {
      subject = await makeSubject();
      place = await seedProject(subject.unitOfWork, now);
      reader = await seedRole(subject.unitOfWork, now, place, 'reader', ['crm.list', 'crm.read']);
      writer = await seedRole(subject.unitOfWork, now, place, 'writer', ['crm.read', 'crm.write']);
      user = await seedUser(subject.unitOfWork, now, place, {}, [reader]);
    });
    afterEach(async () => {
      await subject.dispose();
    });

    const run: StoreSubject['unitOfWork']['run'] = (work) => subject.unitOfWork.run(work);
    const permissionsOf = (of: User = user, at: Place = place) =>
      subject.roleDirectory.permissionsOf(place.projectId, at.tenantId, of.id);
    const names = async (of?: User) => [...((await permissionsOf(of))?.permissions ?? ['nobody'])].sort();
    const version = async (of?: User) => (await permissionsOf(of))?.rolesVersion;
    const change = (verb: Parameters<typeof changeMembership>[3]) =>
      changeMembership(subject.unitOfWork, place, user.id, verb);

    it('answers the union of a member’s roles, each name once', async () => {
      expect(await names()).toEqual(['crm.list', 'crm.read']);
      await change((membership) => membership.assign(writer.id, later));
      expect(await names()).toEqual(['crm.list', 'crm.read', 'crm.write']);
      await change((membership) => membership.unassign(reader.id, later));
      expect(await names()).toEqual(['crm.read', 'crm.write']);
    });

    it('tells a member without permissions from somebody who is no member', async () => {
      const [none, empty] = [
        await seedUser(subject.unitOfWork, now, place),
        await seedUser(subject.unitOfWork, now, place, {}, [await seedRole(subject.unitOfWork, now, place, 'empty')]),
      ];
      for (const member of [none, empty]) {
        expect(await permissionsOf(member)).toEqual({ rolesVersion: expect.any(String), permissions: [] });
      }
      const other = await seedTenant(subject.unitOfWork, now, place);
      expect(await permissionsOf(user, other)).toBeUndefined();
      expect(await subject.roleDirectory.permissionsOf(place.projectId, place.tenantId, anId())).toBeUndefined();
    });

    it('shows what a role holds now, to everybody who holds it, however often it changed', async () => {
      const colleague = await seedUser(subject.unitOfWork, now, place, {}, [reader, writer]);
      expect(await names()).toEqual(['crm.list', 'crm.read']);
      for (const [index, permissions] of [['a.b'], [], ['a.b', 'c.d'], ['crm.list']].entries()) {
        await changeRole(subject.unitOfWork, reader.toState(), (role) =>
          role.change({ permissions: permissions as never }, secondsAfter(later, index)),
        );
        expect(await names()).toEqual(permissions);
        expect(await names(colleague)).toEqual([...permissions, 'crm.read', 'crm.write'].sort());
      }
      await run(async ({ roles }) => roles.withdrawModule(place.projectId, 'crm'));
      expect(await names(colleague)).toEqual([]);
    });

    it('unites fifty roles of a thousand names', async () => {
      const full = Array.from({ length: 50 }, (_, index) => {
        const held = Array.from({ length: 1000 }, (_, name) => `module${name % 50}.thing${name}.verb${index % 5}`);
        return aRole(now, place, `full-${index}`, held);
      });
      for (let from = 0; from < full.length; from += 10) {
        await run(async ({ roles }) => {
          for (const role of full.slice(from, from + 10)) roles.save(role);
        });
      }
      const heavy = await seedUser(subject.unitOfWork, now, place, {}, full);
      const all = new Set(full.flatMap((role) => role.toState().permissions));

      for (const _time of ['first', 'second']) {
        const held = await permissionsOf(heavy);
        expect(held?.permissions).toHaveLength(5000);
        expect(new Set(held?.permissions)).toEqual(all);
      }
    });

    describe('the version', () => {
      it('is another one after every change of a role or of who holds which, and only then', async () => {
        const seen = [await version()];
        const mark = async () => seen.push(await version());
        await change((membership) => membership.assign(writer.id, later));
        await mark();
        await changeRole(subject.unitOfWork, writer.toState(), (role) => role.change({ permissions: [] }, later));
        await mark();
        await run(async ({ roles }) => roles.withdrawModule(place.projectId, 'crm'));
        await mark();
        await run(async ({ roles }) => {
          const role = await roles.byId(place.projectId, place.tenantId, writer.id);
          if (role) roles.remove(role, { evenIfHeld: true });
        });
        await mark();
        await change((membership) => membership.unassign(reader.id, later));
        await mark();
        expect(new Set(seen).size).toBe(6);
        for (const each of seen) expect(each).toMatch(/\S/);

        const last = seen.at(-1);
        await changeUser(subject.unitOfWork, place, user.id, (found) => found.changeProfile({ lastName: 'L' }, later));
        await changeRole(subject.unitOfWork, reader.toState(), (role) => role.change({ permissions: [] }, later));
        await change((membership) => membership.disable(later));
        await change((membership) => membership.enable(later));
        expect(await version()).toBe(last);
      });

      it('is the same for the same roles, and another one for others', async () => {
        const [same, other] = [
          await seedUser(subject.unitOfWork, now, place, {}, [reader]),
          await seedUser(subject.unitOfWork, now, place, {}, [writer]),
        ];
        expect(await version(same)).toBe(await version());
        expect(await version(other)).not.toBe(await version());
      });

      it('is the one that sessions and tenants show', async () => {
        const session = aSession(now, { ...place, userId: user.id });
        await run(async ({ refreshTokens }) => refreshTokens.save(session));
        const shown = async () => {
          const { projectId, tenantId } = place;
          const refreshed = await run((all) => all.refreshTokens.withStanding(projectId, session.id));
          return [
            (await subject.sessionDirectory.standing(projectId, session.id))?.roles,
            refreshed?.standing.roles,
            (await run(({ memberships }) => memberships.landing(projectId, tenantId, user.id)))?.roles,
            (await subject.tenantDirectory.ofUser(projectId, user.id))[0]?.roles,
          ];
        };
        const nothing = async () => {};
        for (const step of [
          nothing,
          () => change((membership) => membership.assign(writer.id, later)),
          () => changeRole(subject.unitOfWork, writer.toState(), (role) => role.change({ permissions: [] }, later)),
        ]) {
          await step();
          const slugs = (await subject.roleDirectory.grantsOf(place.projectId, place.tenantId, user.id))?.map(
            ({ slug }) => slug,
          );
          const expected = { slugs, version: await version() };
          for (const roles of await shown()) expect(roles).toEqual(expected);
        }
      });
    });

    it('shows a member’s roles one by one, by their slugs', async () => {
      const grantsOf = (of: User) => subject.roleDirectory.grantsOf(place.projectId, place.tenantId, of.id);
      const member = await seedUser(subject.unitOfWork, now, place, {}, [writer, reader, place.ownerRole]);

      expect(await grantsOf(member)).toEqual([
        { slug: 'owner', permissions: ['*'] },
        { slug: 'reader', permissions: ['crm.list', 'crm.read'] },
        { slug: 'writer', permissions: ['crm.read', 'crm.write'] },
      ]);
      expect(await grantsOf(await seedUser(subject.unitOfWork, now, place))).toEqual([]);
      expect(await subject.roleDirectory.grantsOf(place.projectId, place.tenantId, anId())).toBeUndefined();
    });

    it('finds a role, and none of another tenant', async () => {
      const { projectId, tenantId } = place;
      const other = await seedTenant(subject.unitOfWork, now, place);
      expect(await subject.roleDirectory.byId(projectId, tenantId, reader.id)).toEqual(reader.toState());
      expect(await subject.roleDirectory.byId(projectId, other.tenantId, reader.id)).toBeUndefined();
      expect(await subject.roleDirectory.byId(projectId, tenantId, anId())).toBeUndefined();
    });

    it('pages through the roles of a tenant newest first, at every depth, without gaps or doubles', async () => {
      const made = Array.from({ length: 7 }, (_, index) => aRole(now, place, `role-${index}`));
      await run(async ({ roles }) => {
        for (const role of made.toReversed()) roles.save(role);
      });
      await seedTenant(subject.unitOfWork, now, place);
      const expected = [...place.roles, reader, writer, ...made].map((role) => role.toState()).reverse();

      for (const limit of [1, 2, 3, 6, 13, 100]) {
        const items = await everyPage<RoleId, RoleState>(limit, (request) =>
          subject.roleDirectory.page(place.projectId, place.tenantId, request),
        );
        expect(items).toEqual(expected);
      }
    });
  });
}
