import { IamError } from '../../domain/errors.ts';
import { isAlive, type SessionId } from '../../domain/session/refresh-token.ts';
import type { Ports } from '../../ports/ports.ts';
import type { UserActor } from '../actor.ts';
import { audited } from '../audit/audited.ts';
import { impersonationEnded } from '../authentication/impersonation-ended.ts';
import { presentSession } from '../authentication/own-session.ts';
import type { KnownProjects } from '../projects/known-projects.ts';

type EndSessionDeps = Pick<Ports, 'unitOfWork' | 'sessionWatch' | 'clock'> & { readonly knownProjects: KnownProjects };

/** Ends one of the actor's own sessions (ASVS 7.5.2), or one that somebody acts in for them. */
export class EndSession {
  readonly #deps: EndSessionDeps;
  constructor(deps: EndSessionDeps) {
    this.#deps = deps;
  }

  /** @throws IamError `not-found` for somebody else's session, like for none; `token-invalid` */
  async execute(actor: UserActor, sessionId: SessionId): Promise<void> {
    const { unitOfWork, knownProjects, sessionWatch, clock } = this.#deps;
    const project = await knownProjects.byId(actor.projectId);
    await unitOfWork.run(async ({ refreshTokens, audit }) => {
      const now = clock.now();
      await presentSession(refreshTokens, actor);
      const found = await refreshTokens.withStanding(actor.projectId, sessionId);
      const user = found?.standing.user;
      if (found === undefined || user?.id !== actor.userId) throw new IamError('not-found');
      if (!isAlive(found.standing.session, user.sessionEpoch, now)) throw new IamError('not-found');
      found.session.end('ended-by-user', now);
      refreshTokens.save(found.session);
      const { session } = found.standing;
      const what = { action: 'auth.session.ended', entityType: 'session', entityId: sessionId } as const;
      const records =
        session.impersonator === null
          ? [audited(actor, what, now)]
          : impersonationEnded(actor, project, session, { actorId: actor.userId, end: 'ended-by-user' }, now);
      for (const record of records) audit.record(record);
    });
    await sessionWatch.announce({ userId: actor.userId });
  }
}
