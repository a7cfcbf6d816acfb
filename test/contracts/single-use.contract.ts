import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { IamError } from '../../src/domain/errors.ts';
import { defaultProjectSettings } from '../../src/domain/project/project-settings.ts';
import type { Generation } from '../../src/domain/session/refresh-token.ts';
import type { SignInChallenge } from '../../src/domain/session/sign-in-challenge.ts';
import type { User } from '../../src/domain/user/user.ts';
import { aChallenge, aOneTimeToken, aSession } from '../support/builders.ts';
import { type Place, seedProject, seedUser } from '../support/seeds.ts';
import { sixteenAtOnce } from '../support/sixteen.ts';
import type { MakeSubject, StoreSubject } from './subject.ts';

/** What may be used once is used once, whoever else tries at the same time. */
export function describeSingleUseContract(name: string, makeSubject: MakeSubject<StoreSubject>): void {
  describe(`single use: ${name}`, () => {
    const now = new Date();
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

    it('lets one of sixteen spend a one-time token', async () => {
      const token = aOneTimeToken(now, { ...place, userId: user.id });
      const { purpose, digest } = token.toState();
      await run(async ({ oneTimeTokens }) => oneTimeTokens.save(token));

      const { succeeded, refused } = await sixteenAtOnce(() =>
        run(async ({ oneTimeTokens }) => {
          const found = await oneTimeTokens.byDigest(place.projectId, purpose, [digest]);
          if (!found) throw new IamError('token-invalid');
          oneTimeTokens.spend(found);
        }),
      );

      expect(succeeded).toHaveLength(1);
      for (const error of refused)
        expect(error).toMatchObject({ code: expect.stringMatching(/^(token-invalid|conflict)$/) });
      expect(await subject.oneTimeTokenDirectory.byDigest(place.projectId, purpose, [digest])).toBeUndefined();
    });

    it('lets one of sixteen spend a sign-in challenge', async () => {
      const challenge = aChallenge(now, { ...place, userId: user.id });
      const { kind, digest } = challenge.toState();
      await run(async ({ signInChallenges }) => signInChallenges.save(challenge));

      const { succeeded } = await sixteenAtOnce(() =>
        run(async ({ signInChallenges, refreshTokens }) => {
          const found = await signInChallenges.byDigest(place.projectId, kind, [digest]);
          if (!found) throw new IamError('token-invalid');
          signInChallenges.spend(found);
          refreshTokens.save(aSession(now, { ...place, userId: user.id }));
        }),
      );

      expect(succeeded).toHaveLength(1);
      expect(await subject.sessionDirectory.aliveOfUser(place.projectId, user.id, now)).toHaveLength(1);
    });

    it('lets one of sixteen rotate a refresh token', async () => {
      const session = aSession(now, { ...place, userId: user.id });
      await run(async ({ refreshTokens }) => refreshTokens.save(session));

      const { succeeded } = await sixteenAtOnce(() =>
        run(async ({ refreshTokens }) => {
          const found = await refreshTokens.byId(place.projectId, session.id);
          if (!found) throw new Error('not seeded');
          const { kind } = found.rotate(0 as Generation, defaultProjectSettings, now);
          refreshTokens.save(found);
          return kind;
        }),
      );

      expect(succeeded.filter((kind) => kind === 'rotated')).toHaveLength(1);
      const standing = await subject.sessionDirectory.standing(place.projectId, session.id);
      expect(standing?.session.generation).toBe(1);
    });

    it('does not spend a token that a new one has replaced since it was read', async () => {
      const [old, fresh] = [
        aOneTimeToken(now, { ...place, userId: user.id }),
        aOneTimeToken(now, { ...place, userId: user.id }),
      ];
      const { purpose } = old.toState();
      await run(async ({ oneTimeTokens }) => oneTimeTokens.save(old));

      await expect(
        run(async ({ oneTimeTokens }) => {
          const found = await oneTimeTokens.byDigest(place.projectId, purpose, [old.toState().digest]);
          if (!found) throw new IamError('token-invalid');
          await run(async (inner) => inner.oneTimeTokens.save(fresh));
          oneTimeTokens.spend(found);
        }),
      ).rejects.toMatchObject({ code: 'token-invalid' });

      const left = await run(({ oneTimeTokens }) => oneTimeTokens.ofUser(place.projectId, user.id, purpose));
      expect(left?.toState()).toEqual(fresh.toState());
    });

    it('puts a new token in the place of the earlier one of its purpose, and no other', async () => {
      const ids = { ...place, userId: user.id };
      const [old, fresh, other] = [
        aOneTimeToken(now, ids),
        aOneTimeToken(now, ids),
        aOneTimeToken(now, { ...ids, purpose: 'verify-email-otp' }),
      ];
      await run(async ({ oneTimeTokens }) => {
        oneTimeTokens.save(old);
        oneTimeTokens.save(other);
      });
      await run(async ({ oneTimeTokens }) => oneTimeTokens.save(fresh));

      await run(async ({ oneTimeTokens }) => {
        const { purpose } = old.toState();
        expect(await oneTimeTokens.byDigest(place.projectId, purpose, [old.toState().digest])).toBeUndefined();
        expect((await oneTimeTokens.ofUser(place.projectId, user.id, purpose))?.toState()).toEqual(fresh.toState());
        expect((await oneTimeTokens.ofUser(place.projectId, user.id, 'verify-email-otp'))?.toState()).toEqual(
          other.toState(),
        );
      });
    });

    it('takes sixteen new tokens of one purpose at once and keeps one', async () => {
      const { succeeded } = await sixteenAtOnce(() =>
        run(async ({ oneTimeTokens }) => {
          const token = aOneTimeToken(now, { ...place, userId: user.id });
          oneTimeTokens.save(token);
          return token.toState();
        }),
      );

      expect(succeeded).toHaveLength(16);
      const left = await run(({ oneTimeTokens }) =>
        oneTimeTokens.ofUser(place.projectId, user.id, 'reset-password-link'),
      );
      expect(succeeded).toContainEqual(left?.toState());
    });

    it('discards what there is of the named purposes, if anything', async () => {
      const ids = { ...place, userId: user.id };
      await run(async ({ oneTimeTokens }) => {
        oneTimeTokens.save(aOneTimeToken(now, { ...ids, purpose: 'email-change' }));
        oneTimeTokens.save(aOneTimeToken(now, { ...ids, purpose: 'disown' }));
      });

      await run(async ({ oneTimeTokens }) =>
        oneTimeTokens.discard(place.projectId, user.id, ['email-change', 'reset-password-otp']),
      );

      await run(async ({ oneTimeTokens }) => {
        expect(await oneTimeTokens.ofUser(place.projectId, user.id, 'email-change')).toBeUndefined();
        expect(await oneTimeTokens.ofUser(place.projectId, user.id, 'disown')).toBeDefined();
      });
    });

    it('spends and replaces tokens whose purposes are discarded in the same unit', async () => {
      const ids = { ...place, userId: user.id };
      const [spent, old, fresh] = [
        aOneTimeToken(now, { ...ids, purpose: 'reset-password-otp' }),
        aOneTimeToken(now, { ...ids, purpose: 'disown' }),
        aOneTimeToken(now, { ...ids, purpose: 'disown' }),
      ];
      await run(async ({ oneTimeTokens }) => {
        oneTimeTokens.save(spent);
        oneTimeTokens.save(old);
      });

      await run(async ({ oneTimeTokens }) => {
        const found = await oneTimeTokens.ofUser(place.projectId, user.id, 'reset-password-otp');
        if (!found) throw new Error('not seeded');
        oneTimeTokens.spend(found);
        oneTimeTokens.discard(place.projectId, user.id, ['reset-password-otp', 'disown']);
        oneTimeTokens.save(fresh);
      });

      await run(async ({ oneTimeTokens }) => {
        expect(await oneTimeTokens.ofUser(place.projectId, user.id, 'reset-password-otp')).toBeUndefined();
        const left = await oneTimeTokens.ofUser(place.projectId, user.id, 'disown');
        expect(left?.toState()).toEqual(fresh.toState());
      });
    });

    describe('sign-in challenges of one person', () => {
      const openOf = (challenges: readonly SignInChallenge[]) =>
        run(async ({ signInChallenges }) => {
          const open: boolean[] = [];
          for (const challenge of challenges) {
            const { kind, digest } = challenge.toState();
            open.push((await signInChallenges.byDigest(place.projectId, kind, [digest])) !== undefined);
          }
          return open;
        });
      async function seedChallenges(of = user): Promise<readonly [SignInChallenge, SignInChallenge]> {
        const ids = { ...place, userId: of.id };
        const made = [aChallenge(now, ids), aChallenge(now, { ...ids, kind: 'login-ticket' })] as const;
        await run(async ({ signInChallenges }) => {
          for (const challenge of made) signInChallenges.save(challenge);
        });
        return made;
      }
      const discard = () => run(async ({ signInChallenges }) => signInChallenges.discard(place.projectId, user.id));

      it('are discarded, of every kind, and nobody else loses any', async () => {
        const others = await seedChallenges(await seedUser(subject.unitOfWork, now, place));
        const mine = await seedChallenges();
        await discard();

        expect(await openOf(mine)).toEqual([false, false]);
        expect(await openOf(others)).toEqual([true, true]);
      });

      it('are discarded if there are any', async () => {
        await expect(discard()).resolves.toBeUndefined();
      });

      it('stay where the unit of work comes to nothing', async () => {
        const mine = await seedChallenges();
        const undone = run(async ({ signInChallenges }) => {
          signInChallenges.discard(place.projectId, user.id);
          throw new Error('changed its mind');
        });
        await expect(undone).rejects.toThrow('changed its mind');

        expect(await openOf(mine)).toEqual([true, true]);
      });

      it('are discarded beside one that the same unit spends, and one that it makes', async () => {
        const [spent, left] = await seedChallenges();
        const { kind, digest } = spent.toState();
        const fresh = aChallenge(now, { ...place, userId: user.id });
        await run(async ({ signInChallenges }) => {
          const found = await signInChallenges.byDigest(place.projectId, kind, [digest]);
          if (!found) throw new Error('not seeded');
          signInChallenges.save(fresh);
          signInChallenges.discard(place.projectId, user.id);
          signInChallenges.spend(found);
        });

        expect(await openOf([spent, left, fresh])).toEqual([false, false, true]);
      });

      it('are spent or discarded, of eight spenders and eight who discard at once, and spent by one at most', async () => {
        const mine = await seedChallenges();
        const { kind, digest } = mine[0].toState();
        const { succeeded, refused } = await sixteenAtOnce(async (index) => {
          if (index % 2 === 0) return discard();
          return run(async ({ signInChallenges, refreshTokens }) => {
            const found = await signInChallenges.byDigest(place.projectId, kind, [digest]);
            if (!found) throw new IamError('token-invalid');
            signInChallenges.spend(found);
            refreshTokens.save(aSession(now, { ...place, userId: user.id }));
          });
        });

        expect(await openOf(mine)).toEqual([false, false]);
        const sessions = await subject.sessionDirectory.aliveOfUser(place.projectId, user.id, now);
        expect(sessions).toHaveLength(succeeded.length - 8);
        expect(sessions.length).toBeLessThanOrEqual(1);
        for (const error of refused) expect(error).toMatchObject({ code: 'token-invalid' });
      });
    });

    it('finds expired tokens and challenges, so that the caller can say so', async () => {
      const ids = { ...place, userId: user.id };
      const longAgo = new Date(now.getTime() - 30 * 24 * 3_600_000);
      const [token, challenge] = [aOneTimeToken(longAgo, ids), aChallenge(longAgo, ids)];
      await run(async (all) => {
        all.oneTimeTokens.save(token);
        all.signInChallenges.save(challenge);
      });

      await run(async (all) => {
        const { purpose, digest } = token.toState();
        const found = await all.oneTimeTokens.byDigest(place.projectId, purpose, [digest]);
        expect(() => found?.assertFresh(now)).toThrowError('token-expired');
        const digests = [challenge.toState().digest];
        const opened = await all.signInChallenges.byDigest(place.projectId, 'tenant-selection', digests);
        expect(() => opened?.assertUsable(0, now)).toThrowError('token-expired');
      });
    });
  });
}
