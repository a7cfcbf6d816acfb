import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Repositories } from '../../src/ports/unit-of-work.ts';
import {
  aChallenge,
  anApiKey,
  anEmail,
  aOneTimeToken,
  aSession,
  aSigningKey,
  aTotpFactor,
  someRecoveryCodes,
} from '../support/builders.ts';
import { type Place, seedProject, seedTenant, seedUser } from '../support/seeds.ts';
import type { MakeSubject, StoreSubject } from './subject.ts';

interface Belongings {
  readonly apiKey: ReturnType<typeof anApiKey>;
  readonly token: ReturnType<typeof aOneTimeToken>;
  readonly challenge: ReturnType<typeof aChallenge>;
  readonly session: ReturnType<typeof aSession>;
  readonly userId: Awaited<ReturnType<typeof seedUser>>['id'];
  readonly email: ReturnType<typeof anEmail>;
}

/** Whoever asks with the id of another project or tenant finds what is there for nobody: nothing. */
export function describeScopeIsolationContract(name: string, makeSubject: MakeSubject<StoreSubject>): void {
  describe(`scope isolation: ${name}`, () => {
    const now = new Date();
    let subject: StoreSubject;
    let place: Place;
    let elsewhere: Place;
    let mine: Belongings;

    beforeEach(async () => {
      subject = await makeSubject();
      place = await seedProject(subject.unitOfWork, now);
      elsewhere = await seedProject(subject.unitOfWork, now);
      mine = await seedBelongings();
    });
    afterEach(async () => {
      await subject.dispose();
    });

    async function seedBelongings(): Promise<Belongings> {
      const email = anEmail();
      const user = await seedUser(subject.unitOfWork, now, place, { email }, [place.ownerRole]);
      const ids = { ...place, userId: user.id };
      const apiKey = anApiKey(now, place);
      const [token, challenge, session] = [aOneTimeToken(now, ids), aChallenge(now, ids), aSession(now, ids)];
      await subject.unitOfWork.run(async (all) => {
        all.apiKeys.save(apiKey);
        all.signingKeys.save(aSigningKey(now, place.projectId));
        all.oneTimeTokens.save(token);
        all.signInChallenges.save(challenge);
        all.refreshTokens.save(session);
        all.recoveryCodes.save(someRecoveryCodes(now, place.projectId, user.id));
        all.totpFactors.save(aTotpFactor(now, ids));
        all.seats.take(place.projectId, null);
        const tenant = await all.tenants.byId(place.projectId, place.tenantId);
        if (!tenant) throw new Error('not seeded');
        tenant.entrustTo(user.id, now);
        all.tenants.save(tenant);
      });
      return { apiKey, token, challenge, session, userId: user.id, email };
    }

    /** Every read of every repository, as anything: one answer a method. */
    async function readAll(all: Repositories, scope: Place): Promise<Record<string, unknown>> {
      const { projectId, tenantId } = scope;
      const { purpose, digest } = mine.token.toState();
      const { kind, digest: ticket } = mine.challenge.toState();
      return {
        'apiKeys.byId': await all.apiKeys.byId(projectId, mine.apiKey.toState().id),
        'signingKeys.ofProject': (await all.signingKeys.ofProject(projectId))[0],
        'tenants.byId': await all.tenants.byId(projectId, place.tenantId),
        'tenants.ownedBy': (await all.tenants.ownedBy(projectId, mine.userId))[0],
        'memberships.find by tenant': await all.memberships.find(projectId, tenantId, mine.userId),
        'memberships.find by project': await all.memberships.find(projectId, place.tenantId, mine.userId),
        'memberships.landing by tenant': await all.memberships.landing(projectId, tenantId, mine.userId),
        'memberships.landing by project': await all.memberships.landing(projectId, place.tenantId, mine.userId),
        'users.byId': await all.users.byId(projectId, mine.userId),
        'users.byEmail': await all.users.byEmail(projectId, mine.email),
        'seats.taken': (await all.seats.taken(projectId)) || undefined,
        'refreshTokens.byId': await all.refreshTokens.byId(projectId, mine.session.id),
        'refreshTokens.withStanding': await all.refreshTokens.withStanding(projectId, mine.session.id),
        'oneTimeTokens.ofUser': await all.oneTimeTokens.ofUser(projectId, mine.userId, purpose),
        'oneTimeTokens.byDigest': await all.oneTimeTokens.byDigest(projectId, purpose, [digest]),
        'signInChallenges.byDigest': await all.signInChallenges.byDigest(projectId, kind, [ticket]),
        'recoveryCodes.ofUser': await all.recoveryCodes.ofUser(projectId, mine.userId),
        'totpFactors.ofUser': await all.totpFactors.ofUser(projectId, mine.userId),
      };
    }

    async function lookAll({ projectId, tenantId }: Place): Promise<Record<string, unknown>> {
      const { purpose, digest } = mine.token.toState();
      return {
        'apiKeys.byDigest': await subject.apiKeyDirectory.byDigest(projectId, [mine.apiKey.toState().digest]),
        'apiKeys.page': (await subject.apiKeyDirectory.page(projectId, { after: undefined, limit: 10 })).items[0],
        'signingKeys.ofProject': (await subject.signingKeyDirectory.ofProject(projectId))[0],
        'users.byId': await subject.userDirectory.byId(projectId, mine.userId),
        'users.byEmail': await subject.userDirectory.byEmail(projectId, mine.email),
        'users.holdersOf by tenant': (await subject.userDirectory.holdersOf(projectId, tenantId, ['owner']))[0],
        'users.holdersOf by project': (await subject.userDirectory.holdersOf(projectId, place.tenantId, ['owner']))[0],
        'users.ownersOver': (await subject.userDirectory.ownersOver(projectId, mine.userId))[0],
        'recoveryCodes.ofUser': await subject.recoveryCodesDirectory.ofUser(projectId, mine.userId),
        'recoveryCodes.byEmail': await subject.recoveryCodesDirectory.byEmail(projectId, mine.email),
        'tenants.byId': await subject.tenantDirectory.byId(projectId, place.tenantId),
        'tenants.ofUser': (await subject.tenantDirectory.ofUser(projectId, mine.userId))[0],
        'sessions.standing': await subject.sessionDirectory.standing(projectId, mine.session.id),
        'sessions.aliveOfUser': (await subject.sessionDirectory.aliveOfUser(projectId, mine.userId, now))[0],
        'oneTimeTokens.byEmail': await subject.oneTimeTokenDirectory.byEmail(projectId, mine.email, purpose),
        'oneTimeTokens.byDigest': await subject.oneTimeTokenDirectory.byDigest(projectId, purpose, [digest]),
        'totpFactors.ofUser': await subject.totpFactorDirectory.ofUser(projectId, mine.userId),
      };
    }

    const unanswered = (answers: Record<string, unknown>) =>
      Object.keys(answers).filter((method) => answers[method] === undefined);
    const answered = (answers: Record<string, unknown>) =>
      Object.keys(answers).filter((method) => answers[method] !== undefined);

    it('finds everything where it belongs', async () => {
      expect(unanswered(await subject.unitOfWork.run((all) => readAll(all, place)))).toEqual([]);
      expect(unanswered(await lookAll(place))).toEqual([]);
    });

    it('finds nothing through a repository of another project', async () => {
      expect(answered(await subject.unitOfWork.run((all) => readAll(all, elsewhere)))).toEqual([]);
    });

    it('finds nothing through a directory of another project', async () => {
      expect(answered(await lookAll(elsewhere))).toEqual([]);
    });

    it('finds no membership and no role of another tenant of the same project', async () => {
      const other = await seedTenant(subject.unitOfWork, now, place);
      await subject.unitOfWork.run(async ({ memberships, roles }) => {
        expect(await memberships.find(place.projectId, other.tenantId, mine.userId)).toBeUndefined();
        expect((await roles.bySlug(place.projectId, other.tenantId, 'owner'))?.id).toBe(other.ownerRole.id);
        expect(await roles.bySlug(elsewhere.projectId, place.tenantId, 'owner')).toBeUndefined();
      });
    });

    it('discards no token and no challenge of another project', async () => {
      const { purpose } = mine.token.toState();
      const { kind, digest } = mine.challenge.toState();
      await subject.unitOfWork.run(async ({ oneTimeTokens, signInChallenges }) => {
        oneTimeTokens.discard(elsewhere.projectId, mine.userId, [purpose]);
        signInChallenges.discard(elsewhere.projectId, mine.userId);
      });

      await subject.unitOfWork.run(async ({ oneTimeTokens, signInChallenges }) => {
        expect(await oneTimeTokens.ofUser(place.projectId, mine.userId, purpose)).toBeDefined();
        expect(await signInChallenges.byDigest(place.projectId, kind, [digest])).toBeDefined();
      });
    });
  });
}
