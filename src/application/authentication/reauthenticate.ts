import { IamError } from '../../domain/errors.ts';
import { hasSamePassword } from '../../domain/user/user.ts';
import type { Ports } from '../../ports/ports.ts';
import type { UserActor } from '../actor.ts';
import { audited } from '../audit/audited.ts';
import type { OwnPassword } from './own-password.ts';
import { presentSession } from './own-session.ts';

type ReauthenticateDeps = Pick<Ports, 'unitOfWork' | 'clock'> & { readonly ownPassword: OwnPassword };

/** All factors once more, for this session: opens sensitive operations for a while (RFC 9470). */
export class Reauthenticate {
  readonly #deps: ReauthenticateDeps;
  constructor(deps: ReauthenticateDeps) {
    this.#deps = deps;
  }

  /** @throws IamError `invalid-credentials`, `validation-error` when the password is missing, `token-invalid`, `rate-limited` */
  async execute(
    actor: UserActor,
    input: { readonly password?: string | undefined },
  ): Promise<{ readonly authenticatedAt: Date }> {
    const { unitOfWork, ownPassword, clock } = this.#deps;
    const checked = await ownPassword.assert(actor, input.password, 'password');
    const authenticatedAt = clock.now();
    await unitOfWork.run(async ({ users, refreshTokens, audit }) => {
      const user = await users.byId(actor.projectId, actor.userId);
      const { session } = await presentSession(refreshTokens, actor);
      if (user === undefined || !hasSamePassword(user.toState(), checked)) throw new IamError('token-invalid');
      session.reauthenticated(['pwd'], authenticatedAt);
      refreshTokens.save(session);
      const what = { action: 'auth.reauthenticated', entityType: 'session', entityId: session.id } as const;
      audit.record(audited(actor, what, authenticatedAt));
    });
    return { authenticatedAt };
  }
}
