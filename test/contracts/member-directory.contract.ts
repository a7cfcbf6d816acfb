import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Role } from '../../src/domain/role/role.ts';
import type { User, UserId, UserStatus } from '../../src/domain/user/user.ts';
import type { Member, MemberFilter } from '../../src/ports/directories/member-directory.ts';
import { aMembership, anEmail, anId, aUser } from '../support/builders.ts';
import { secondsAfter } from '../support/clock.ts';
import { everyPage } from '../support/every-page.ts';
import { type Place, seedProject, seedTenant, seedUser } from '../support/seeds.ts';
import { sixteenAtOnce } from '../support/sixteen.ts';
import { changeMembership, changeUser, seedInvitation, seedRole } from '../support/tenancy.ts';
import type { MakeSubject, StoreSubject } from './subject.ts';

type Filter = Partial<MemberFilter>;

/** The people of a tenant: who is listed, under which filter, in which order. */
export function describeMemberDirectoryContract(name: string, makeSubject: MakeSubject<StoreSubject>): void {
  describe(`member directory: ${name}`, () => {
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

    const page = (
      filter: Filter,
      request: { readonly after: UserId | undefined; readonly limit: number },
      at = place,
    ) => subject.memberDirectory.page(at.projectId, at.tenantId, { includeDeleted: false, ...filter }, request);
    const list = async (filter: Filter = {}, limit = 100, at = place) => {
      const members = await everyPage<UserId, Member>(
        limit,
        (request) => page(filter, request, at),
        ({ user }) => user.id,
      );
      return members.map(({ user }) => user.id);
    };
    const change = (user: User, verb: (found: User) => void) => changeUser(subject.unitOfWork, place, user.id, verb);
    const govern = (user: User, verb: Parameters<typeof changeMembership>[3], at = place) =>
      changeMembership(subject.unitOfWork, at, user.id, verb);
    const aMember = (given: Parameters<typeof seedUser>[3] = {}, roles: readonly Role[] = []) =>
      seedUser(subject.unitOfWork, now, place, given, roles);

    it('shows a person with their membership and roles', async () => {
      const roles = [await seedRole(subject.unitOfWork, now, place, 'zebra'), place.ownerRole];
      const user = await aMember({}, roles);
      const expected = {
        user: user.toState(),
        membership: aMembership(now, { ...place, userId: user.id }, roles).toState(),
        roles: ['owner', 'zebra'],
      };

      expect(await subject.memberDirectory.byId(place.projectId, place.tenantId, user.id)).toEqual(expected);
      expect(await page({}, { after: undefined, limit: 10 })).toEqual({ items: [expected], hasMore: false });
    });

    it('finds one who was removed, and nobody who never was a member', async () => {
      const user = await aMember({}, [place.ownerRole]);
      await govern(user, (membership) => membership.leave(later));
      const other = await seedTenant(subject.unitOfWork, now, place);
      const find = (at: Place, userId: UserId) => subject.memberDirectory.byId(place.projectId, at.tenantId, userId);

      expect(await find(place, user.id)).toMatchObject({ membership: { deletedAt: later }, roles: ['owner'] });
      expect(await find(other, user.id)).toBeUndefined();
      expect(await find(place, anId())).toBeUndefined();
    });

    describe('among people of every kind', () => {
      interface Listed {
        readonly id: UserId;
        readonly status: UserStatus;
        readonly removed: boolean;
        readonly role: string;
      }
      let people: readonly Listed[];

      beforeEach(async () => {
        const [support, sales] = [
          await seedRole(subject.unitOfWork, now, place, 'support'),
          await seedRole(subject.unitOfWork, now, place, 'sales'),
        ];
        const other = await seedTenant(subject.unitOfWork, now, place);
        const kinds: readonly (readonly [UserStatus, boolean, (user: User) => Promise<void>])[] = [
          ['active', false, async () => {}],
          ['disabled', false, (user) => change(user, (found) => found.disable(later))],
          ['locked', false, (user) => change(user, (found) => found.lock(later))],
          ['disabled', false, (user) => govern(user, (membership) => membership.disable(later))],
          ['active', true, (user) => govern(user, (membership) => membership.leave(later))],
          ['active', true, (user) => change(user, (found) => found.delete(later))],
          [
            'locked',
            false,
            async (user) => {
              await change(user, (found) => found.lock(later));
              await govern(user, (membership) => membership.disable(later));
            },
          ],
          [
            'disabled',
            true,
            async (user) => {
              await change(user, (found) => found.disable(later));
              await change(user, (found) => found.delete(later));
            },
          ],
        ];
        const made: Listed[] = [];
        for (const role of [support, sales, support]) {
          for (const [status, removed, become] of kinds) {
            const user = await aMember({}, [role]);
            await become(user);
            made.push({ id: user.id, status, removed, role: role.toState().slug });
          }
          const { placeholder } = await seedInvitation(subject.unitOfWork, now, place, {}, [role]);
          made.push({ id: placeholder.id, status: 'invited', removed: false, role: role.toState().slug });
          await seedUser(subject.unitOfWork, now, other);
        }
        people = made;
      });

      const statuses = [undefined, 'active', 'disabled', 'locked', 'invited'] as const;
      const filters = statuses.flatMap((status) =>
        [undefined, 'support', 'sales', 'nobody'].flatMap((role) =>
          [false, true].map((includeDeleted): MemberFilter => ({ status, role, includeDeleted })),
        ),
      );

      it('lists whoever fits, newest first, for every filter, at every depth, without gaps or doubles', async () => {
        for (const filter of filters) {
          const fitting = people.filter(
            ({ status, role, removed }) =>
              (filter.status === undefined || filter.status === status) &&
              (filter.role === undefined || filter.role === role) &&
              (filter.includeDeleted || !removed),
          );
          const expected = fitting.map(({ id }) => id).toReversed();
          for (const limit of [1, 4, 100]) expect([filter, await list(filter, limit)]).toEqual([filter, expected]);
        }
      });

      it('begins anywhere, also after somebody who is not listed', async () => {
        for (const { id: after } of people) {
          const { items } = await page({ status: 'disabled' }, { after, limit: 100 });
          const expected = people.filter(({ id, status, removed }) => status === 'disabled' && !removed && id < after);
          expect(items.map(({ user }) => user.id)).toEqual(expected.map(({ id }) => id).toReversed());
        }
      });
    });

    describe('searching', () => {
      it('looks at what the address, the first or the last name begins with, in any case', async () => {
        const [first, last, address, nobody] = [
          await aMember({ firstName: 'Grace', lastName: 'Hopper' }),
          await aMember({ firstName: null, lastName: 'graceland' }),
          await aMember({ firstName: 'Ada', email: anEmail('gracious') }),
          await aMember({ firstName: 'Engrace', lastName: null, email: anEmail('disgrace') }),
        ];

        for (const search of ['grac', 'GRAC', 'Grac'])
          expect(await list({ search })).toEqual([address.id, last.id, first.id]);
        expect(await list({ search: 'grace' })).toEqual([last.id, first.id]);
        expect(await list({ search: 'hopper' })).toEqual([first.id]);
        expect(await list({ search: 'Grace H' })).toEqual([]);
        expect(await list({ search: address.toState().email ?? '' })).toEqual([address.id]);
        expect(await list({ search: '' })).toEqual([nobody.id, address.id, last.id, first.id]);
      });

      it('knows the cases of letters beyond ASCII', async () => {
        const [elodie, uenal] = [
          await aMember({ firstName: 'Élodie', lastName: null }),
          await aMember({ firstName: 'Mehmet', lastName: 'ÜNAL' }),
        ];

        for (const search of ['élo', 'ÉLO', 'Élodie']) expect(await list({ search })).toEqual([elodie.id]);
        for (const search of ['ü', 'Ünal', 'ÜNA']) expect(await list({ search })).toEqual([uenal.id]);
        expect(await list({ search: 'elodie' })).toEqual([]);
      });

      it.each(['%', '_', 'a%b', 'a_b', 'a\\b', '\\', "'", '"', '*', '.*'])('takes %s for what it is', async (text) => {
        const exact = await aMember({ firstName: `${text}x`, lastName: null });
        const close = await aMember({ firstName: 'aXbx', lastName: 'y' });

        expect(await list({ search: text })).toEqual([exact.id]);
        expect(await list({ search: `${text}x` })).toEqual([exact.id]);
        expect(await list({ search: 'aX' })).toEqual([close.id]);
      });

      it('lists a person once, whatever of them fits, and page by page', async () => {
        const many: User[] = [];
        for (let made = 0; made < 7; made += 1) {
          many.push(await aMember({ firstName: 'Same', lastName: 'same', email: anEmail(`same${made}`) }));
          await aMember({ firstName: 'Other' });
        }
        const expected = many.map(({ id }) => id).reverse();
        for (const limit of [1, 2, 7, 100]) expect(await list({ search: 'same' }, limit)).toEqual(expected);
      });

      it('fits together with the other filters', async () => {
        const role = await seedRole(subject.unitOfWork, now, place, 'support');
        const [fits, lacksRole, isActive, removed] = [
          await aMember({ firstName: 'Grace' }, [role]),
          await aMember({ firstName: 'Grace' }),
          await aMember({ firstName: 'Grace' }, [role]),
          await aMember({ firstName: 'Grace' }, [role]),
        ];
        for (const user of [fits, lacksRole, removed]) await govern(user, (membership) => membership.disable(later));
        await govern(removed, (membership) => membership.leave(later));
        const filter = { search: 'gra', status: 'disabled', role: 'support' } as const;

        expect(await list(filter)).toEqual([fits.id]);
        expect(await list({ ...filter, includeDeleted: true })).toEqual([removed.id, fits.id]);
        expect(await list({ ...filter, status: 'active' })).toEqual([isActive.id]);
      });

      it('sees nobody of another tenant or project', async () => {
        const other = await seedTenant(subject.unitOfWork, now, place);
        const elsewhere = await seedProject(subject.unitOfWork, now);
        const mine = await aMember({ firstName: 'Grace' });
        const theirs = await seedUser(subject.unitOfWork, now, other, { firstName: 'Grace' });
        const foreign = await seedUser(subject.unitOfWork, now, elsewhere, { firstName: 'Grace' });

        expect(await list({ search: 'grace' })).toEqual([mine.id]);
        expect(await list({ search: 'grace' }, 100, other)).toEqual([theirs.id]);
        expect(await list({ search: 'grace' }, 100, elsewhere)).toEqual([foreign.id]);
        expect(await list({ search: 'grace' }, 100, { ...place, tenantId: elsewhere.tenantId })).toEqual([]);
      });
    });

    describe('follows what happens to people, in every tenant of theirs', () => {
      let other: Place;
      let user: User;
      const seen = async (filter: Filter) =>
        [await list(filter), await list(filter, 100, other)].map((ids) => ids.includes(user.id));

      beforeEach(async () => {
        other = await seedTenant(subject.unitOfWork, now, place);
        user = await aMember({ firstName: 'Ada' });
        await subject.unitOfWork.run(async ({ memberships }) =>
          memberships.save(aMembership(now, { ...other, userId: user.id })),
        );
      });

      it('a new name and address', async () => {
        const email = anEmail('moved');
        await change(user, (found) => {
          found.changeProfile({ firstName: 'Zoë', lastName: 'Quirk' }, later);
          found.requestEmailChange(email, later);
          found.advanceEmailChange('proof', email, later);
        });

        for (const search of ['zoë', 'quirk', 'moved']) expect(await seen({ search })).toEqual([true, true]);
        expect(await seen({ search: 'ada' })).toEqual([false, false]);
      });

      it('an account that is disabled, and enabled again', async () => {
        await change(user, (found) => found.disable(later));
        expect(await seen({ status: 'disabled' })).toEqual([true, true]);
        await change(user, (found) => found.enable(later));
        expect(await seen({ status: 'disabled' })).toEqual([false, false]);
        expect(await seen({ status: 'active' })).toEqual([true, true]);
      });

      it('an account that is deleted, and restored', async () => {
        await change(user, (found) => found.delete(later));
        expect(await seen({})).toEqual([false, false]);
        expect(await seen({ includeDeleted: true })).toEqual([true, true]);
        await change(user, (found) => found.restore(later, { holdsSeat: false }));
        expect(await seen({})).toEqual([true, true]);
      });

      it('a membership that is disabled, or ends, in that tenant alone', async () => {
        await govern(user, (membership) => membership.disable(later));
        expect(await seen({ status: 'disabled' })).toEqual([true, false]);
        await govern(user, (membership) => membership.leave(later));
        expect(await seen({ includeDeleted: false })).toEqual([false, true]);
        await govern(user, (membership) => membership.rejoin(later));
        expect(await seen({ status: 'active' })).toEqual([true, true]);
      });

      it('somebody who is gone', async () => {
        await subject.unitOfWork.run(async ({ users }) => {
          const found = await users.byId(place.projectId, user.id);
          if (found) users.remove(found);
        });
        expect(await seen({ includeDeleted: true })).toEqual([false, false]);
      });

      it('an invitation that is accepted', async () => {
        const { placeholder } = await seedInvitation(subject.unitOfWork, now, place, { email: anEmail('guest') });
        expect(await list({ status: 'invited' })).toEqual([placeholder.id]);

        await change(placeholder, (found) =>
          found.acceptInvitation({ passwordHash: null, firstName: 'Gus', lastName: null, dialect: 'v1' }, later),
        );
        expect(await list({ status: 'invited' })).toEqual([]);
        expect(await list({ search: 'gus', status: 'active' })).toEqual([placeholder.id]);
        expect(await list({ search: 'guest' })).toEqual([placeholder.id]);
      });

      it('a name that changes while the person joins another tenant', async () => {
        const tenants = await Promise.all(Array.from({ length: 8 }, () => seedTenant(subject.unitOfWork, now, place)));
        const { refused } = await sixteenAtOnce(async (index) => {
          const tenant = tenants[index >> 1];
          if (index % 2 === 0 || tenant === undefined) {
            return change(user, (found) => found.changeProfile({ firstName: `Name${index}` }, later));
          }
          return subject.unitOfWork.run(async ({ memberships }) =>
            memberships.save(aMembership(now, { ...tenant, userId: user.id })),
          );
        });
        for (const error of refused) expect(error).toMatchObject({ code: 'conflict' });

        const present = await subject.userDirectory.byId(place.projectId, user.id);
        const search = present?.firstName ?? 'nobody';
        for (const tenant of tenants) expect(await list({ search }, 100, tenant)).toEqual([user.id]);
      });
    });

    it('is undisturbed by those who come between two pages', async () => {
      const users: User[] = [];
      for (let made = 0; made < 4; made += 1) users.push(await aMember());
      const first = await page({}, { after: undefined, limit: 2 });
      const early = aUser(now, { projectId: place.projectId, id: '00000000-0000-7000-8000-000000000000' as UserId });
      await aMember();
      await subject.unitOfWork.run(async (all) => {
        all.users.save(early);
        all.memberships.save(aMembership(now, { ...place, userId: early.id }));
      });
      const second = await page({}, { after: first.items.at(-1)?.user.id, limit: 10 });

      const ids = [...first.items, ...second.items].map(({ user }) => user.id);
      expect(ids).toEqual([...users.map(({ id }) => id).reverse(), early.id]);
    });
  });
}
