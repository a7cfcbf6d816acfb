import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { IamError } from '../../src/domain/errors.ts';
import { User } from '../../src/domain/user/user.ts';
import { anEmail, anId, aProject, aUser } from '../support/builders.ts';
import { type Place, seedProject, seedUser } from '../support/seeds.ts';
import { sixteenAtOnce } from '../support/sixteen.ts';
import type { MakeSubject, StoreSubject } from './subject.ts';

/** Addresses are held once, seats are counted exactly, sign-ins do not stand in each other's way. */
export function describeUsersAndSeatsContract(name: string, makeSubject: MakeSubject<StoreSubject>): void {
  describe(`users and seats: ${name}`, () => {
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

    const run: StoreSubject['unitOfWork']['run'] = (work) => subject.unitOfWork.run(work);
    const codesOf = (refused: readonly unknown[]) => [...new Set(refused.map((error) => (error as IamError).code))];

    it('makes one account of sixteen registrations of one email', async () => {
      const email = anEmail();

      const { succeeded, refused } = await sixteenAtOnce(() =>
        run(async ({ users, seats }) => {
          const user = aUser(now, { projectId: place.projectId, email, holdsSeat: true });
          users.save(user);
          seats.take(place.projectId, null);
          return user.id;
        }),
      );

      expect(succeeded).toHaveLength(1);
      expect(codesOf(refused)).toEqual(['email-already-registered']);
      expect((await subject.userDirectory.byEmail(place.projectId, email))?.id).toBe(succeeded[0]);
      expect(await run(({ seats }) => seats.taken(place.projectId))).toBe(1);
    });

    it('takes the same email in another project', async () => {
      const email = anEmail();
      const elsewhere = await seedProject(subject.unitOfWork, now);
      const here = await seedUser(subject.unitOfWork, now, place, { email });
      const there = await seedUser(subject.unitOfWork, now, elsewhere, { email });

      expect((await subject.userDirectory.byEmail(place.projectId, email))?.id).toBe(here.id);
      expect((await subject.userDirectory.byEmail(elsewhere.projectId, email))?.id).toBe(there.id);
    });

    it('refuses a change to a held address, and frees the old one', async () => {
      const [mine, held] = [anEmail(), anEmail()];
      await seedUser(subject.unitOfWork, now, place, { email: held });
      const user = await seedUser(subject.unitOfWork, now, place, { email: mine });
      const changeTo = (email: typeof mine) =>
        run(async ({ users }) => {
          const read = await users.byId(place.projectId, user.id);
          if (!read) throw new Error('not seeded');
          read.requestEmailChange(email, now);
          read.advanceEmailChange('proof', email, now);
          users.save(read);
        });

      await expect(changeTo(held)).rejects.toMatchObject({ code: 'email-already-registered' });
      await changeTo(anEmail());
      const next = await seedUser(subject.unitOfWork, now, place, { email: mine });
      expect((await subject.userDirectory.byEmail(place.projectId, mine))?.id).toBe(next.id);
    });

    it('lets deleted people hold the address that they had proven, and no other', async () => {
      const [proven, unproven] = [anEmail(), anEmail()];
      const deleted = (email: typeof proven, emailVerifiedAt: Date | null) =>
        User.rehydrate({
          ...aUser(now, { projectId: place.projectId, email }).toState(),
          emailVerifiedAt,
          deletedAt: now,
        });
      await run(async ({ users }) => {
        users.save(deleted(proven, now));
        users.save(deleted(unproven, null));
      });

      expect(await subject.userDirectory.byEmail(place.projectId, proven)).toBeDefined();
      expect(await subject.userDirectory.byEmail(place.projectId, unproven)).toBeUndefined();
      await expect(seedUser(subject.unitOfWork, now, place, { email: proven })).rejects.toMatchObject({
        code: 'email-already-registered',
      });
      const next = await seedUser(subject.unitOfWork, now, place, { email: unproven });
      expect((await run(({ users }) => users.byEmail(place.projectId, unproven)))?.id).toBe(next.id);
    });

    it('lets any number of people without an address be', async () => {
      const nameless = () => User.rehydrate({ ...aUser(now, { projectId: place.projectId }).toState(), email: null });
      const [one, two] = [nameless(), nameless()];
      await run(async ({ users }) => {
        users.save(one);
        users.save(two);
      });

      expect(await subject.userDirectory.byId(place.projectId, two.id)).toEqual(two.toState());
    });

    it('loses no update of sixteen at once: each is applied, or refused with conflict', async () => {
      const user = await seedUser(subject.unitOfWork, now, place);

      const { succeeded, refused } = await sixteenAtOnce(() =>
        run(async ({ users }) => {
          const read = await users.byId(place.projectId, user.id);
          if (!read) throw new Error('not seeded');
          read.endSessions(now);
          users.save(read);
        }),
      );

      expect(succeeded.length).toBeGreaterThan(0);
      expect(codesOf(refused).filter((code) => code !== 'conflict')).toEqual([]);
      expect((await subject.userDirectory.byId(place.projectId, user.id))?.sessionEpoch).toBe(succeeded.length);
    });

    it('lets sixteen sign-ins touch one person at once, each in its first run', async () => {
      const user = await seedUser(subject.unitOfWork, now, place);
      let runs = 0;

      const { succeeded } = await sixteenAtOnce((index) =>
        run(async ({ users }) => {
          runs += 1;
          const read = await users.byId(place.projectId, user.id);
          if (!read) throw new Error('not seeded');
          read.signedIn(`method-${index}`);
          users.touch(read);
        }),
      );

      expect(succeeded).toHaveLength(16);
      expect(runs).toBe(16);
      expect((await subject.userDirectory.byId(place.projectId, user.id))?.lastLoginMethod).toMatch(/^method-\d+$/);
    });

    it('does not touch over what was saved since it was read', async () => {
      const user = await seedUser(subject.unitOfWork, now, place);
      let runs = 0;

      await run(async ({ users }) => {
        runs += 1;
        const read = await users.byId(place.projectId, user.id);
        if (!read) throw new Error('not seeded');
        if (runs === 1) {
          await run(async (inner) => {
            const same = await inner.users.byId(place.projectId, user.id);
            if (!same) throw new Error('not seeded');
            same.endSessions(now);
            inner.users.save(same);
          });
        }
        read.signedIn('email');
        read.prefersTenant(place.tenantId);
        users.touch(read);
      });

      expect(runs).toBe(2);
      expect(await subject.userDirectory.byId(place.projectId, user.id)).toMatchObject({
        sessionEpoch: 1,
        lastLoginMethod: 'email',
        lastTenantId: place.tenantId,
      });
    });

    it('lets a save pass that a mere touch came before', async () => {
      const user = await seedUser(subject.unitOfWork, now, place);
      let runs = 0;

      await run(async ({ users, requireUnchanged }) => {
        runs += 1;
        const read = await users.byId(place.projectId, user.id);
        if (!read) throw new Error('not seeded');
        requireUnchanged(read);
        await run(async (inner) => {
          const same = await inner.users.byId(place.projectId, user.id);
          if (!same) throw new Error('not seeded');
          same.signedIn('email');
          inner.users.touch(same);
        });
        read.endSessions(now);
        users.save(read);
      });

      expect(runs).toBe(1);
    });

    it('gives exactly as many seats as there are, of sixteen takers at once', async () => {
      const limit = 5;

      const { succeeded, refused } = await sixteenAtOnce(() =>
        run(async ({ seats }) => {
          if ((await seats.taken(place.projectId)) >= limit) throw new Error('full');
          seats.take(place.projectId, limit);
        }),
      );

      expect(succeeded).toHaveLength(limit);
      expect(refused).toHaveLength(16 - limit);
      expect(await run(({ seats }) => seats.taken(place.projectId))).toBe(limit);
    });

    it('fails like a lost race at the last seat, with everything that came along', async () => {
      await run(async ({ seats }) => seats.take(place.projectId, 1));
      const user = aUser(now, { projectId: place.projectId });
      let runs = 0;

      await expect(
        run(async ({ users, seats }) => {
          runs += 1;
          users.save(user);
          seats.take(place.projectId, 1);
        }),
      ).rejects.toMatchObject({ code: 'conflict' });

      expect(runs).toBe(4);
      expect(await subject.userDirectory.byId(place.projectId, user.id)).toBeUndefined();
    });

    it('takes the first seats of a project in the commit that makes it', async () => {
      const { project, tenant } = aProject(now);

      await run(async ({ projects, tenants, seats }) => {
        projects.save(project);
        tenants.save(tenant);
        seats.take(project.id, 2);
        seats.take(project.id, 2);
      });

      expect(await run(({ seats }) => seats.taken(project.id))).toBe(2);
    });

    it('counts the seats of each project by itself, and gets released ones back', async () => {
      const elsewhere = await seedProject(subject.unitOfWork, now);
      await run(async ({ seats }) => seats.take(place.projectId, 2));
      await run(async ({ seats }) => seats.take(place.projectId, 2));
      await run(async ({ seats }) => seats.take(elsewhere.projectId, 1));

      await run(async ({ seats }) => seats.release(place.projectId));

      await run(async ({ seats }) => {
        expect(await seats.taken(place.projectId)).toBe(1);
        expect(await seats.taken(elsewhere.projectId)).toBe(1);
        expect(await seats.taken(anId())).toBe(0);
      });
      await run(async ({ seats }) => seats.take(place.projectId, 2));
      expect(await run(({ seats }) => seats.taken(place.projectId))).toBe(2);
    });
  });
}
