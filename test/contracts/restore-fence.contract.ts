import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ProviderId } from '../../src/domain/project/auth-provider.ts';
import { stepAt, type TotpStep } from '../../src/domain/user/totp-factor.ts';
import type { User } from '../../src/domain/user/user.ts';
import type { FenceProgress } from '../../src/ports/restore-fence.ts';
import {
  aChallenge,
  aDigest,
  anAuthorizationRequest,
  anId,
  aOneTimeToken,
  aProvider,
  aSession,
  aTotpFactor,
  someRecoveryCodes,
} from '../support/builders.ts';
import { secondsAfter } from '../support/clock.ts';
import { type Place, seedProject, seedUser } from '../support/seeds.ts';
import { anInvitation, aTransfer, changeMembership, saveInvited, seedRole } from '../support/tenancy.ts';
import type { MakeSubject, StoreSubject } from './subject.ts';

/** What may have been spent or ended since a backup was made is not alive again. */
export function describeRestoreFenceContract(name: string, makeSubject: MakeSubject<StoreSubject>): void {
  describe(`restore fence: ${name}`, () => {
    const now = new Date();
    const later = secondsAfter(now, 60);
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
    const ids = () => ({ ...place, userId: user.id });

    async function raise(): Promise<readonly FenceProgress[]> {
      const steps: FenceProgress[] = [];
      for await (const step of subject.restoreFence.raise(later)) steps.push(step);
      return steps;
    }

    it('ends every session, and voids everything that can be used once', async () => {
      const session = aSession(now, ids());
      const token = aOneTimeToken(now, ids());
      const challenge = aChallenge(now, ids());
      const provider = aProvider(now, place);
      const request = anAuthorizationRequest(now, { ...place, providerId: 'acme' as ProviderId });
      await run(async (all) => all.authProviders.save(provider));
      await run(async (all) => {
        all.refreshTokens.save(session);
        all.oneTimeTokens.save(token);
        all.signInChallenges.save(challenge);
        all.authorizationRequests.save(request);
        all.recoveryCodes.save(someRecoveryCodes(now, place.projectId, user.id));
      });

      await raise();

      const { projectId } = place;
      expect(await subject.sessionDirectory.standing(projectId, session.id)).toBeUndefined();
      const { purpose, digest } = token.toState();
      expect(await subject.oneTimeTokenDirectory.byDigest(projectId, purpose, [digest])).toBeUndefined();
      const found = await run(async (all) => [
        await all.signInChallenges.byDigest(projectId, challenge.toState().kind, [challenge.toState().digest]),
        await all.authorizationRequests.byDigest(projectId, [request.toState().digest]),
        await all.recoveryCodes.ofUser(projectId, user.id),
      ]);
      expect(found).toEqual([undefined, undefined, undefined]);
    });

    it('voids the link of an invitation, and leaves the invitation to be sent again', async () => {
      const invited = anInvitation(now, place);
      const digest = aDigest();
      invited.invitation.carry(digest);
      await saveInvited(subject.unitOfWork, invited);

      await raise();

      const { projectId, tenantId } = place;
      const { id } = invited.invitation.toState();
      const [byLink, byId] = await run(async ({ invitations }) => [
        await invitations.byDigest(projectId, [digest]),
        await invitations.byId(projectId, tenantId, id),
      ]);
      expect(byLink).toBeUndefined();
      expect(byId?.toState()).toEqual({ ...invited.invitation.toState(), digest: null });
    });

    it('withdraws a pending transfer of ownership', async () => {
      const other = await seedUser(subject.unitOfWork, now, place);
      await run(async ({ ownershipTransfers }) => ownershipTransfers.save(aTransfer(now, place, user.id, other.id)));

      await raise();

      const { projectId, tenantId } = place;
      expect(await run(({ ownershipTransfers }) => ownershipTransfers.ofTenant(projectId, tenantId))).toBeUndefined();
    });

    it('takes no code of an authenticator app that may have been taken', async () => {
      const factor = aTotpFactor(now, ids());
      const secret = factor.toState().pendingSecret;
      if (secret === null) throw new TypeError('an authenticator app that waits for its first code has a secret');
      factor.confirm(secret, 7 as TotpStep, now);
      await run(async ({ totpFactors }) => totpFactors.save(factor));

      await raise();

      const found = await run(({ totpFactors }) => totpFactors.ofUser(place.projectId, user.id));
      const step = stepAt(later);
      expect(found?.takes(secret, (step + 1) as TotpStep)).toBe(false);
      expect(found?.takes(secret, (step + 2) as TotpStep)).toBe(true);
    });

    it('expires a session whose end is to be recorded, so that it is', async () => {
      const actor = await seedUser(subject.unitOfWork, now, place);
      const session = aSession(now, { ...ids(), impersonator: { userId: actor.id, epoch: 0 } });
      await run(async ({ refreshTokens }) => refreshTokens.save(session));

      await raise();

      const { projectId } = place;
      const standing = await subject.sessionDirectory.standing(projectId, session.id);
      expect(standing?.session).toEqual({ ...session.toState(), expiresAt: later });
      expect(await subject.housekeeping.awaitingRecord(undefined, 1)).toEqual([{ projectId, id: session.id }]);
    });

    it('makes every role another version', async () => {
      const role = await seedRole(subject.unitOfWork, now, place, 'support');
      await changeMembership(subject.unitOfWork, place, user.id, (membership) =>
        membership.assign(role.toState().id, now),
      );
      const versionNow = async () => {
        const session = aSession(now, ids());
        await run(async ({ refreshTokens }) => refreshTokens.save(session));
        return (await subject.sessionDirectory.standing(place.projectId, session.id))?.roles?.version;
      };
      const before = await versionNow();

      await raise();

      expect(await versionNow()).not.toEqual(before);
    });

    it('numbers no event as one that a receiver may have had', async () => {
      const signIn = () => run(async ({ refreshTokens }) => refreshTokens.save(aSession(now, ids())));
      const told = async () => {
        while ((await subject.eventLog.publish(10, now)) > 0);
        const request = { after: undefined, type: 'session.opened', limit: 10 };
        return (await subject.eventLog.page(place, request))?.items.map(({ sequence }) => sequence) ?? [];
      };
      await signIn();
      const [before = 0] = await told();

      await raise();
      await signIn();

      expect((await told()).at(-1)).toBeGreaterThan(before + 1000);
    });

    it('numbers what came about after the backup as nothing that a receiver may have had, and without a gap', async () => {
      const numbersOf = async ({ id }: User) => {
        while ((await subject.eventLog.publish(10, now)) > 0);
        const page = await subject.eventLog.page(place, { after: undefined, type: undefined, limit: 100 });
        return page?.items.filter((event) => event.subject.id === id).map(({ sequence }) => sequence) ?? [];
      };
      const [before = 0] = await numbersOf(user);
      await raise();
      const somebody = await seedUser(subject.unitOfWork, now, place);
      const [first = 0, ...others] = await numbersOf(somebody);
      expect(first).toBeGreaterThan(before + 1000);
      expect(others).toEqual([]);

      const signIn = ({ id }: User) =>
        run(async ({ refreshTokens }) => refreshTokens.save(aSession(now, { ...place, userId: id })));
      for (const person of [somebody, user, somebody, user]) await signIn(person);
      expect(await numbersOf(somebody)).toEqual([first, first + 1, first + 2]);
      const [, second = 0, third] = await numbersOf(user);
      expect(second).toBeGreaterThan(before + 1000);
      expect(third).toBe(second + 1);

      await raise();
      const [next = 0] = await numbersOf(await seedUser(subject.unitOfWork, now, place));
      expect(next).toBeGreaterThan(first + 1000);
    });

    it('can be raised again, says how far it is, and leaves everybody else as they were', async () => {
      await run(async ({ refreshTokens }) => refreshTokens.save(aSession(now, { ...ids(), id: anId() })));
      const steps = await raise();
      expect(steps.at(-1)?.done).toBe(steps.at(-1)?.of);
      await raise();
      expect(await subject.userDirectory.byId(place.projectId, user.id)).toEqual(user.toState());
    });
  });
}
