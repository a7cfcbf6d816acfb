import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AuthProvider, ProviderId } from '../../src/domain/project/auth-provider.ts';
import type { User } from '../../src/domain/user/user.ts';
import { anAuthorizationRequest, aProvider, aProviderLink, aSealedSecret, aSession } from '../support/builders.ts';
import { secondsAfter } from '../support/clock.ts';
import { type Place, seedProject, seedUser } from '../support/seeds.ts';
import { sixteenAtOnce } from '../support/sixteen.ts';
import type { MakeSubject, StoreSubject } from './subject.ts';

/** How people of a project may sign in besides with a password. */
export function describeAuthProvidersContract(name: string, makeSubject: MakeSubject<StoreSubject>): void {
  describe(`providers: ${name}`, () => {
    const now = new Date();
    const later = secondsAfter(now, 5);
    const ACME = 'acme' as ProviderId;
    let subject: StoreSubject;
    let place: Place;
    let user: User;

    beforeEach(async () => {
      subject = await makeSubject();
      place = await seedProject(subject.unitOfWork, now);
      user = await seedUser(subject.unitOfWork, now, place);
    });
    afterEach(async () => {
      await subject.dispose();
    });

    const run: StoreSubject['unitOfWork']['run'] = (work) => subject.unitOfWork.run(work);
    const save = (...providers: readonly AuthProvider[]) =>
      run(async ({ authProviders }) => {
        for (const provider of providers) authProviders.save(provider);
      });
    const look = (id: ProviderId, at = place) => subject.authProviderDirectory.byId(at.projectId, id);
    const change = (id: ProviderId, verb: (provider: AuthProvider) => void, wish: 'save' | 'remove' = 'save') =>
      run(async ({ authProviders }) => {
        const provider = await authProviders.byId(place.projectId, id);
        if (!provider) throw new Error('not seeded');
        verb(provider);
        authProviders[wish](provider);
      });
    const remove = (id: ProviderId) => change(id, (provider) => provider.remove(later), 'remove');

    const everything = () =>
      aProvider(now, {
        ...place,
        id: 'everything' as ProviderId,
        type: 'oauth2',
        preset: 'github',
        name: 'Everything',
        clientId: 'id',
        clientSecret: aSealedSecret(),
        issuer: 'https://issuer.example.test',
        authorizeUrl: 'https://a.example.test/authorize?prompt=login',
        tokenUrl: 'https://a.example.test/token',
        userinfoUrl: 'https://a.example.test/me',
        mapping: { subject: 'data.id', email: 'data.email', emailVerified: 'data.verified', name: 'data.name' },
        scopes: ['openid', 'a scope with "quotes", {braces} and \\'],
        chainIds: [1, 137, Number.MAX_SAFE_INTEGER],
        enabled: false,
      });
    const nothing = () =>
      aProvider(now, { ...place, id: 'a-wallet' as ProviderId, type: 'wallet', clientId: null, issuer: null });

    it('come back as they were configured, by id, in their project alone', async () => {
      const elsewhere = await seedProject(subject.unitOfWork, now);
      const [full, bare] = [everything(), nothing()];
      const theirs = aProvider(now, { ...elsewhere, id: bare.toState().id });
      await save(full, bare, theirs);

      const expected = [bare, full].map((provider) => provider.toState());
      expect(await subject.authProviderDirectory.ofProject(place.projectId)).toEqual(expected);
      for (const state of expected) {
        expect(await look(state.id)).toEqual(state);
        const read = await run(({ authProviders }) => authProviders.byId(place.projectId, state.id));
        expect(read?.toState()).toEqual(state);
      }
      expect(await look(bare.toState().id, elsewhere)).toEqual(theirs.toState());
      expect(await look('a-walle' as ProviderId)).toBeUndefined();
    });

    it('are changed, what is null now included', async () => {
      const full = everything();
      await save(full);
      const given = { name: 'Other', clientSecret: null, mapping: null, scopes: [], chainIds: [10], enabled: true };
      await change(full.toState().id, (provider) => provider.change(given, later));

      expect(await look(full.toState().id)).toEqual({ ...full.toState(), ...given, updatedAt: later });
    });

    it('are configured once: of sixteen at once one is there', async () => {
      const { succeeded, refused } = await sixteenAtOnce(async (index) => {
        const provider = aProvider(now, { ...place, clientId: `client ${index}` });
        await save(provider);
        return provider.toState();
      });

      expect(succeeded).toHaveLength(1);
      for (const error of refused) expect(error).toMatchObject({ code: 'conflict' });
      expect(await look(ACME)).toEqual(succeeded[0]);
    });

    it('belong to a project that there is', async () => {
      const nowhere = aProvider(now, { projectId: user.id as never });
      await expect(save(nowhere)).rejects.toMatchObject({ code: 'conflict' });
    });

    it('take links and whoever is on the way along when they are removed, and nobody else’s', async () => {
      const OTHER = 'other' as ProviderId;
      const ids = { ...place, userId: user.id };
      await save(aProvider(now, place), aProvider(now, { ...place, id: OTHER }));
      const [gone, kept] = [aProviderLink(now, ids), aProviderLink(now, { ...ids, providerId: OTHER })];
      const [onTheWay, elsewhere] = [
        anAuthorizationRequest(now, place),
        anAuthorizationRequest(now, { ...ids, providerId: OTHER }),
      ];
      const session = aSession(now, ids);
      await run(async (all) => {
        for (const link of [gone, kept]) all.providerLinks.save(link);
        for (const request of [onTheWay, elsewhere]) all.authorizationRequests.save(request);
        all.refreshTokens.save(session);
      });
      await remove(ACME);

      expect(await look(ACME)).toBeUndefined();
      expect(await subject.providerLinkDirectory.ofUser(place.projectId, user.id)).toMatchObject([
        { id: kept.id, providerId: OTHER },
      ]);
      await run(async ({ authorizationRequests }) => {
        const found = async (request: typeof onTheWay) =>
          (await authorizationRequests.byDigest(place.projectId, [request.toState().digest]))?.id;
        expect(await found(onTheWay)).toBeUndefined();
        expect(await found(elsewhere)).toBe(elsewhere.id);
      });
      expect(await subject.sessionDirectory.standing(place.projectId, session.id)).toBeDefined();
    });

    it('know nobody when they are made again under the same id', async () => {
      const link = aProviderLink(now, { ...place, userId: user.id });
      const { externalId } = link.toState();
      await save(aProvider(now, place));
      await run(async ({ providerLinks }) => providerLinks.save(link));
      await remove(ACME);
      await save(aProvider(later, { ...place, issuer: 'https://another.example.test' }));

      expect(
        await run(({ providerLinks }) => providerLinks.byIdentity(place.projectId, ACME, externalId)),
      ).toBeUndefined();
    });

    it('get no link and no request when they are removed meanwhile', async () => {
      await save(aProvider(now, place));
      let rounds = 0;
      const late = run(async ({ authProviders, providerLinks, authorizationRequests }) => {
        rounds += 1;
        if ((await authProviders.byId(place.projectId, ACME)) === undefined) throw new Error('gone');
        await remove(ACME);
        providerLinks.save(aProviderLink(now, { ...place, userId: user.id }));
        authorizationRequests.save(anAuthorizationRequest(now, place));
      });

      await expect(late).rejects.toThrow('gone');
      expect(rounds).toBe(2);
      expect(await subject.providerLinkDirectory.ofUser(place.projectId, user.id)).toEqual([]);
    });
  });
}
