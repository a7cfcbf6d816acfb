import type { Ports } from '../../ports/ports.ts';
import type { UserActor } from '../actor.ts';
import { audited } from '../audit/audited.ts';
import type { KnownProjects } from '../projects/known-projects.ts';
import { impersonationEnded } from './impersonation-ended.ts';
import { findOwnSession } from './own-session.ts';

type EndOwnSessionDeps = Pick<Ports, 'unitOfWork' | 'refreshTokenCodec' | 'sessionWatch' | 'clock'> & {
  readonly knownProjects: KnownProjects;
};

/** Signs the actor out: of the session of the given refresh token, by default of the present one. */
export class EndOwnSession {
  readonly #deps: EndOwnSessionDeps;
  constructor(deps: EndOwnSessionDeps) {
    this.#deps = deps;
  }

  /** A refresh token of somebody else, or of nobody, is no error, and ends nothing. */
  async execute(actor: UserActor, input: { readonly refreshToken?: string | undefined }): Promise<void> {
    const { unitOfWork, refreshTokenCodec, knownProjects, sessionWatch, clock } = this.#deps;
    const { impersonatorId } = actor;
    const project = await knownProjects.byId(actor.projectId);
    await unitOfWork.run(async ({ refreshTokens, audit }) => {
      const session =
        input.refreshToken === undefined
          ? await refreshTokens.byId(actor.projectId, actor.sessionId)
          : await findOwnSession(refreshTokens, refreshTokenCodec, actor, input.refreshToken);
      if (session === undefined || session.toState().endedAt !== null) return;
      const now = clock.now();
      session.end('logout', now);
      refreshTokens.save(session);
      const what = { action: 'auth.logout', entityType: 'session', entityId: session.id } as const;
      const records =
        impersonatorId === null
          ? [audited(actor, what, now)]
          : impersonationEnded(actor, project, session.toState(), { actorId: impersonatorId, end: 'logout' }, now);
      for (const record of records) audit.record(record);
    });
    await sessionWatch.announce({ userId: actor.userId });
  }
}
