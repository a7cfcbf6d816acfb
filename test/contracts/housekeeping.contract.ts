import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultProjectSettings } from '../../src/domain/project/project-settings.ts';
import { TotpFactor, type TotpStep } from '../../src/domain/user/totp-factor.ts';
import { User, type UserId } from '../../src/domain/user/user.ts';
import type { BudgetKey } from '../../src/ports/attempt-budget.ts';
import {
  aChallenge,
  anAuthorizationRequest,
  anEmail,
  anId,
  aOneTimeToken,
  aProvider,
  aSealedSecret,
  aSession,
  aSigningKey,
  aTotpFactor,
} from '../support/builders.ts';
import { secondsAfter } from '../support/clock.ts';
import { type Place, seedProject, seedTenant, seedUser } from '../support/seeds.ts';
import { aTransfer, changeUser, seedInvitation } from '../support/tenancy.ts';
import type { MakeSubject, StoreSubject } from './subject.ts';

const DAY = 24 * 60 * 60;

/** What has had its time goes; nothing else does. */
export function describeHousekeepingContract(name: string, makeSubject: MakeSubject<StoreSubject>): void {
  describe(`housekeeping: ${name}`, () => {
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

    async function sweepAll(at: Date): Promise<number> {
      const swept = await subject.housekeeping.sweep(at, 100);
      return swept === 0 ? 0 : swept + (await sweepAll(at));
    }

    it('finds nothing to do where everything is in force', async () => {
      const user = await seedUser(subject.unitOfWork, now, place);
      const ids = { ...place, userId: user.id };
      const [session, token, challenge] = [aSession(now, ids), aOneTimeToken(now, ids), aChallenge(now, ids)];
      await run(async (all) => {
        all.refreshTokens.save(session);
        all.oneTimeTokens.save(token);
        all.signInChallenges.save(challenge);
      });

      expect(await subject.housekeeping.sweep(secondsAfter(now, 60), 100)).toBe(0);
      expect(await subject.sessionDirectory.standing(place.projectId, session.id)).toBeDefined();
    });

    it('removes ended and expired sessions, expired tokens and challenges', async () => {
      const user = await seedUser(subject.unitOfWork, now, place);
      const ids = { ...place, userId: user.id };
      const ended = aSession(now, ids);
      ended.end('logout', now);
      const idle = aSession(now, ids, { refreshIdleTtlSeconds: 60 });
      const short = aSession(now, ids, { refreshAbsoluteTtlSeconds: 60 });
      const open = aSession(now, ids);
      const token = aOneTimeToken(now, { ...ids, purpose: 'reset-password-link' });
      const laterToken = aOneTimeToken(now, { ...ids, purpose: 'disown' });
      const challenge = aChallenge(now, ids);
      await run(async (all) => {
        for (const session of [ended, idle, short, open]) all.refreshTokens.save(session);
        all.oneTimeTokens.save(token);
        all.oneTimeTokens.save(laterToken);
        all.signInChallenges.save(challenge);
      });

      expect(await sweepAll(secondsAfter(now, 3600))).toBe(5);

      await run(async (all) => {
        const { projectId } = place;
        for (const gone of [ended, idle, short])
          expect(await all.refreshTokens.byId(projectId, gone.id)).toBeUndefined();
        expect(await all.refreshTokens.byId(projectId, open.id)).toBeDefined();
        expect(await all.oneTimeTokens.ofUser(projectId, user.id, 'reset-password-link')).toBeUndefined();
        expect(await all.oneTimeTokens.ofUser(projectId, user.id, 'disown')).toBeDefined();
        const digests = [challenge.toState().digest];
        expect(await all.signInChallenges.byDigest(projectId, 'tenant-selection', digests)).toBeUndefined();
      });
    });

    it('removes signing keys a week after nobody needs them any more, removed or superseded', async () => {
      const signing = () => {
        const key = aSigningKey(now, place.projectId);
        key.activate(now);
        return key;
      };
      const [superseded, removed, current, next] = [signing(), signing(), signing(), aSigningKey(now, place.projectId)];
      superseded.retireAfter(DAY, now);
      removed.remove(now);
      await run(async ({ signingKeys }) => {
        for (const key of [superseded, removed, current, next]) signingKeys.save(key);
      });
      const left = async () =>
        (await subject.signingKeyDirectory.ofProject(place.projectId)).map(({ kid }) => kid).sort();

      expect(await sweepAll(secondsAfter(now, 7 * DAY - 1))).toBe(0);
      expect(await sweepAll(secondsAfter(now, 7 * DAY))).toBe(1);
      expect(await left()).toContain(superseded.toState().kid);
      expect(await sweepAll(secondsAfter(now, 8 * DAY))).toBe(1);
      expect(await left()).toEqual([current.toState().kid, next.toState().kid].sort());
      expect(await sweepAll(secondsAfter(now, 1000 * DAY))).toBe(0);
    });

    it('removes an authenticator app whose set-up was not confirmed in time, and no other', async () => {
      const pendingExpiresAt = secondsAfter(now, 300);
      const pendingSecret = aSealedSecret();
      const seeded = async () => ({
        projectId: place.projectId,
        userId: (await seedUser(subject.unitOfWork, now, place)).id,
      });
      const [late, patient, inForce] = [
        aTotpFactor(now, await seeded(), { pendingExpiresAt }),
        aTotpFactor(now, await seeded(), { pendingExpiresAt: null }),
        aTotpFactor(now, await seeded(), { pendingExpiresAt, pendingSecret }),
      ];
      inForce.confirm(pendingSecret, 1 as TotpStep, now);
      const replaced = TotpFactor.rehydrate({
        ...inForce.toState(),
        ...(await seeded()),
        pendingSecret,
        pendingExpiresAt,
      });
      await run(async ({ totpFactors }) => {
        for (const factor of [late, patient, inForce, replaced]) totpFactors.save(factor);
      });

      expect(await sweepAll(secondsAfter(now, 299))).toBe(0);
      expect(await sweepAll(secondsAfter(now, 300))).toBe(1);

      const left = async ({ userId }: { readonly userId: UserId }) =>
        (await subject.totpFactorDirectory.ofUser(place.projectId, userId))?.state;
      expect(await left(late.toState())).toBeUndefined();
      for (const kept of [patient, inForce, replaced]) expect(await left(kept.toState())).toEqual(kept.toState());
    });

    it('goes in batches, and says when nothing is left', async () => {
      const user = await seedUser(subject.unitOfWork, now, place);
      await run(async ({ refreshTokens }) => {
        for (let made = 0; made < 5; made += 1) {
          const session = aSession(now, { ...place, userId: user.id });
          session.end('logout', now);
          refreshTokens.save(session);
        }
      });

      const batches: number[] = [];
      for (let sweeps = 0; sweeps < 4; sweeps += 1) batches.push(await subject.housekeeping.sweep(now, 2));
      expect(batches).toEqual([2, 2, 1, 0]);
    });

    it('removes an account that was unproven for seven days, with its seat and the tenants that it owns', async () => {
      const email = anEmail();
      const user = await seedUser(subject.unitOfWork, now, place, { email, holdsSeat: true }, [place.ownerRole]);
      const owned = await seedTenant(subject.unitOfWork, now, place, user.id);
      await run(async ({ seats }) => seats.take(place.projectId, null));
      await run(async ({ seats }) => seats.take(place.projectId, null));

      expect(await sweepAll(secondsAfter(now, 7 * DAY - 60))).toBe(0);
      expect(await subject.userDirectory.byEmail(place.projectId, email)).toBeDefined();
      expect(await sweepAll(secondsAfter(now, 7 * DAY))).toBeGreaterThan(0);

      expect(await subject.userDirectory.byEmail(place.projectId, email)).toBeUndefined();
      expect(await subject.userDirectory.byId(place.projectId, user.id)).toBeUndefined();
      expect(await subject.tenantDirectory.byId(place.projectId, owned.tenantId)).toBeUndefined();
      expect(await subject.tenantDirectory.byId(place.projectId, place.tenantId)).toBeDefined();
      expect(await run(({ seats }) => seats.taken(place.projectId))).toBe(1);
      await seedUser(subject.unitOfWork, now, place, { email });
    });

    it('leaves an unproven account until what ends with it is written down: in whose place somebody acts', async () => {
      const late = secondsAfter(now, 8 * DAY);
      const user = await seedUser(subject.unitOfWork, now, place);
      const actor = await seedUser(subject.unitOfWork, late, place);
      const impersonator = { userId: actor.id, epoch: 0 };
      const session = aSession(late, { ...place, userId: user.id, impersonator });
      await run(async ({ refreshTokens }) => refreshTokens.save(session));
      const isThere = async () => (await subject.userDirectory.byId(place.projectId, user.id)) !== undefined;

      await sweepAll(late);
      expect(await isThere()).toBe(true);
      await run(async ({ refreshTokens }) => {
        const found = await refreshTokens.byId(place.projectId, session.id);
        if (found) refreshTokens.remove(found);
      });
      await sweepAll(late);
      expect(await isThere()).toBe(false);
    });

    it.each(['from', 'to'] as const)(
      'leaves an unproven account until the offer of a tenant is over: %s it',
      async (end) => {
        const late = secondsAfter(now, 8 * DAY);
        const user = await seedUser(subject.unitOfWork, now, place);
        const other = await seedUser(subject.unitOfWork, late, place);
        const [from, to] = end === 'from' ? [user, other] : [other, user];
        const transfer = aTransfer(late, place, from.id, to.id);
        await run(async ({ ownershipTransfers }) => ownershipTransfers.save(transfer));
        const isThere = async () => (await subject.userDirectory.byId(place.projectId, user.id)) !== undefined;

        const { expiresAt } = transfer.toState();
        await sweepAll(secondsAfter(expiresAt, -1));
        expect(await isThere()).toBe(true);
        await sweepAll(expiresAt);
        expect(await isThere()).toBe(false);
      },
    );

    it('leaves proven accounts alone, and unproven ones where no proof is required', async () => {
      const relaxed = await seedProject(subject.unitOfWork, now, {
        settings: { ...defaultProjectSettings, emailVerificationRequired: false },
      });
      const unproven = await seedUser(subject.unitOfWork, now, relaxed);
      const proven = await seedUser(subject.unitOfWork, now, place);
      await run(async ({ users }) => {
        const read = await users.byId(place.projectId, proven.id);
        if (!read) throw new Error('not seeded');
        read.proveMailbox(now);
        users.save(read);
      });

      expect(await sweepAll(secondsAfter(now, 400 * DAY))).toBe(0);

      expect(await subject.userDirectory.byId(relaxed.projectId, unproven.id)).toBeDefined();
      expect(await subject.userDirectory.byId(place.projectId, proven.id)).toBeDefined();
    });

    it('leaves people without an address alone: they have come by a provider', async () => {
      const nameless = { id: anId<UserId>(), projectId: place.projectId, email: null, firstName: null, lastName: null };
      await run(async ({ users }) => users.save(User.arrive({ ...nameless, dialect: 'v1' }, now)));

      expect(await sweepAll(secondsAfter(now, 400 * DAY))).toBe(0);
      expect(await subject.userDirectory.byId(place.projectId, nameless.id)).toBeDefined();
    });

    it('removes whoever did not come back from a provider in time, in batches, and nobody else', async () => {
      const request = () => anAuthorizationRequest(now, place);
      const requests = [request(), request(), request()];
      const late = anAuthorizationRequest(secondsAfter(now, 60), place);
      await run(async ({ authProviders, authorizationRequests }) => {
        authProviders.save(aProvider(now, place));
        for (const each of [...requests, late]) authorizationRequests.save(each);
      });

      expect(await subject.housekeeping.sweep(secondsAfter(now, 599), 2)).toBe(0);
      const batches: number[] = [];
      for (let sweeps = 0; sweeps < 3; sweeps += 1)
        batches.push(await subject.housekeeping.sweep(secondsAfter(now, 600), 2));
      expect(batches).toEqual([2, 1, 0]);
      await run(async ({ authorizationRequests }) => {
        const left = (each: typeof late) => authorizationRequests.byDigest(place.projectId, [each.toState().digest]);
        for (const gone of requests) expect(await left(gone)).toBeUndefined();
        expect((await left(late))?.id).toBe(late.id);
      });
    });

    it('keeps an invitation, and the place of whoever was invited, for thirty days after it expired', async () => {
      const { invitation, placeholder } = await seedInvitation(subject.unitOfWork, now, place, {}, [place.ownerRole]);
      const late = await seedInvitation(subject.unitOfWork, secondsAfter(now, 60), place);
      const isThere = async ({ id }: typeof placeholder) =>
        (await subject.memberDirectory.byId(place.projectId, place.tenantId, id)) !== undefined;
      const end = invitation.toState().expiresAt;

      expect(await sweepAll(secondsAfter(end, 30 * DAY - 1))).toBe(0);
      expect(await sweepAll(secondsAfter(end, 30 * DAY))).toBe(1);

      expect(await isThere(placeholder)).toBe(false);
      expect(await subject.userDirectory.byId(place.projectId, placeholder.id)).toBeUndefined();
      const { projectId, tenantId } = place;
      expect(await subject.invitationDirectory.byId(projectId, tenantId, invitation.id)).toBeUndefined();
      expect(await isThere(late.placeholder)).toBe(true);
      expect(await subject.invitationDirectory.byId(projectId, tenantId, late.invitation.id)).toBeDefined();
    });

    it('leaves an invitation alone that was sent again, and whoever accepted one', async () => {
      const [again, accepted] = [
        await seedInvitation(subject.unitOfWork, now, place),
        await seedInvitation(subject.unitOfWork, now, place),
      ];
      await run(async ({ invitations, users }) => {
        const found = await invitations.byId(place.projectId, place.tenantId, again.invitation.id);
        const spent = await invitations.byId(place.projectId, place.tenantId, accepted.invitation.id);
        const user = await users.byId(place.projectId, accepted.placeholder.id);
        if (!found || !spent || !user) throw new Error('not seeded');
        found.resend(secondsAfter(now, 20 * DAY));
        invitations.save(found);
        user.acceptInvitation({ passwordHash: null, firstName: null, lastName: null, dialect: 'v1' }, now);
        users.save(user);
        invitations.remove(spent);
      });

      expect(await sweepAll(secondsAfter(now, 40 * DAY))).toBe(0);
      for (const { placeholder } of [again, accepted]) {
        expect(await subject.userDirectory.byId(place.projectId, placeholder.id)).toBeDefined();
      }
    });

    it('removes whoever was invited to a tenant that is gone, in batches, and gives no seat back', async () => {
      const other = await seedTenant(subject.unitOfWork, now, place);
      for (let made = 0; made < 3; made += 1) await seedInvitation(subject.unitOfWork, now, other);
      await run(async ({ seats }) => seats.take(place.projectId, null));
      await run(async ({ tenants }) => {
        const tenant = await tenants.byId(place.projectId, other.tenantId);
        if (tenant) tenants.remove(tenant);
      });

      const batches: number[] = [];
      for (let sweeps = 0; sweeps < 3; sweeps += 1) batches.push(await subject.housekeeping.sweep(now, 2));
      expect(batches).toEqual([2, 1, 0]);
      expect(await run(({ seats }) => seats.taken(place.projectId))).toBe(1);
    });

    it('removes an offer of a tenant that has expired, and no other', async () => {
      const [owner, heir] = [
        await seedUser(subject.unitOfWork, now, place),
        await seedUser(subject.unitOfWork, now, place),
      ];
      for (const user of [owner, heir]) {
        await changeUser(subject.unitOfWork, place, user.id, (found) => found.proveMailbox(now));
      }
      const transfer = aTransfer(now, place, owner.id, heir.id);
      await run(async ({ ownershipTransfers }) => ownershipTransfers.save(transfer));
      const { expiresAt } = transfer.toState();
      const present = () => run((all) => all.ownershipTransfers.ofTenant(place.projectId, place.tenantId));

      expect(await sweepAll(secondsAfter(expiresAt, -1))).toBe(0);
      expect(await present()).toBeDefined();
      expect(await sweepAll(expiresAt)).toBe(1);
      expect(await present()).toBeUndefined();
    });

    it('leaves the owner of a root tenant alone, since a project cannot be without it', async () => {
      const owner = await seedUser(subject.unitOfWork, now, place);
      await run(async ({ tenants }) => {
        const root = await tenants.byId(place.projectId, place.tenantId);
        if (!root) throw new Error('not seeded');
        root.entrustTo(owner.id, now);
        tenants.save(root);
      });

      expect(await sweepAll(secondsAfter(now, 400 * DAY))).toBe(0);
      expect(await subject.userDirectory.byId(place.projectId, owner.id)).toBeDefined();
    });

    it('gives no seat back for an account that held none', async () => {
      await seedUser(subject.unitOfWork, now, place, { holdsSeat: false });
      await run(async ({ seats }) => seats.take(place.projectId, null));
      await sweepAll(secondsAfter(now, 8 * DAY));

      expect(await run(({ seats }) => seats.taken(place.projectId))).toBe(1);
    });

    it('removes idempotency keys after a day, and abandoned claims before', async () => {
      const at = (seconds: number) => secondsAfter(now, seconds);
      const { idempotencyStore } = subject;
      await idempotencyStore.claim('scope', 'settled', 'f', now);
      await idempotencyStore.settle('scope', 'settled', undefined, now);
      await idempotencyStore.claim('scope', 'abandoned', 'f', now);

      expect(await sweepAll(at(3600))).toBe(1);
      expect(await idempotencyStore.claim('scope', 'settled', 'f', at(3600))).toEqual({
        kind: 'done',
        answer: undefined,
      });
      expect(await sweepAll(at(DAY))).toBe(1);
    });

    it('remembers attempts and successes for thirty days', async () => {
      const budget: Pick<BudgetKey, 'projectId' | 'budget'> = { projectId: place.projectId, budget: 'password-prefix' };
      const [tried, succeeded]: readonly BudgetKey[] = [
        { ...budget, subject: 'tried' },
        { ...budget, subject: 'succeeded' },
      ];
      if (!tried || !succeeded) throw new Error('unreachable');
      await subject.attemptBudget.reserve(tried, { limit: 5, windowSeconds: 900, progressive: true }, now);
      await subject.unitOfWork.run(async ({ attempts }) => attempts.succeed([succeeded], now));

      expect(await sweepAll(secondsAfter(now, 30 * DAY - 1))).toBe(0);
      expect((await subject.attemptBudget.look(tried, now)).failures).toBe(1);
      expect((await subject.attemptBudget.look(succeeded, now)).succeededAt).toEqual(now);

      expect(await sweepAll(secondsAfter(now, 30 * DAY + 900))).toBe(2);
      expect(await subject.attemptBudget.look(tried, now)).toEqual({ failures: 0, succeededAt: undefined });
      expect(await subject.attemptBudget.look(succeeded, now)).toEqual({ failures: 0, succeededAt: undefined });
    });
  });
}
