import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ProviderId } from '../../src/domain/project/auth-provider.ts';
import type { ProviderLink } from '../../src/domain/user/provider-link.ts';
import type { User } from '../../src/domain/user/user.ts';
import { anEmail, aProvider, aProviderLink, aUser } from '../support/builders.ts';
import { secondsAfter } from '../support/clock.ts';
import { type Place, seedProject, seedUser } from '../support/seeds.ts';
import { sixteenAtOnce } from '../support/sixteen.ts';
import type { MakeSubject, StoreSubject } from './subject.ts';

/** One user of each identity, one identity of each provider a user. */
export function describeProviderLinksContract(name: string, makeSubject: MakeSubject<StoreSubject>): void {
  describe(`provider links: ${name}`, () => {
    const now = new Date();
    const [ACME, OTHER] = ['acme' as ProviderId, 'other' as ProviderId];
    let subject: StoreSubject;
    let place: Place;
    let user: User;

    beforeEach(async () => {
      subject = await makeSubject();
      place = await seedProject(subject.unitOfWork, now);
      user = await seedUser(subject.unitOfWork, now, place);
      await seedProviders(place);
    });
    afterEach(async () => {
      await subject.dispose();
    });

    const run: StoreSubject['unitOfWork']['run'] = (work) => subject.unitOfWork.run(work);
    const seedProviders = ({ projectId }: Place) =>
      run(async ({ authProviders }) => {
        authProviders.save(aProvider(now, { projectId, id: ACME }));
        authProviders.save(aProvider(now, { projectId, id: OTHER, type: 'wallet' }));
      });
    const save = (...links: readonly ProviderLink[]) =>
      run(async ({ providerLinks }) => {
        for (const link of links) providerLinks.save(link);
      });
    const linked = (of: User = user, at = place) => subject.providerLinkDirectory.ofUser(at.projectId, of.id);
    const holder = async (externalId: string, providerId = ACME, at = place) =>
      (await run(({ providerLinks }) => providerLinks.byIdentity(at.projectId, providerId, externalId)))?.toState()
        .userId;
    const mine = (given: Partial<Parameters<typeof aProviderLink>[1]> = {}) =>
      aProviderLink(now, { ...place, userId: user.id, ...given });

    it('come back as they were saved, oldest first, with the type of their provider', async () => {
      const old = aProviderLink(secondsAfter(now, -60), { ...place, userId: user.id, providerId: OTHER });
      const fresh = mine({ externalId: 'Subject: with spaces', email: anEmail(), displayName: 'Ada “L” Lovelace' });
      await save(fresh, old);

      expect(await linked()).toEqual([
        { ...old.toState(), providerType: 'wallet' },
        { ...fresh.toState(), providerType: 'oidc' },
      ]);
      await run(async ({ providerLinks }) => {
        const all = await providerLinks.ofUser(place.projectId, user.id);
        expect(all.map((link) => link.toState())).toEqual([old.toState(), fresh.toState()]);
        const { providerId, externalId } = fresh.toState();
        const byIdentity = await providerLinks.byIdentity(place.projectId, providerId, externalId);
        expect(byIdentity?.toState()).toEqual(fresh.toState());
        expect(await providerLinks.byIdentity(place.projectId, OTHER, externalId)).toBeUndefined();
        expect(await providerLinks.byIdentity(place.projectId, providerId, externalId.toLowerCase())).toBeUndefined();
      });
      expect(await linked(await seedUser(subject.unitOfWork, now, place))).toEqual([]);
    });

    it('are made by one of sixteen who bring the same identity', async () => {
      const people = await Promise.all(Array.from({ length: 16 }, () => seedUser(subject.unitOfWork, now, place)));
      const { succeeded, refused } = await sixteenAtOnce(async (index) => {
        const userId = (people[index] ?? user).id;
        await save(mine({ userId, externalId: 'the one' }));
        return userId;
      });

      expect(succeeded).toHaveLength(1);
      for (const error of refused) expect(error).toMatchObject({ code: 'provider-already-linked' });
      expect(await holder('the one')).toBe(succeeded[0]);
    });

    it('are made once for a user, of sixteen identities of one provider', async () => {
      const { succeeded, refused } = await sixteenAtOnce(async () => {
        const link = mine();
        await save(link);
        return link.id;
      });

      expect(succeeded).toHaveLength(1);
      for (const error of refused) expect(error).toMatchObject({ code: 'provider-already-linked' });
      expect((await linked()).map(({ id }) => id)).toEqual(succeeded);
    });

    it('bring an account or none: of sixteen who arrive with one identity one is there', async () => {
      const { succeeded, refused } = await sixteenAtOnce(() =>
        run(async ({ users, providerLinks }) => {
          const arrived = aUser(now, place);
          users.save(arrived);
          providerLinks.save(mine({ userId: arrived.id, externalId: 'the one' }));
          return arrived.id;
        }),
      );

      expect(succeeded).toHaveLength(1);
      for (const error of refused) expect(error).toMatchObject({ code: 'provider-already-linked' });
      expect(await holder('the one')).toBe(succeeded[0]);
    });

    it('are refused beside an identity that is held, and that leaves no trace', async () => {
      await save(mine({ externalId: 'held' }));
      const other = await seedUser(subject.unitOfWork, now, place);
      const both = save(
        mine({ userId: other.id, providerId: OTHER, externalId: 'free' }),
        mine({ userId: other.id, externalId: 'held' }),
      );

      await expect(both).rejects.toMatchObject({ code: 'provider-already-linked' });
      expect(await linked(other)).toEqual([]);
      expect(await holder('held')).toBe(user.id);
    });

    it('hold the same identity at another provider, and in another project', async () => {
      const elsewhere = await seedProject(subject.unitOfWork, now);
      await seedProviders(elsewhere);
      const [other, stranger] = [
        await seedUser(subject.unitOfWork, now, place),
        await seedUser(subject.unitOfWork, now, elsewhere),
      ];
      await save(
        mine({ externalId: 'same' }),
        mine({ userId: other.id, providerId: OTHER, externalId: 'same' }),
        mine({ projectId: elsewhere.projectId, userId: stranger.id, externalId: 'same' }),
      );

      expect(await holder('same')).toBe(user.id);
      expect(await holder('same', OTHER)).toBe(other.id);
      expect(await holder('same', ACME, elsewhere)).toBe(stranger.id);
    });

    it('are impossible across projects, and without a provider or a user', async () => {
      const elsewhere = await seedProject(subject.unitOfWork, now);
      const stranger = await seedUser(subject.unitOfWork, now, elsewhere);
      for (const wrong of [
        mine({ userId: stranger.id }),
        mine({ projectId: elsewhere.projectId, userId: stranger.id }),
        mine({ providerId: 'nobody' as ProviderId }),
        mine({ userId: aUser(now, place).id }),
      ]) {
        await expect(save(wrong)).rejects.toMatchObject({ code: 'conflict' });
      }
    });

    const unlink = (externalId: string) =>
      run(async ({ providerLinks }) => {
        const link = await providerLinks.byIdentity(place.projectId, ACME, externalId);
        if (!link) throw new Error('gone');
        link.unlink(now);
        providerLinks.remove(link);
      });

    it('are removed once, of sixteen at once, and free the identity', async () => {
      await save(mine({ externalId: 'free' }), mine({ providerId: OTHER }));
      const { succeeded } = await sixteenAtOnce(() => unlink('free'));
      expect(succeeded).toHaveLength(1);
      expect(await linked()).toMatchObject([{ providerId: OTHER }]);

      const other = await seedUser(subject.unitOfWork, now, place);
      await save(mine({ userId: other.id, externalId: 'free' }));
      expect(await holder('free')).toBe(other.id);
    });

    it('make room for another within one unit of work', async () => {
      const old = mine({ externalId: 'old' });
      await save(old);
      await run(async ({ providerLinks }) => {
        const found = await providerLinks.byIdentity(place.projectId, ACME, 'old');
        if (!found) throw new Error('not seeded');
        providerLinks.save(mine({ externalId: 'new' }));
        providerLinks.remove(found);
      });

      expect(await linked()).toMatchObject([{ externalId: 'new' }]);
    });

    it('are all discarded, for one that takes their place, and nobody else loses any', async () => {
      const other = await seedUser(subject.unitOfWork, now, place);
      const theirs = mine({ userId: other.id });
      await save(mine({ externalId: 'taken over' }), mine({ providerId: OTHER }), theirs);
      await run(async ({ providerLinks }) => {
        providerLinks.discardAll(place.projectId, user.id);
        providerLinks.save(mine({ externalId: 'taken over' }));
      });

      expect(await linked()).toMatchObject([{ providerId: ACME, externalId: 'taken over' }]);
      await run(async ({ providerLinks }) => providerLinks.discardAll(place.projectId, user.id));
      expect(await linked()).toEqual([]);
      expect(await linked(other)).toMatchObject([theirs.toState()]);
    });

    it('stay where the unit of work comes to nothing', async () => {
      await save(mine());
      const undone = run(async ({ providerLinks }) => {
        providerLinks.discardAll(place.projectId, user.id);
        throw new Error('changed its mind');
      });
      await expect(undone).rejects.toThrow('changed its mind');

      expect(await linked()).toHaveLength(1);
    });

    it('go with their user', async () => {
      await save(mine({ externalId: 'free' }));
      await run(async ({ users }) => {
        const found = await users.byId(place.projectId, user.id);
        if (found) users.remove(found);
      });

      expect(await holder('free')).toBeUndefined();
    });
  });
}
