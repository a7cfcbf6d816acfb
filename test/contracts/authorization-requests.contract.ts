import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { IamError } from '../../src/domain/errors.ts';
import type { ProviderId } from '../../src/domain/project/auth-provider.ts';
import type { AuthorizationRequest } from '../../src/domain/session/authorization-request.ts';
import type { ProviderLink } from '../../src/domain/user/provider-link.ts';
import type { User } from '../../src/domain/user/user.ts';
import { aChallenge, aDigest, anAuthorizationRequest, anId, aProvider, aProviderLink } from '../support/builders.ts';
import { secondsAfter } from '../support/clock.ts';
import { type Place, seedProject, seedUser } from '../support/seeds.ts';
import { sixteenAtOnce } from '../support/sixteen.ts';
import type { MakeSubject, StoreSubject } from './subject.ts';

/** Whoever was sent to a provider comes back once. */
export function describeAuthorizationRequestsContract(name: string, makeSubject: MakeSubject<StoreSubject>): void {
  describe(`authorization requests: ${name}`, () => {
    const now = new Date();
    let subject: StoreSubject;
    let place: Place;
    let user: User;

    beforeEach(async () => {
      subject = await makeSubject();
      place = await seedProject(subject.unitOfWork, now);
      user = await seedUser(subject.unitOfWork, now, place);
      await run(async ({ authProviders }) => authProviders.save(aProvider(now, place)));
    });
    afterEach(async () => {
      await subject.dispose();
    });

    const run: StoreSubject['unitOfWork']['run'] = (work) => subject.unitOfWork.run(work);
    const save = (...requests: readonly AuthorizationRequest[]) =>
      run(async ({ authorizationRequests }) => {
        for (const request of requests) authorizationRequests.save(request);
      });
    const find = async (request: AuthorizationRequest, at = place) => {
      const digests = [aDigest(), request.toState().digest];
      return (await run((all) => all.authorizationRequests.byDigest(at.projectId, digests)))?.toState();
    };
    /** Spends it, and does what comes of it in the same commit. */
    const spend = (request: AuthorizationRequest, at = place, link?: ProviderLink) =>
      run(async ({ authorizationRequests, providerLinks }) => {
        const found = await authorizationRequests.byDigest(at.projectId, [request.toState().digest]);
        if (!found) throw new IamError('token-invalid');
        authorizationRequests.spend(found);
        if (link) providerLinks.save(link);
      });

    it('come back as they were saved, for somebody and for nobody yet', async () => {
      const bare = anAuthorizationRequest(now, place);
      const full = anAuthorizationRequest(now, {
        ...place,
        intent: 'link',
        userId: user.id,
        sessionId: anId(),
        returnTo: 'https://app.example.test/back?a=b#c',
      });
      await save(bare, full);

      for (const request of [bare, full]) expect(await find(request)).toEqual(request.toState());
      expect(await find(anAuthorizationRequest(now, place))).toBeUndefined();
    });

    it('are spent by one of sixteen, and what comes of it happens once', async () => {
      const request = anAuthorizationRequest(now, { ...place, userId: user.id, intent: 'link' });
      await save(request);
      const people = await Promise.all(Array.from({ length: 16 }, () => seedUser(subject.unitOfWork, now, place)));
      const { succeeded, refused } = await sixteenAtOnce(async (index) => {
        const { id } = people[index] ?? user;
        await spend(request, place, aProviderLink(now, { ...place, userId: id }));
        return id;
      });

      expect(succeeded).toHaveLength(1);
      for (const error of refused) expect(error).toMatchObject({ code: 'token-invalid' });
      const links = await Promise.all(
        people.map(({ id }) => subject.providerLinkDirectory.ofUser(place.projectId, id)),
      );
      expect(links.flat().map(({ userId }) => userId)).toEqual(succeeded);
      expect(await find(request)).toBeUndefined();
    });

    it('are found and spent in their project alone', async () => {
      const elsewhere = await seedProject(subject.unitOfWork, now);
      await run(async ({ authProviders }) => authProviders.save(aProvider(now, elsewhere)));
      const request = anAuthorizationRequest(now, place);
      await save(request);

      await expect(spend(request, elsewhere)).rejects.toMatchObject({ code: 'token-invalid' });
      expect(await find(request)).toEqual(request.toState());
      await spend(request);
      for (const at of [place, elsewhere]) {
        expect(await find(request, at)).toBeUndefined();
        await expect(spend(request, at)).rejects.toMatchObject({ code: 'token-invalid' });
      }
    });

    it('have a digest of their own', async () => {
      const digest = aDigest();
      const [first, second] = [
        anAuthorizationRequest(now, { ...place, digest }),
        anAuthorizationRequest(now, { ...place, digest }),
      ];
      await save(first);

      await expect(save(second)).rejects.toMatchObject({ code: 'conflict' });
      expect(await find(second)).toEqual(first.toState());
    });

    it('are found when they have expired, so that the caller can say so', async () => {
      const request = anAuthorizationRequest(secondsAfter(now, -3600), place);
      await save(request);
      const { digest } = request.toState();
      const found = await run((all) => all.authorizationRequests.byDigest(place.projectId, [digest]));

      expect(found?.toState()).toEqual(request.toState());
    });

    it('are for a provider that there is, and for a user of the project', async () => {
      const elsewhere = await seedProject(subject.unitOfWork, now);
      const stranger = await seedUser(subject.unitOfWork, now, elsewhere);
      for (const wrong of [
        anAuthorizationRequest(now, { ...place, providerId: 'nobody' as ProviderId }),
        anAuthorizationRequest(now, { ...place, userId: stranger.id }),
        anAuthorizationRequest(now, elsewhere),
      ]) {
        await expect(save(wrong)).rejects.toMatchObject({ code: 'conflict' });
      }
    });

    it('go with their user, and those of nobody stay', async () => {
      const [mine, nobodys] = [
        anAuthorizationRequest(now, { ...place, userId: user.id }),
        anAuthorizationRequest(now, place),
      ];
      await save(mine, nobodys);
      await run(async ({ users }) => {
        const found = await users.byId(place.projectId, user.id);
        if (found) users.remove(found);
      });

      expect(await find(mine)).toBeUndefined();
      expect(await find(nobodys)).toEqual(nobodys.toState());
    });

    it.each(['exchange-code', 'mfa-challenge'] as const)(
      'are followed by an %s that knows the provider',
      async (kind) => {
        const challenge = aChallenge(now, { ...place, userId: user.id, kind, providerId: 'acme' as ProviderId });
        const { digest } = challenge.toState();
        await run(async ({ signInChallenges }) => signInChallenges.save(challenge));

        await run(async ({ signInChallenges }) => {
          const found = await signInChallenges.byDigest(place.projectId, kind, [digest]);
          expect(found?.toState()).toEqual(challenge.toState());
          expect(await signInChallenges.byDigest(place.projectId, 'login-ticket', [digest])).toBeUndefined();
        });
      },
    );
  });
}
