import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RefreshToken } from '../../src/domain/session/refresh-token.ts';
import type { User } from '../../src/domain/user/user.ts';
import type { SessionKey } from '../../src/ports/housekeeping.ts';
import { anId, aSession } from '../support/builders.ts';
import { secondsAfter } from '../support/clock.ts';
import { type Place, seedProject, seedUser } from '../support/seeds.ts';
import { sixteenAtOnce } from '../support/sixteen.ts';
import { changeUser } from '../support/tenancy.ts';
import type { MakeSubject, StoreSubject } from './subject.ts';

/** A session in which somebody else acts as the user rests on two people. */
export function describeImpersonatedSessionsContract(name: string, makeSubject: MakeSubject<StoreSubject>): void {
  describe(`impersonated sessions: ${name}`, () => {
    const now = new Date();
    const later = secondsAfter(now, 5);
    let subject: StoreSubject;
    let place: Place;
    let actor: User;
    let session: RefreshToken;

    beforeEach(async () => {
      subject = await makeSubject();
      place = await seedProject(subject.unitOfWork, now);
      actor = await seedUser(subject.unitOfWork, now, place);
      const user = await seedUser(subject.unitOfWork, now, place);
      session = aSession(now, { ...place, userId: user.id, impersonator: { userId: actor.id, epoch: 3 } });
      await subject.unitOfWork.run(async ({ refreshTokens }) => refreshTokens.save(session));
    });
    afterEach(async () => {
      await subject.dispose();
    });

    /** As both ways of looking show it. */
    async function impersonator(of = session) {
      const looked = await subject.sessionDirectory.standing(place.projectId, of.id);
      const read = await subject.unitOfWork.run(({ refreshTokens }) =>
        refreshTokens.withStanding(place.projectId, of.id),
      );
      expect(read?.standing).toEqual(looked);
      return looked?.impersonator;
    }

    it('come back with whoever acts', async () => {
      const byId = await subject.unitOfWork.run(({ refreshTokens }) => refreshTokens.byId(place.projectId, session.id));
      expect(byId?.toState()).toEqual(session.toState());
      const standing = await subject.sessionDirectory.standing(place.projectId, session.id);
      expect(standing?.session).toEqual(session.toState());
    });

    it('show how whoever acts stands now', async () => {
      expect(await impersonator()).toEqual({ epoch: 0, inUse: true });
      await changeUser(subject.unitOfWork, place, actor.id, (user) => user.endSessions(later));
      expect(await impersonator()).toEqual({ epoch: 1, inUse: true });
      await changeUser(subject.unitOfWork, place, actor.id, (user) => user.lock(later));
      expect(await impersonator()).toEqual({ epoch: 1, inUse: true });
    });

    it.each(['disable', 'delete'] as const)('show that whoever acts is not in use any more: %s', async (verb) => {
      await changeUser(subject.unitOfWork, place, actor.id, (user) => user[verb](later));
      expect(await impersonator()).toEqual({ epoch: 1, inUse: false });
    });

    it('show nobody when whoever acted is gone, belongs to another project, or never was', async () => {
      await subject.unitOfWork.run(async ({ users }) => {
        const user = await users.byId(place.projectId, actor.id);
        if (user) users.remove(user);
      });
      expect(await impersonator()).toBeNull();

      const elsewhere = await seedProject(subject.unitOfWork, now);
      const stranger = await seedUser(subject.unitOfWork, now, elsewhere);
      for (const userId of [stranger.id, anId<User['id']>()]) {
        const { userId: whose } = session.toState();
        const other = aSession(now, { ...place, userId: whose, impersonator: { userId, epoch: 0 } });
        await subject.unitOfWork.run(async ({ refreshTokens }) => refreshTokens.save(other));
        expect(await impersonator(other)).toBeNull();
      }
    });

    describe('whose end nobody has written down', () => {
      const awaiting = (after?: SessionKey, limit = 100) => subject.housekeeping.awaitingRecord(after, limit);
      const isThere = async (of = session) =>
        (await subject.unitOfWork.run(({ refreshTokens }) => refreshTokens.byId(place.projectId, of.id))) !== undefined;
      const keyOf = (of: RefreshToken): SessionKey => ({ projectId: place.projectId, id: of.id });
      const change = (verb: (of: RefreshToken) => void) =>
        subject.unitOfWork.run(async ({ refreshTokens }) => {
          const found = await refreshTokens.byId(place.projectId, session.id);
          if (!found) throw new Error('not seeded');
          verb(found);
          refreshTokens.save(found);
        });
      const sweep = () => subject.housekeeping.sweep(secondsAfter(now, 100 * 24 * 60 * 60), 100);

      it('are listed by their keys, over or not, and no others are', async () => {
        const { userId } = session.toState();
        const others = Array.from({ length: 3 }, () =>
          aSession(now, { ...place, userId, impersonator: { userId: actor.id, epoch: 0 } }),
        );
        const own = aSession(now, { ...place, userId });
        await subject.unitOfWork.run(async ({ refreshTokens }) => {
          for (const one of [...others, own]) refreshTokens.save(one);
        });
        const keys = [session, ...others].map(keyOf).sort((a, b) => (a.id < b.id ? -1 : 1));
        expect(await awaiting()).toEqual(keys);
        expect(await awaiting(undefined, 2)).toEqual(keys.slice(0, 2));
        expect(await awaiting(keys[1])).toEqual(keys.slice(2));
      });

      it('are not swept: expired, or ended with the place', async () => {
        await sweep();
        expect(await isThere()).toBe(true);
        const { tenantId, userId } = session.toState();
        await subject.unitOfWork.run(async ({ refreshTokens }) =>
          refreshTokens.endAll(place.projectId, tenantId, userId, later),
        );
        await sweep();
        expect(await awaiting()).toEqual([keyOf(session)]);
      });

      it.each(['logout', 'ended-by-user'] as const)('are not those that somebody ended: %s', async (by) => {
        await change((of) => of.end(by, later));
        expect(await awaiting()).toEqual([]);
        await sweep();
        expect(await isThere()).toBe(false);
      });

      it('are removed once, of sixteen at once', async () => {
        const { succeeded } = await sixteenAtOnce(() =>
          subject.unitOfWork.run(async ({ refreshTokens }) => {
            const found = await refreshTokens.byId(place.projectId, session.id);
            if (found) refreshTokens.remove(found);
            return found !== undefined;
          }),
        );
        expect(succeeded.filter((removed) => removed)).toHaveLength(1);
        expect(await isThere()).toBe(false);
      });

      it('are found by the person whom somebody acts for', async () => {
        const { userId } = session.toState();
        const own = aSession(now, { ...place, userId });
        await subject.unitOfWork.run(async ({ refreshTokens }) => refreshTokens.save(own));
        const inPlaceOf = (id: User['id'], projectId = place.projectId) =>
          subject.unitOfWork.run(async ({ refreshTokens }) =>
            (await refreshTokens.inPlaceOf(projectId, id)).map((found) => found.id),
          );
        expect(await inPlaceOf(userId)).toEqual([session.id]);
        expect(await inPlaceOf(actor.id)).toEqual([]);
        expect(await inPlaceOf(userId, anId())).toEqual([]);
      });
    });

    it('are those of nobody else', async () => {
      const own = aSession(now, { ...place, userId: session.toState().userId });
      await subject.unitOfWork.run(async ({ refreshTokens }) => refreshTokens.save(own));
      expect(await impersonator(own)).toBeNull();
    });
  });
}
