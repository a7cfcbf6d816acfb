import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { IamError } from '../../src/domain/errors.ts';
import type { SealedSecret } from '../../src/domain/session/sealed-secret.ts';
import type { TotpFactor, TotpStep } from '../../src/domain/user/totp-factor.ts';
import type { User } from '../../src/domain/user/user.ts';
import { aChallenge, anEmail, aSealedSecret, aTotpFactor, aUser, someRecoveryCodes } from '../support/builders.ts';
import { secondsAfter } from '../support/clock.ts';
import { type Place, seedProject, seedUser } from '../support/seeds.ts';
import { sixteenAtOnce } from '../support/sixteen.ts';
import type { MakeSubject, StoreSubject } from './subject.ts';

/** One authenticator app a user; a code is spent once, whoever else tries at the same time. */
export function describeTotpFactorsContract(name: string, makeSubject: MakeSubject<StoreSubject>): void {
  describe(`authenticator apps: ${name}`, () => {
    const now = new Date();
    const step = (number: number) => (60_000_000 + number) as TotpStep;
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
    const seen = () => subject.totpFactorDirectory.ofUser(place.projectId, user.id);
    const stored = async () => (await seen())?.state;
    const save = (factor: TotpFactor) => run(async ({ totpFactors }) => totpFactors.save(factor));

    /** Reads the factor of the user and does something to it. */
    const change = <T>(verb: (factor: TotpFactor) => T): Promise<T> =>
      run(async ({ totpFactors }) => {
        const factor = await totpFactors.ofUser(place.projectId, user.id);
        if (!factor) throw new IamError('mfa-not-enabled');
        const answer = verb(factor);
        totpFactors.save(factor);
        return answer;
      });

    async function inForce(): Promise<SealedSecret> {
      const secret = aSealedSecret();
      await save(aTotpFactor(now, { ...place, userId: user.id }, { pendingSecret: secret }));
      await change((factor) => factor.confirm(secret, step(0), now));
      return secret;
    }

    it('gives back a set-up as it was saved, to those who change and to those who look', async () => {
      const factor = aTotpFactor(
        now,
        { ...place, userId: user.id },
        {
          pendingExpiresAt: secondsAfter(now, 300),
          pendingRecoveryCodes: someRecoveryCodes(now, place.projectId, user.id).toState().codes,
        },
      );
      await save(factor);

      expect(await stored()).toEqual(factor.toState());
      expect((await run(({ totpFactors }) => totpFactors.ofUser(place.projectId, user.id)))?.toState()).toEqual(
        factor.toState(),
      );
    });

    it('finds none where none was saved', async () => {
      expect(await stored()).toBeUndefined();
      expect(await run(({ totpFactors }) => totpFactors.ofUser(place.projectId, user.id))).toBeUndefined();
    });

    it('is found with whoever holds the address, or without a factor, or not at all', async () => {
      const email = anEmail();
      const held = await seedUser(subject.unitOfWork, now, place, { email });
      const byEmail = () => subject.totpFactorDirectory.byEmail(place.projectId, email);
      expect(await byEmail()).toEqual({ user: held.toState(), factor: undefined });

      await save(aTotpFactor(now, { ...place, userId: held.id }));
      const factor = await subject.totpFactorDirectory.ofUser(place.projectId, held.id);
      expect(factor).toBeDefined();
      expect(await byEmail()).toEqual({ user: held.toState(), factor });
      expect(await subject.totpFactorDirectory.byEmail(place.projectId, anEmail())).toBeUndefined();
    });

    it('updates what was read: begun anew, confirmed, spent', async () => {
      const ids = { projectId: place.projectId, userId: user.id };
      await save(aTotpFactor(now, ids, { pendingExpiresAt: secondsAfter(now, 300) }));
      const secret = aSealedSecret();
      const nothingPending = { pendingSecret: null, pendingExpiresAt: null, pendingRecoveryCodes: [] };
      const pending = { ...nothingPending, pendingSecret: secret };
      await change((factor) => factor.begin(pending, now));
      expect(await stored()).toEqual({ ...ids, secret: null, lastStep: null, ...pending });

      await change((factor) => factor.confirm(secret, step(0), now));
      expect(await stored()).toEqual({ ...ids, secret, lastStep: step(0), ...nothingPending });

      await change((factor) => factor.spend(secret, step(1)));
      expect(await stored()).toEqual({ ...ids, secret, lastStep: step(1), ...nothingPending });
    });

    it('keeps one a user', async () => {
      await inForce();
      const before = await stored();

      await expect(save(aTotpFactor(now, { ...place, userId: user.id }))).rejects.toMatchObject({ code: 'conflict' });
      expect(await stored()).toEqual(before);
    });

    it('lets one of sixteen set up the first', async () => {
      const { succeeded } = await sixteenAtOnce(() =>
        run(async ({ totpFactors }) => {
          if (await totpFactors.ofUser(place.projectId, user.id)) throw new IamError('conflict');
          const factor = aTotpFactor(now, { ...place, userId: user.id });
          totpFactors.save(factor);
          return factor.toState();
        }),
      );

      expect(succeeded).toHaveLength(1);
      expect(await stored()).toEqual(succeeded[0]);
    });

    it('lets one of sixteen confirm a set-up', async () => {
      const secret = aSealedSecret();
      await save(aTotpFactor(now, { ...place, userId: user.id }, { pendingSecret: secret }));

      const { succeeded, refused } = await sixteenAtOnce(() =>
        change((factor) => {
          if (factor.toState().secret !== null) throw new IamError('mfa-already-enabled');
          factor.confirm(secret, step(0), now);
        }),
      );

      expect(succeeded).toHaveLength(1);
      for (const error of refused)
        expect(error).toMatchObject({ code: expect.stringMatching(/^(mfa-already-enabled|conflict)$/) });
    });

    it('lets one of sixteen spend a step', async () => {
      const secret = await inForce();

      const { succeeded, refused } = await sixteenAtOnce(() => change((factor) => factor.spend(secret, step(1))));

      expect(succeeded).toHaveLength(1);
      for (const error of refused)
        expect(error).toMatchObject({ code: expect.stringMatching(/^(mfa-invalid|conflict)$/) });
      expect((await stored())?.lastStep).toBe(step(1));
    });

    it('spends nothing where the unit of work comes to nothing', async () => {
      const secret = await inForce();
      const undone = change((factor) => {
        factor.spend(secret, step(1));
        throw new Error('changed its mind');
      });
      await expect(undone).rejects.toThrow('changed its mind');

      expect((await stored())?.lastStep).toBe(step(0));
      await change((factor) => factor.spend(secret, step(1)));
    });

    it('takes a factor as it was seen before, once, of sixteen that saw the same', async () => {
      const secret = await inForce();
      const before = await seen();
      if (!before) throw new Error('no factor');

      const { succeeded, refused } = await sixteenAtOnce(() =>
        run(async ({ totpFactors }) => {
          const factor = totpFactors.asSeen(before);
          factor.spend(secret, step(1));
          totpFactors.save(factor);
        }),
      );

      expect(succeeded).toHaveLength(1);
      for (const error of refused) expect(error).toMatchObject({ code: 'conflict' });
      expect((await stored())?.lastStep).toBe(step(1));
    });

    it('removes it once, of sixteen at once, and lets another be set up', async () => {
      await inForce();
      const { succeeded } = await sixteenAtOnce(() =>
        run(async ({ totpFactors }) => {
          const factor = await totpFactors.ofUser(place.projectId, user.id);
          if (!factor) throw new IamError('mfa-not-enabled');
          totpFactors.remove(factor);
        }),
      );

      expect(succeeded).toHaveLength(1);
      expect(await stored()).toBeUndefined();
      const another = aTotpFactor(now, { ...place, userId: user.id });
      await save(another);
      expect(await stored()).toEqual(another.toState());
    });

    it('removes nothing whose step was spent since it was read', async () => {
      const secret = await inForce();
      let rounds = 0;
      await run(async ({ totpFactors }) => {
        const factor = await totpFactors.ofUser(place.projectId, user.id);
        if (!factor) throw new Error('not seeded');
        rounds += 1;
        if (rounds === 1) await change((other) => other.spend(secret, step(1)));
        else expect(factor.toState().lastStep).toBe(step(1));
        totpFactors.remove(factor);
      });

      expect(rounds).toBe(2);
      expect(await stored()).toBeUndefined();
    });

    it('goes with its user', async () => {
      await inForce();
      await run(async ({ users }) => {
        const read = await users.byId(place.projectId, user.id);
        if (!read) throw new Error('not seeded');
        users.remove(read);
      });

      expect(await stored()).toBeUndefined();
    });

    it('belongs to nobody who is not there', async () => {
      const stranger = aUser(now, { projectId: place.projectId });

      await expect(save(aTotpFactor(now, { ...place, userId: stranger.id }))).rejects.toMatchObject({
        code: 'conflict',
      });
    });

    it('is asked for from the moment that the user says, which is stored with the user', async () => {
      const asked = async () => (await subject.userDirectory.byId(place.projectId, user.id))?.totpEnabledAt;
      const turn = (verb: (read: User) => void) =>
        run(async ({ users }) => {
          const read = await users.byId(place.projectId, user.id);
          if (!read) throw new Error('not seeded');
          verb(read);
          users.save(read);
        });

      expect(await asked()).toBeNull();
      await turn((read) => read.turnOnTotp(now));
      expect(await asked()).toEqual(now);
      await turn((read) => read.turnOffTotp(now));
      expect(await asked()).toBeNull();
    });

    it('keeps tickets apart from selections: a challenge is found by its kind alone', async () => {
      const ticket = aChallenge(now, { ...place, userId: user.id, kind: 'login-ticket' });
      const digests = [ticket.toState().digest];
      await run(async ({ signInChallenges }) => signInChallenges.save(ticket));

      await run(async ({ signInChallenges }) => {
        const { projectId } = place;
        expect((await signInChallenges.byDigest(projectId, 'login-ticket', digests))?.toState()).toEqual(
          ticket.toState(),
        );
        expect(await signInChallenges.byDigest(projectId, 'tenant-selection', digests)).toBeUndefined();
      });
    });
  });
}
