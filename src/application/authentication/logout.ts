import type { Ports } from '../../ports/ports.ts';
import type { Visitor } from '../actor.ts';
import { audited } from '../audit/audited.ts';
import type { KnownProjects } from '../projects/known-projects.ts';
import { impersonationEnded } from './impersonation-ended.ts';
import { findSession } from './own-session.ts';

type LogoutDeps = Pick<Ports, 'unitOfWork' | 'refreshTokenCodec' | 'sessionWatch' | 'clock'> & {
  readonly knownProjects: KnownProjects;
};

/** Ends the session of a refresh token. An unknown token is no error (RFC 7009 §2.2); a failing store is. */
export class Logout {
  readonly #deps: LogoutDeps;
  constructor(deps: LogoutDeps) {
    this.#deps = deps;
  }

  async execute(visitor: Visitor, input: { readonly refreshToken: string }): Promise<void> {
    const { unitOfWork, refreshTokenCodec, knownProjects, sessionWatch, clock } = this.#deps;
    const project = await knownProjects.byId(visitor.projectId);
    const userId = await unitOfWork.run(async ({ refreshTokens, audit }) => {
      const session = await findSession(refreshTokens, refreshTokenCodec, visitor, input.refreshToken);
      if (session === undefined || session.toState().endedAt !== null) return undefined;
      const now = clock.now();
      session.end('logout', now);
      refreshTokens.save(session);
      const { userId, tenantId, impersonator } = session.toState();
      const what = { action: 'auth.logout', entityType: 'session', entityId: session.id } as const;
      const records =
        impersonator === null
          ? [audited(visitor, { ...what, userId, actorId: userId, tenantId }, now)]
          : impersonationEnded(
              visitor,
              project,
              session.toState(),
              { actorId: impersonator.userId, end: 'logout' },
              now,
            );
      for (const record of records) audit.record(record);
      return userId;
    });
    if (userId !== undefined) await sessionWatch.announce({ userId });
  }
}
