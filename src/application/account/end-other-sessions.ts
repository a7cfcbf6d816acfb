import { IamError } from '../../domain/errors.ts';
import type { Ports } from '../../ports/ports.ts';
import type { UserActor } from '../actor.ts';
import { audited } from '../audit/audited.ts';
import { presentSession } from '../authentication/own-session.ts';

type EndOtherSessionsDeps = Pick<Ports, 'unitOfWork' | 'sessionWatch' | 'clock'>;

/** Ends every session of the actor but the present one. */
export class EndOtherSessions {
  readonly #deps: EndOtherSessionsDeps;
  constructor(deps: EndOtherSessionsDeps) {
    this.#deps = deps;
  }

  /** @throws IamError `token-invalid` when the present one is over */
  async execute(actor: UserActor): Promise<void> {
    const { unitOfWork, sessionWatch, clock } = this.#deps;
    await unitOfWork.run(async ({ users, refreshTokens, audit }) => {
      const now = clock.now();
      const user = await users.byId(actor.projectId, actor.userId);
      const { session } = await presentSession(refreshTokens, actor);
      if (user === undefined) throw new IamError('token-invalid');
      user.endSessions(now);
      session.carryOver(user.toState().sessionEpoch);
      users.save(user);
      refreshTokens.save(session);
      audit.record(audited(actor, { action: 'auth.sessions.ended', entityType: 'user', entityId: user.id }, now));
    });
    await sessionWatch.announce({ userId: actor.userId });
  }
}
