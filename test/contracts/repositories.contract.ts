import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  aChallenge,
  aDigest,
  aMembership,
  anApiKey,
  anEmail,
  anId,
  aOneTimeToken,
  aProject,
  aSession,
  aSigningKey,
  aTenant,
  aUser,
  someRecoveryCodes,
} from '../support/builders.ts';
import { secondsAfter } from '../support/clock.ts';
import { type Place, seedProject, seedTenant, seedUser } from '../support/seeds.ts';
import type { MakeSubject, StoreSubject } from './subject.ts';

/** What each repository promises besides the unit of work: round trips, uniqueness, references, removal. */
export function describeRepositoriesContract(name: string, makeSubject: MakeSubject<StoreSubject>): void {
  describe(`repositories: ${name}`, () => {
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

    it('gives back every aggregate as it was saved', async () => {
      const user = await seedUser(subject.unitOfWork, now, place, {}, place.roles);
      const ids = { projectId: place.projectId, userId: user.id };
      const key = anApiKey(now, { ...ids, expiresAt: secondsAfter(now, 60), permissions: ['auth', 'manage'] });
      const signingKey = aSigningKey(now, place.projectId);
      const token = aOneTimeToken(now, ids);
      const challenge = aChallenge(now, ids);
      const codes = someRecoveryCodes(now, place.projectId, user.id);
      const session = aSession(now, { ...ids, tenantId: place.tenantId, amr: ['pwd', 'otp', 'mfa'] });
      await run(async (all) => {
        all.apiKeys.save(key);
        all.signingKeys.save(signingKey);
        all.oneTimeTokens.save(token);
        all.signInChallenges.save(challenge);
        all.recoveryCodes.save(codes);
        all.refreshTokens.save(session);
      });

      await run(async (all) => {
        const { projectId, tenantId } = place;
        const { purpose, digest } = token.toState();
        const opened = challenge.toState();
        const read = [
          [await all.projects.byId(projectId), place.project],
          [await all.tenants.byId(projectId, tenantId), place.tenant],
          [await all.roles.bySlug(projectId, tenantId, 'owner'), place.ownerRole],
          [
            await all.memberships.find(projectId, tenantId, user.id),
            aMembership(now, { ...place, ...ids }, place.roles),
          ],
          [await all.users.byEmail(projectId, user.toState().email ?? anEmail()), user],
          [await all.apiKeys.byId(projectId, key.toState().id), key],
          [(await all.signingKeys.ofProject(projectId))[0], signingKey],
          [await all.oneTimeTokens.ofUser(projectId, user.id, purpose), token],
          [await all.oneTimeTokens.byDigest(projectId, purpose, [aDigest(), digest]), token],
          [await all.signInChallenges.byDigest(projectId, opened.kind, [aDigest(), opened.digest]), challenge],
          [await all.recoveryCodes.ofUser(projectId, user.id), codes],
          [await all.refreshTokens.byId(projectId, session.id), session],
          [(await all.refreshTokens.withStanding(projectId, session.id))?.session, session],
        ] as const;
        for (const [found, saved] of read) expect(found?.toState()).toEqual(saved.toState());
      });
    });

    it('updates what was read', async () => {
      const user = await seedUser(subject.unitOfWork, now, place);
      const key = anApiKey(now, place);
      const session = aSession(now, { ...place, userId: user.id });
      const signingKey = aSigningKey(now, place.projectId);
      const codes = someRecoveryCodes(now, place.projectId, user.id);
      await run(async (all) => {
        all.apiKeys.save(key);
        all.refreshTokens.save(session);
        all.signingKeys.save(signingKey);
        all.recoveryCodes.save(codes);
      });
      const later = secondsAfter(now, 5);
      const changed = await run(async (all) => {
        const project = await all.projects.byId(place.projectId);
        const tenant = await all.tenants.byId(place.projectId, place.tenantId);
        const apiKey = await all.apiKeys.byId(place.projectId, key.toState().id);
        const standing = await all.refreshTokens.withStanding(place.projectId, session.id);
        const [next] = await all.signingKeys.ofProject(place.projectId);
        const stored = await all.recoveryCodes.ofUser(place.projectId, user.id);
        if (!project || !tenant || !apiKey || !standing || !next || !stored) throw new Error('not seeded');
        project.change({ name: 'Renamed', settings: { userLimit: 7 } }, later);
        tenant.entrustTo(user.id, later);
        apiKey.revoke(later);
        standing.session.end('logout', later);
        next.activate(later);
        stored.void();
        all.projects.save(project);
        all.tenants.save(tenant);
        all.apiKeys.save(apiKey);
        all.refreshTokens.save(standing.session);
        all.signingKeys.save(next);
        all.recoveryCodes.save(stored);
        return { project, tenant, apiKey, session: standing.session, next, stored };
      });

      await run(async (all) => {
        const read = [
          [await all.projects.byId(place.projectId), changed.project],
          [await all.tenants.byId(place.projectId, place.tenantId), changed.tenant],
          [await all.apiKeys.byId(place.projectId, key.toState().id), changed.apiKey],
          [await all.refreshTokens.byId(place.projectId, session.id), changed.session],
          [(await all.signingKeys.ofProject(place.projectId))[0], changed.next],
          [await all.recoveryCodes.ofUser(place.projectId, user.id), changed.stored],
        ] as const;
        for (const [found, saved] of read) expect(found?.toState()).toEqual(saved.toState());
      });
    });

    it('keeps a second platform project out', async () => {
      const first = await seedProject(subject.unitOfWork, now, { platform: true });

      await expect(seedProject(subject.unitOfWork, now, { platform: true })).rejects.toMatchObject({
        code: 'conflict',
      });

      expect((await subject.projectDirectory.platform())?.id).toBe(first.projectId);
      expect((await run(({ projects }) => projects.platform()))?.id).toBe(first.projectId);
    });

    it('keeps the slug of a role unique in its tenant, not beyond', async () => {
      const other = await seedTenant(subject.unitOfWork, now, place);
      const { ownerRole } = aTenant(now, { projectId: place.projectId, id: place.tenantId });

      await expect(run(async ({ roles }) => roles.save(ownerRole))).rejects.toMatchObject({
        code: 'role-already-exists',
      });
      const slugOfOther = await run(({ roles }) => roles.bySlug(place.projectId, other.tenantId, 'owner'));
      expect(slugOfOther?.id).toBe(other.ownerRole.id);
    });

    it('keeps one membership a user and tenant', async () => {
      const user = await seedUser(subject.unitOfWork, now, place);
      const second = aMembership(now, { ...place, userId: user.id }, [place.ownerRole]);

      await expect(run(async ({ memberships }) => memberships.save(second))).rejects.toMatchObject({
        code: 'conflict',
      });
      const found = await run(({ memberships }) => memberships.find(place.projectId, place.tenantId, user.id));
      expect(found?.toState().roleIds).toEqual([]);
    });

    it('shows a tenant as its member sees it, in one read', async () => {
      const other = await seedTenant(subject.unitOfWork, now, place);
      const user = await seedUser(subject.unitOfWork, now, place);
      const member = aMembership(now, { ...other, projectId: place.projectId, userId: user.id }, [other.ownerRole]);
      await run(async ({ memberships }) => memberships.save(member));

      const landing = await run(({ memberships }) => memberships.landing(place.projectId, other.tenantId, user.id));
      expect(landing?.tenant).toMatchObject({ id: other.tenantId, projectId: place.projectId, blockedAt: null });
      expect(landing?.roles.slugs).toEqual(['owner']);
    });

    it('keeps the digest of an API key unique in its project', async () => {
      const digest = aDigest();
      await run(async ({ apiKeys }) => apiKeys.save(anApiKey(now, { ...place, digest })));

      await expect(run(async ({ apiKeys }) => apiKeys.save(anApiKey(now, { ...place, digest })))).rejects.toMatchObject(
        { code: 'conflict' },
      );
    });

    it('keeps the digest of a one-time token unique for its purpose', async () => {
      const [one, two] = [
        await seedUser(subject.unitOfWork, now, place),
        await seedUser(subject.unitOfWork, now, place),
      ];
      const digest = aDigest();
      await run(async ({ oneTimeTokens }) =>
        oneTimeTokens.save(aOneTimeToken(now, { ...place, userId: one.id, digest })),
      );

      await expect(
        run(async ({ oneTimeTokens }) => oneTimeTokens.save(aOneTimeToken(now, { ...place, userId: two.id, digest }))),
      ).rejects.toMatchObject({ code: 'conflict' });
      await run(async ({ oneTimeTokens }) =>
        oneTimeTokens.save(aOneTimeToken(now, { ...place, userId: two.id, digest, purpose: 'disown' })),
      );
    });

    it.each([
      ['a role of another tenant', async (other: Place) => other.ownerRole],
      ['a role that does not exist', async () => aProject(now).ownerRole],
    ])('makes a membership with %s impossible', async (_case, roleFrom) => {
      const user = aUser(now, { projectId: place.projectId });
      const role = await roleFrom(await seedTenant(subject.unitOfWork, now, place));

      await expect(
        run(async ({ users, memberships }) => {
          users.save(user);
          memberships.save(aMembership(now, { ...place, userId: user.id }, [role]));
        }),
      ).rejects.toMatchObject({ code: 'conflict' });
      expect(await subject.userDirectory.byId(place.projectId, user.id)).toBeUndefined();
    });

    it('makes a membership across projects impossible', async () => {
      const elsewhere = await seedProject(subject.unitOfWork, now);
      const stranger = await seedUser(subject.unitOfWork, now, elsewhere);
      const user = await seedUser(subject.unitOfWork, now, place);

      for (const wrong of [
        aMembership(now, { ...place, userId: stranger.id }),
        aMembership(now, { ...place, tenantId: elsewhere.tenantId, userId: user.id }),
        aMembership(now, { ...place, userId: anId() }),
      ]) {
        await expect(run(async ({ memberships }) => memberships.save(wrong))).rejects.toMatchObject({
          code: 'conflict',
        });
      }
    });

    it('opens no session and mints no token for nobody', async () => {
      const ids = { ...place, userId: anId<ReturnType<typeof aUser>['id']>() };

      await expect(run(async (all) => all.refreshTokens.save(aSession(now, ids)))).rejects.toMatchObject({
        code: 'conflict',
      });
      await expect(run(async (all) => all.oneTimeTokens.save(aOneTimeToken(now, ids)))).rejects.toMatchObject({
        code: 'conflict',
      });
    });

    it('ends every session of a person in one tenant, and nobody else’s, nor theirs elsewhere', async () => {
      const elsewhere = await seedTenant(subject.unitOfWork, now, place);
      const person = await seedUser(subject.unitOfWork, now, place);
      const other = await seedUser(subject.unitOfWork, now, place);
      const here = { ...place, userId: person.id };
      const sessions = {
        first: aSession(now, here),
        second: aSession(now, here),
        elsewhere: aSession(now, { ...here, tenantId: elsewhere.tenant.id }),
        'of another': aSession(now, { ...place, userId: other.id }),
      };
      await run(async ({ refreshTokens }) => {
        for (const session of Object.values(sessions)) refreshTokens.save(session);
      });
      const later = secondsAfter(now, 5);

      await run(async ({ refreshTokens }) => refreshTokens.endAll(place.projectId, place.tenantId, person.id, later));
      const ends = await run(({ refreshTokens }) =>
        Promise.all(Object.values(sessions).map(({ id }) => refreshTokens.byId(place.projectId, id))),
      );
      expect(ends.map((session) => session?.toState().endedAt)).toEqual([later, later, null, null]);
      expect(ends[0]?.toState().endedBy).toBe('membership-ended');
    });

    it('removes a tenant with its roles and memberships', async () => {
      const other = await seedTenant(subject.unitOfWork, now, place);
      const user = await seedUser(subject.unitOfWork, now, other, {}, [other.ownerRole]);

      await run(async ({ tenants }) => {
        const tenant = await tenants.byId(place.projectId, other.tenantId);
        if (tenant) tenants.remove(tenant);
      });

      await run(async ({ tenants, roles, memberships }) => {
        expect(await tenants.byId(place.projectId, other.tenantId)).toBeUndefined();
        expect(await roles.bySlug(place.projectId, other.tenantId, 'owner')).toBeUndefined();
        expect(await memberships.find(place.projectId, other.tenantId, user.id)).toBeUndefined();
        expect(await tenants.byId(place.projectId, place.tenantId)).toBeDefined();
      });
      expect(await subject.userDirectory.byId(place.projectId, user.id)).toBeDefined();
    });

    it('removes a person with the tenants that they own in one commit', async () => {
      const owner = await seedUser(subject.unitOfWork, now, place);
      const owned = await seedTenant(subject.unitOfWork, now, place, owner.id);
      const member = await seedUser(subject.unitOfWork, now, owned, {}, owned.roles);

      await run(async ({ users, tenants }) => {
        const read = await users.byId(place.projectId, owner.id);
        if (!read) throw new Error('not seeded');
        users.remove(read);
        for (const tenant of await tenants.ownedBy(place.projectId, owner.id)) tenants.remove(tenant);
      });

      expect(await subject.userDirectory.byId(place.projectId, owner.id)).toBeUndefined();
      expect(await subject.tenantDirectory.byId(place.projectId, owned.tenantId)).toBeUndefined();
      expect(await subject.userDirectory.byId(place.projectId, member.id)).toBeDefined();
    });

    it('removes a user with memberships, sessions, tokens and codes, and tells that', async () => {
      const user = await seedUser(subject.unitOfWork, now, place, {}, [place.ownerRole]);
      const ids = { ...place, userId: user.id };
      const [token, challenge, session] = [aOneTimeToken(now, ids), aChallenge(now, ids), aSession(now, ids)];
      await run(async (all) => {
        all.oneTimeTokens.save(token);
        all.signInChallenges.save(challenge);
        all.refreshTokens.save(session);
        all.recoveryCodes.save(someRecoveryCodes(now, place.projectId, user.id));
      });

      await run(async ({ users }) => {
        const read = await users.byId(place.projectId, user.id);
        if (!read) throw new Error('not seeded');
        read.disown(now);
        users.remove(read);
      });

      await run(async (all) => {
        expect(await all.users.byId(place.projectId, user.id)).toBeUndefined();
        expect(await all.memberships.find(place.projectId, place.tenantId, user.id)).toBeUndefined();
        expect(await all.oneTimeTokens.ofUser(place.projectId, user.id, token.toState().purpose)).toBeUndefined();
        expect(
          await all.signInChallenges.byDigest(place.projectId, 'tenant-selection', [challenge.toState().digest]),
        ).toBeUndefined();
        expect(await all.refreshTokens.byId(place.projectId, session.id)).toBeUndefined();
        expect(await all.recoveryCodes.ofUser(place.projectId, user.id)).toBeUndefined();
      });
      const messages = await subject.outboxFeed.claim(1000, 60, secondsAfter(now, 60));
      expect(messages.map(({ event }) => event.type)).toContain('user-removed');
    });

    it('finds the tenants that a person owns, and retired keys nowhere', async () => {
      const owner = await seedUser(subject.unitOfWork, now, place);
      const mine = await seedTenant(subject.unitOfWork, now, place, owner.id);
      const key = aSigningKey(now, place.projectId);
      key.remove(now);
      await run(async ({ signingKeys }) => signingKeys.save(key));

      await run(async ({ tenants, signingKeys }) => {
        expect((await tenants.ownedBy(place.projectId, owner.id)).map(({ id }) => id)).toEqual([mine.tenantId]);
        expect(await tenants.ownedBy(place.projectId, anId())).toEqual([]);
        expect(await signingKeys.ofProject(place.projectId)).toEqual([]);
      });
    });
  });
}
