import type { Ports } from '../../ports/ports.ts';
import type { UserActor } from '../actor.ts';
import { audited } from '../audit/audited.ts';
import { findOwnSession } from './own-session.ts';

type EndOwnSessionDeps = Pick<Ports, 'unitOfWork' | 'refreshTokenCodec' | 'sessionWatch' | 'clock'>;

/** Signs the actor out: of the session of the given refresh token, by default of the present one. */
export class EndOwnSession {
  readonly #deps: EndOwnSessionDeps;
  constructor(deps: EndOwnSessionDeps) {
    this.#deps = deps;
  }

  /** A refresh token of somebody else, or of nobody, is no error, and ends nothing. */
  async execute(actor: UserActor, input: { readonly refreshToken?: string | undefined }): Promise<void> {
    const { unitOfWork, refreshTokenCodec, sessionWatch, clock } = this.#deps;
    await unitOfWork.run(async ({ refreshTokens, audit }) => {
      const session =
        input.refreshToken === undefined
          ? await refreshTokens.byId(actor.projectId, actor.sessionId)
          : await findOwnSession(refreshTokens, refreshTokenCodec, actor, input.refreshToken);
      if (session === undefined || session.toState().endedAt !== null) return;
      const now = clock.now();
      session.end('logout', now);
      refreshTokens.save(session);
      audit.record(audited(actor, { action: 'auth.logout', entityType: 'session', entityId: session.id }, now));
    });
    await sessionWatch.announce({ userId: actor.userId });
  }
}
