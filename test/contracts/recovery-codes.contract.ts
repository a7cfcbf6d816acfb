import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { IamError } from '../../src/domain/errors.ts';
import type { RecoveryCodes } from '../../src/domain/recovery/recovery-codes.ts';
import type { User } from '../../src/domain/user/user.ts';
import { aDigest, anEmail, someRecoveryCodes } from '../support/builders.ts';
import { secondsAfter } from '../support/clock.ts';
import { type Place, seedProject, seedUser } from '../support/seeds.ts';
import { sixteenAtOnce } from '../support/sixteen.ts';
import type { MakeSubject, StoreSubject } from './subject.ts';

/** The recovery codes of a person: found in one read, spent once each, whoever else tries at the same time. */
export function describeRecoveryCodesContract(name: string, makeSubject: MakeSubject<StoreSubject>): void {
  describe(`recovery codes: ${name}`, () => {
    const now = new Date();
    const email = anEmail();
    let subject: StoreSubject;
    let place: Place;
    let user: User;

    beforeEach(async () => {
      subject = await makeSubject();
      place = await seedProject(subject.unitOfWork, now);
      user = await seedUser(subject.unitOfWork, now, place, { email });
    });
    afterEach(async () => {
      await subject.dispose();
    });

    const run: StoreSubject['unitOfWork']['run'] = (work) => subject.unitOfWork.run(work);
    const ofUser = () => subject.recoveryCodesDirectory.ofUser(place.projectId, user.id);
    const byEmail = () => subject.recoveryCodesDirectory.byEmail(place.projectId, email);
    const tagsLeft = async () => (await ofUser())?.codes.map(({ tag }) => tag);

    async function seedCodes(): Promise<RecoveryCodes> {
      const codes = someRecoveryCodes(now, place.projectId, user.id);
      await run(async ({ recoveryCodes }) => recoveryCodes.save(codes));
      return codes;
    }

    /** Reads the codes of the user and does something to them. */
    const change = <T>(verb: (codes: RecoveryCodes) => T): Promise<T> =>
      run(async ({ recoveryCodes }) => {
        const codes = await recoveryCodes.ofUser(place.projectId, user.id);
        if (!codes) throw new Error('not seeded');
        const answer = verb(codes);
        recoveryCodes.save(codes);
        return answer;
      });

    it('finds those of a user, and of whoever holds an address together with the person', async () => {
      const codes = (await seedCodes()).toState();

      expect(await ofUser()).toEqual(codes);
      expect(await byEmail()).toEqual({ user: user.toState(), codes });
    });

    it('tells a person without codes from an address that nobody holds', async () => {
      expect(await ofUser()).toBeUndefined();
      expect(await byEmail()).toEqual({ user: user.toState(), codes: undefined });
      expect(await subject.recoveryCodesDirectory.byEmail(place.projectId, anEmail())).toBeUndefined();
    });

    it('shows what is left, and when the codes were made', async () => {
      const [first] = (await seedCodes()).toState().codes;
      if (!first) throw new Error('not seeded');
      await change((codes) => codes.spend(first.tag));
      const left = await ofUser();
      expect(left).toMatchObject({ generatedAt: now });
      expect(left?.codes).toHaveLength(9);
      expect(left?.codes).not.toContainEqual(first);

      const later = secondsAfter(now, 60);
      const fresh = someRecoveryCodes(later, place.projectId, user.id).toState();
      await change((codes) => codes.regenerate(fresh.codes, later));
      expect(await ofUser()).toEqual(fresh);

      await change((codes) => codes.void());
      expect((await byEmail())?.codes).toEqual({ ...fresh, codes: [] });
    });

    it('lets one of sixteen spend a code', async () => {
      const [first] = (await seedCodes()).toState().codes;
      if (!first) throw new Error('not seeded');

      const { succeeded, refused } = await sixteenAtOnce(() =>
        change((codes) => {
          if (!codes.spend(first.tag)) throw new IamError('invalid-credentials');
        }),
      );

      expect(succeeded).toHaveLength(1);
      for (const error of refused)
        expect(error).toMatchObject({ code: expect.stringMatching(/^(invalid-credentials|conflict)$/) });
      expect(await tagsLeft()).not.toContain(first.tag);
      expect(await tagsLeft()).toHaveLength(9);
    });

    it('loses none of several that are spent at once: each is gone, or its spender was refused', async () => {
      const tags = (await seedCodes()).toState().codes.map(({ tag }) => tag);

      const { succeeded, refused } = await sixteenAtOnce(async (index) => {
        const tag = tags[index % 10] ?? aDigest();
        await change((codes) => {
          if (!codes.spend(tag)) throw new IamError('invalid-credentials');
        });
        return tag;
      });

      expect(succeeded.length).toBeGreaterThan(0);
      expect(new Set(succeeded).size).toBe(succeeded.length);
      expect(new Set(await tagsLeft())).toEqual(new Set(tags.filter((tag) => !succeeded.includes(tag))));
      for (const error of refused)
        expect(error).toMatchObject({ code: expect.stringMatching(/^(invalid-credentials|conflict)$/) });
    });

    it('spends no code that was replaced since it was read', async () => {
      const [first] = (await seedCodes()).toState().codes;
      if (!first) throw new Error('not seeded');
      const fresh = someRecoveryCodes(now, place.projectId, user.id).toState();
      let rounds = 0;

      await expect(
        run(async ({ recoveryCodes }) => {
          const codes = await recoveryCodes.ofUser(place.projectId, user.id);
          rounds += 1;
          if (rounds === 1) await change((others) => others.regenerate(fresh.codes, now));
          if (!codes?.spend(first.tag)) throw new IamError('invalid-credentials');
          recoveryCodes.save(codes);
        }),
      ).rejects.toMatchObject({ code: 'invalid-credentials' });

      expect(rounds).toBe(2);
      expect((await ofUser())?.codes).toEqual(fresh.codes);
    });
  });
}
