import { IamError } from '../../domain/errors.ts';
import type { Ports } from '../../ports/ports.ts';
import type { UserActor } from '../actor.ts';
import { audited } from '../audit/audited.ts';
import type { OwnPassword } from '../authentication/own-password.ts';
import { presentSession } from '../authentication/own-session.ts';
import type { TotpCheck } from './totp-check.ts';

type DisableTotpDeps = Pick<Ports, 'userDirectory' | 'sessionWatch' | 'clock'> & {
  readonly ownPassword: OwnPassword;
  readonly totpCheck: TotpCheck;
};

/** Signing in takes no code any more. Every other session ends. */
export class DisableTotp {
  readonly #deps: DisableTotpDeps;
  constructor(deps: DisableTotpDeps) {
    this.#deps = deps;
  }

  /**
   * Takes a code, and over v1 the password of an account that has one.
   * @throws IamError `mfa-not-enabled`, `mfa-invalid`, `invalid-credentials`, `validation-error`, `rate-limited`
   */
  async execute(
    actor: UserActor,
    input: { readonly code: string; readonly password?: string | undefined },
  ): Promise<void> {
    const { userDirectory, ownPassword, totpCheck, sessionWatch, clock } = this.#deps;
    const { projectId, userId, dialect } = actor;
    const user = await userDirectory.byId(projectId, userId);
    if (user === undefined) throw new IamError('token-invalid');
    if (user.totpEnabledAt === null) throw new IamError('mfa-not-enabled');
    if (dialect === 'v1' && user.passwordHash !== null) await ownPassword.assert(actor, input.password, 'password');
    const code = await totpCheck.assert(actor, user, input.code);
    await code.commit(async ({ users, totpFactors, refreshTokens, audit }, factor) => {
      const now = clock.now();
      const present = await users.byId(projectId, userId);
      const { session } = await presentSession(refreshTokens, actor);
      if (present === undefined) throw new IamError('token-invalid');
      totpFactors.remove(factor);
      present.turnOffTotp(now);
      users.save(present);
      session.carryOver(present.toState().sessionEpoch);
      refreshTokens.save(session);
      audit.record(audited(actor, { action: 'auth.mfa.disabled', entityType: 'user', entityId: userId }, now));
    });
    await sessionWatch.announce({ userId });
  }
}
