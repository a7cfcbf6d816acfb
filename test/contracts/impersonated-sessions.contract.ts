import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RefreshToken } from '../../src/domain/session/refresh-token.ts';
import type { User } from '../../src/domain/user/user.ts';
import { anId, aSession } from '../support/builders.ts';
import { secondsAfter } from '../support/clock.ts';
import { type Place, seedProject, seedUser } from '../support/seeds.ts';
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

    it('are those of nobody else', async () => {
      const own = aSession(now, { ...place, userId: session.toState().userId });
      await subject.unitOfWork.run(async ({ refreshTokens }) => refreshTokens.save(own));
      expect(await impersonator(own)).toBeNull();
    });
  });
}
