import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Role } from '../../src/domain/role/role.ts';
import type { UserId, UserState } from '../../src/domain/user/user.ts';
import { aMembership, anId, aUser } from '../support/builders.ts';
import { type Place, seedProject, seedTenant, seedUser } from '../support/seeds.ts';
import type { MakeSubject, StoreSubject } from './subject.ts';

/** Who answers for a tenant, and for a person. */
export function describeUserDirectoryContract(name: string, makeSubject: MakeSubject<StoreSubject>): void {
  describe(`user directory: ${name}`, () => {
    const now = new Date();
    let subject: StoreSubject;
    let place: Place;

    beforeEach(async () => {
      subject = await makeSubject();
      place = await seedProject(subject.unitOfWork, now);
    });
    afterEach(async () => {
      await subject.dispose();
    });

    const holdersOf = (slugs: readonly string[], { projectId, tenantId } = place) =>
      subject.userDirectory.holdersOf(projectId, tenantId, slugs);
    const ownersOver = (userId: UserId) => subject.userDirectory.ownersOver(place.projectId, userId);
    const idsOf = (users: readonly UserState[]) => users.map(({ id }) => id);

    function role(slug: string, { roles } = place): Role {
      const found = roles.find((each) => each.toState().slug === slug);
      if (!found) throw new Error(`no role ${slug}`);
      return found;
    }
    const aMember = async (slugs: readonly string[], at = place) =>
      (
        await seedUser(
          subject.unitOfWork,
          now,
          at,
          {},
          slugs.map((slug) => role(slug, at)),
        )
      ).toState();
    const join = (userId: UserId, at: Place, held: readonly Role[] = []) =>
      subject.unitOfWork.run(async ({ memberships }) => memberships.save(aMembership(now, { ...at, userId }, held)));

    /** Another tenant of the project, with an owner who belongs to it. */
    async function aTenantOf(owner: UserState): Promise<Place> {
      const tenant = await seedTenant(subject.unitOfWork, now, place, owner.id);
      await join(owner.id, tenant, [tenant.ownerRole]);
      return tenant;
    }

    it('lists the members who hold one of the roles, oldest first, each once', async () => {
      const [both, nobody, admin, owner, member] = [
        await aMember(['member', 'admin', 'owner']),
        await aMember([]),
        await aMember(['admin']),
        await aMember(['owner']),
        await aMember(['member']),
      ];

      expect(await holdersOf(['owner', 'admin'])).toEqual([both, admin, owner]);
      expect(await holdersOf(['admin', 'admin'])).toEqual([both, admin]);
      expect(await holdersOf(['member'])).toEqual([both, member]);
      expect(idsOf(await holdersOf(['owner', 'admin', 'member', 'user']))).not.toContain(nobody.id);
    });

    it('lists nobody for no role, and for one that there is not', async () => {
      await aMember(['owner']);

      expect(await holdersOf([])).toEqual([]);
      expect(await holdersOf(['nobody', `'";--`])).toEqual([]);
      expect(await subject.userDirectory.holdersOf(place.projectId, anId(), ['owner'])).toEqual([]);
    });

    it('does not list who holds such a role elsewhere alone', async () => {
      const here = await aMember(['owner']);
      const other = await seedTenant(subject.unitOfWork, now, place);
      const there = await aMember(['owner'], other);
      await join(there.id, place, [role('member')]);
      const elsewhere = await seedProject(subject.unitOfWork, now);
      await aMember(['owner'], elsewhere);

      expect(await holdersOf(['owner'])).toEqual([here]);
      expect(await holdersOf(['owner'], other)).toEqual([there]);
      expect(await subject.userDirectory.holdersOf(elsewhere.projectId, place.tenantId, ['owner'])).toEqual([]);
      expect(await subject.userDirectory.holdersOf(place.projectId, elsewhere.tenantId, ['owner'])).toEqual([]);
    });

    it('lists a hundred at most, the oldest', async () => {
      const users = Array.from({ length: 101 }, () => aUser(now, { projectId: place.projectId }));
      await subject.unitOfWork.run(async ({ users: all, memberships }) => {
        for (const user of users.toReversed()) {
          all.save(user);
          memberships.save(aMembership(now, { ...place, userId: user.id }, [role('admin'), role('member')]));
        }
      });

      expect(idsOf(await holdersOf(['admin', 'member']))).toEqual(users.slice(0, 100).map(({ id }) => id));
    });

    it('lists the owners of every tenant that a person belongs to, oldest first, each once', async () => {
      const [first, person, second] = [await aMember([]), await aMember([]), await aMember([])];
      const [own, hers, his, again] = [
        await aTenantOf(person),
        await aTenantOf(second),
        await aTenantOf(first),
        await aTenantOf(second),
      ];
      for (const tenant of [hers, his, again]) await join(person.id, tenant);

      expect(own.tenant.toState().ownerId).toBe(person.id);
      expect(await ownersOver(person.id)).toEqual([first, person, second]);
      expect(await ownersOver(second.id)).toEqual([second]);
    });

    it('lists nobody where no tenant has an owner, and none of tenants that the person is no member of', async () => {
      const [person, stranger] = [await aMember(['member']), await aMember([])];
      await aTenantOf(stranger);

      expect(place.tenant.toState().ownerId).toBeNull();
      expect(await ownersOver(person.id)).toEqual([]);
      expect(await ownersOver(anId())).toEqual([]);
    });

    it('knows the owners of a project in that project alone', async () => {
      const person = await aMember([]);
      await aTenantOf(person);
      const elsewhere = await seedProject(subject.unitOfWork, now);

      expect(await ownersOver(person.id)).toEqual([person]);
      expect(await subject.userDirectory.ownersOver(elsewhere.projectId, person.id)).toEqual([]);
    });
  });
}
