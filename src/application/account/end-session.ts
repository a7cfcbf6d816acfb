import { IamError } from '../../domain/errors.ts';
import { isAlive, type SessionId } from '../../domain/session/refresh-token.ts';
import type { Ports } from '../../ports/ports.ts';
import type { UserActor } from '../actor.ts';
import { audited } from '../audit/audited.ts';
import { presentSession } from '../authentication/own-session.ts';

type EndSessionDeps = Pick<Ports, 'unitOfWork' | 'sessionWatch' | 'clock'>;

/** Ends one of the actor's own sessions (ASVS 7.5.2). */
export class EndSession {
  readonly #deps: EndSessionDeps;
  constructor(deps: EndSessionDeps) {
    this.#deps = deps;
  }

  /** @throws IamError `not-found` for somebody else's session, like for none; `token-invalid` */
  async execute(actor: UserActor, sessionId: SessionId): Promise<void> {
    const { unitOfWork, sessionWatch, clock } = this.#deps;
    await unitOfWork.run(async ({ refreshTokens, audit }) => {
      const now = clock.now();
      await presentSession(refreshTokens, actor);
      const found = await refreshTokens.withStanding(actor.projectId, sessionId);
      const user = found?.standing.user;
      if (found === undefined || user?.id !== actor.userId) throw new IamError('not-found');
      if (!isAlive(found.standing.session, user.sessionEpoch, now)) throw new IamError('not-found');
      found.session.end('ended-by-user', now);
      refreshTokens.save(found.session);
      audit.record(audited(actor, { action: 'auth.session.ended', entityType: 'session', entityId: sessionId }, now));
    });
    await sessionWatch.announce({ userId: actor.userId });
  }
}
