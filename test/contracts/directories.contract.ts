import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SecretDigest } from '../../src/domain/session/secret-digest.ts';
import type { TenantId, TenantState } from '../../src/domain/tenant/tenant.ts';
import {
  aDigest,
  aMembership,
  anApiKey,
  anEmail,
  anId,
  aOneTimeToken,
  aSession,
  aSigningKey,
} from '../support/builders.ts';
import { secondsAfter } from '../support/clock.ts';
import { everyPage } from '../support/every-page.ts';
import { type Place, seedProject, seedTenant, seedUser } from '../support/seeds.ts';
import type { MakeSubject, StoreSubject } from './subject.ts';

/** What is read without changing anything. */
export function describeDirectoriesContract(name: string, makeSubject: MakeSubject<StoreSubject>): void {
  describe(`directories: ${name}`, () => {
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

    it('pages through API keys newest first, undisturbed by those that come meanwhile', async () => {
      const keys = Array.from({ length: 5 }, () => anApiKey(now, place));
      await run(async ({ apiKeys }) => {
        for (const key of keys) apiKeys.save(key);
      });
      const newestFirst = keys.map((key) => key.toState()).reverse();

      const first = await subject.apiKeyDirectory.page(place.projectId, { after: undefined, limit: 2 });
      await run(async ({ apiKeys }) => apiKeys.save(anApiKey(now, place)));
      const second = await subject.apiKeyDirectory.page(place.projectId, { after: first.items[1]?.id, limit: 2 });
      const third = await subject.apiKeyDirectory.page(place.projectId, { after: second.items[1]?.id, limit: 2 });

      expect(first).toEqual({ items: newestFirst.slice(0, 2), hasMore: true });
      expect(second).toEqual({ items: newestFirst.slice(2, 4), hasMore: true });
      expect(third).toEqual({ items: newestFirst.slice(4), hasMore: false });
    });

    it('says that there is no more when a page ends with the last one', async () => {
      await run(async ({ apiKeys }) => {
        for (let made = 0; made < 2; made += 1) apiKeys.save(anApiKey(now, place));
      });

      const page = await subject.apiKeyDirectory.page(place.projectId, { after: undefined, limit: 2 });

      expect(page.items).toHaveLength(2);
      expect(page.hasMore).toBe(false);
    });

    it('pages through projects newest first', async () => {
      const second = await seedProject(subject.unitOfWork, now);
      const third = await seedProject(subject.unitOfWork, now);

      const first = await subject.projectDirectory.page({ after: undefined, limit: 2 });
      const last = await subject.projectDirectory.page({ after: first.items[1]?.id, limit: 2 });

      expect(first).toEqual({ items: [third.project.toState(), second.project.toState()], hasMore: true });
      expect(last).toEqual({ items: [place.project.toState()], hasMore: false });
    });

    it('pages through the tenants of a project newest first, at every depth, without gaps or doubles', async () => {
      const tenants = [place];
      for (let made = 0; made < 5; made += 1) tenants.push(await seedTenant(subject.unitOfWork, now, place));
      await seedTenant(subject.unitOfWork, now, await seedProject(subject.unitOfWork, now));
      const expected = tenants.map(({ tenant }) => tenant.toState()).reverse();

      for (const limit of [1, 4, 6, 100]) {
        const items = await everyPage<TenantId, TenantState>(limit, (request) =>
          subject.tenantDirectory.page(place.projectId, request),
        );
        expect(items).toEqual(expected);
      }
    });

    it('finds an API key by any of its possible digests, revoked or expired as it may be', async () => {
      const key = anApiKey(now, { ...place, expiresAt: now });
      key.revoke(now);
      await run(async ({ apiKeys }) => apiKeys.save(key));

      const { digest } = key.toState();
      expect(await subject.apiKeyDirectory.byDigest(place.projectId, [aDigest(), digest])).toEqual(key.toState());
      expect(await subject.apiKeyDirectory.byDigest(place.projectId, [aDigest()])).toBeUndefined();
      expect(await subject.apiKeyDirectory.byDigest(place.projectId, [])).toBeUndefined();
    });

    it('counts the API keys that open something by the master key that their digests name', async () => {
      const named = (key: string) => `${key}.${aDigest()}` as SecretDigest;
      const keys = [
        anApiKey(now, { ...place, digest: named('one') }),
        anApiKey(now, { ...place, digest: named('one'), expiresAt: secondsAfter(now, 61) }),
        anApiKey(now, { ...place, digest: named('other') }),
        anApiKey(now, place),
        anApiKey(now, { ...place, digest: named('one'), expiresAt: secondsAfter(now, 60) }),
        anApiKey(now, { ...place, digest: named('one') }),
      ];
      keys.at(-1)?.revoke(now);
      expect(await subject.apiKeyDirectory.countLive(now)).toEqual(new Map());
      await run(async ({ apiKeys }) => {
        for (const key of keys) apiKeys.save(key);
      });
      expect(await subject.apiKeyDirectory.countLive(secondsAfter(now, 60))).toEqual(
        new Map([
          ['one', 2],
          ['other', 1],
          ['', 1],
        ]),
      );
    });

    it('lists the signing keys that are not retired, oldest first', async () => {
      const [newer, oldest, retired] = [
        aSigningKey(now, place.projectId),
        aSigningKey(secondsAfter(now, -60), place.projectId),
        aSigningKey(now, place.projectId),
      ];
      retired.remove(now);
      await run(async ({ signingKeys }) => {
        for (const key of [newer, retired, oldest]) signingKeys.save(key);
      });

      const found = await subject.signingKeyDirectory.ofProject(place.projectId);
      expect(found).toEqual([oldest.toState(), newer.toState()]);
    });

    it('finds the projects whose current key has signed for long, the longest first, and no others', async () => {
      const signing = async (since: Date) => {
        const { projectId } = await seedProject(subject.unitOfWork, now);
        const [current, next] = [aSigningKey(since, projectId), aSigningKey(since, projectId)];
        current.activate(since);
        await run(async ({ signingKeys }) => {
          for (const key of [current, next]) signingKeys.save(key);
        });
        return { projectId, current };
      };
      const [old, young, older, superseded] = [
        await signing(secondsAfter(now, -60)),
        await signing(secondsAfter(now, -59.999)),
        await signing(secondsAfter(now, -61)),
        await signing(secondsAfter(now, -62)),
      ];
      await run(async ({ signingKeys }) => {
        for (const key of await signingKeys.ofProject(superseded.projectId)) {
          if (key.stage === 'current') key.retireAfter(60, now);
          signingKeys.save(key);
        }
      });

      const due = (limit: number) => subject.signingKeyDirectory.due(secondsAfter(now, -60), limit);
      expect(await due(10)).toEqual([older.projectId, old.projectId]);
      expect(await due(1)).toEqual([older.projectId]);
      expect(await subject.signingKeyDirectory.due(secondsAfter(now, -59), 10)).toContain(young.projectId);
    });

    it('shows a session with its user, tenant and roles, as they stand now', async () => {
      const user = await seedUser(subject.unitOfWork, now, place, {}, place.roles);
      const session = aSession(now, { ...place, userId: user.id });
      await run(async ({ refreshTokens }) => refreshTokens.save(session));
      await run(async ({ users }) => {
        const read = await users.byId(place.projectId, user.id);
        if (!read) throw new Error('not seeded');
        read.endSessions(now);
        users.save(read);
      });

      const standing = await subject.sessionDirectory.standing(place.projectId, session.id);

      expect(standing).toMatchObject({
        session: session.toState(),
        user: { id: user.id, sessionEpoch: 1 },
        tenant: place.tenant.toState(),
      });
      const slugs = place.roles.map((role) => role.toState().slug).sort();
      expect(standing?.roles?.slugs).toEqual(slugs);
    });

    it('tells a member without roles from somebody who is no member', async () => {
      const member = await seedUser(subject.unitOfWork, now, place);
      const other = await seedTenant(subject.unitOfWork, now, place);
      const [inside, outside] = [
        aSession(now, { ...place, userId: member.id }),
        aSession(now, { ...other, userId: member.id }),
      ];
      await run(async ({ refreshTokens }) => {
        refreshTokens.save(inside);
        refreshTokens.save(outside);
      });

      expect((await subject.sessionDirectory.standing(place.projectId, inside.id))?.roles?.slugs).toEqual([]);
      const standing = await subject.sessionDirectory.standing(place.projectId, outside.id);
      expect(standing?.tenant.id).toBe(other.tenantId);
      expect(standing?.roles).toBeUndefined();
    });

    it('lists the sessions of a person that are alive, newest first', async () => {
      const user = await seedUser(subject.unitOfWork, now, place);
      const ids = { ...place, userId: user.id };
      const alive = [aSession(now, ids), aSession(now, ids)];
      const ended = aSession(now, ids);
      ended.end('logout', now);
      const others = [
        ended,
        aSession(now, { ...ids, epoch: 1 }),
        aSession(now, ids, { refreshIdleTtlSeconds: 60 }),
        aSession(now, ids, { refreshAbsoluteTtlSeconds: 60 }),
      ];
      await run(async ({ refreshTokens }) => {
        for (const session of [...alive, ...others]) refreshTokens.save(session);
      });

      const found = await subject.sessionDirectory.aliveOfUser(place.projectId, user.id, secondsAfter(now, 60));
      expect(found).toEqual(alive.map((session) => session.toState()).reverse());
    });

    it('lists the tenants of a person, oldest membership first, with the roles held there', async () => {
      const user = await seedUser(subject.unitOfWork, now, place);
      const [second, third] = [
        await seedTenant(subject.unitOfWork, now, place),
        await seedTenant(subject.unitOfWork, now, place),
      ];
      await run(async ({ memberships }) => {
        const ids = { userId: user.id };
        memberships.save(aMembership(secondsAfter(now, 2), { ...third, ...ids }, [...third.roles].reverse()));
        memberships.save(aMembership(secondsAfter(now, 1), { ...second, ...ids }));
      });

      const found = await subject.tenantDirectory.ofUser(place.projectId, user.id);

      expect(found.map(({ tenant }) => tenant.id)).toEqual([place.tenantId, second.tenantId, third.tenantId]);
      expect(found.map(({ roles }) => roles.slugs)).toEqual([[], [], ['admin', 'member', 'owner']]);
    });

    it('finds a one-time token with its holder by address or digest', async () => {
      const email = anEmail();
      const user = await seedUser(subject.unitOfWork, now, place, { email });
      const token = aOneTimeToken(now, { ...place, userId: user.id, purpose: 'reset-password-otp' });
      await run(async ({ oneTimeTokens }) => oneTimeTokens.save(token));

      const expected = { token: token.toState(), user: user.toState() };
      const { projectId } = place;
      const { digest } = token.toState();
      const directory = subject.oneTimeTokenDirectory;
      expect(await directory.byEmail(projectId, email, 'reset-password-otp')).toEqual(expected);
      expect(await directory.byDigest(projectId, 'reset-password-otp', [aDigest(), digest])).toEqual(expected);
      expect(await directory.byEmail(projectId, email, 'verify-email-otp')).toBeUndefined();
      expect(await directory.byEmail(projectId, anEmail(), 'reset-password-otp')).toBeUndefined();
      expect(await directory.byDigest(projectId, 'verify-email-otp', [digest])).toBeUndefined();
    });

    it('answers unknown ids as unknown', async () => {
      expect(await subject.projectDirectory.byId(anId())).toBeUndefined();
      expect(await subject.projectDirectory.platform()).toBeUndefined();
      expect(await subject.userDirectory.byId(place.projectId, anId())).toBeUndefined();
      expect(await subject.userDirectory.byEmail(place.projectId, anEmail())).toBeUndefined();
      expect(await subject.tenantDirectory.byId(place.projectId, anId())).toBeUndefined();
      expect(await subject.tenantDirectory.ofUser(place.projectId, anId())).toEqual([]);
      expect(await subject.sessionDirectory.standing(place.projectId, anId())).toBeUndefined();
      expect(await subject.sessionDirectory.aliveOfUser(place.projectId, anId(), now)).toEqual([]);
      expect(await subject.signingKeyDirectory.ofProject(anId())).toEqual([]);
    });

    it('holds what nobody else holds: changing what was saved or answered changes nothing', async () => {
      const metadata = { plan: 'free' };
      const user = await seedUser(subject.unitOfWork, now, place, { metadata });
      const saved = structuredClone(user.toState());
      metadata.plan = 'stolen';

      const answer = await subject.userDirectory.byId(place.projectId, user.id);
      Object.assign(answer?.metadata ?? {}, { plan: 'stolen' });
      answer?.createdAt.setTime(0);

      expect(await subject.userDirectory.byId(place.projectId, user.id)).toEqual(saved);
    });
  });
}
