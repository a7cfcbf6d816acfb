import { IamError } from '../../domain/errors.ts';
import { RecoveryCodes } from '../../domain/recovery/recovery-codes.ts';
import { assertPending } from '../../domain/user/totp-factor.ts';
import type { Ports } from '../../ports/ports.ts';
import type { UserActor } from '../actor.ts';
import { audited } from '../audit/audited.ts';
import { presentSession } from '../authentication/own-session.ts';
import { MFA_METHODS } from './methods.ts';
import type { TotpCheck } from './totp-check.ts';

type ConfirmTotpDeps = Pick<
  Ports,
  'unitOfWork' | 'userDirectory' | 'totpFactorDirectory' | 'sessionWatch' | 'clock'
> & { readonly totpCheck: TotpCheck };

/** The first code of a set-up: from now on signing in takes one. Every other session ends. */
export class ConfirmTotp {
  readonly #deps: ConfirmTotpDeps;
  constructor(deps: ConfirmTotpDeps) {
    this.#deps = deps;
  }

  /** @throws IamError `mfa-setup-missing`, `mfa-already-enabled`, `mfa-invalid`, `rate-limited`, `token-invalid` */
  async execute(
    actor: UserActor,
    input: { readonly code: string },
  ): Promise<{ readonly recoveryCodesRemaining: number }> {
    const { unitOfWork, userDirectory, totpFactorDirectory, totpCheck, sessionWatch, clock } = this.#deps;
    const { projectId, userId } = actor;
    const user = await userDirectory.byId(projectId, userId);
    if (user === undefined) throw new IamError('token-invalid');
    const pending = (await totpFactorDirectory.ofUser(projectId, userId))?.state;
    assertPending(pending, clock.now());
    const { step, keys } = await totpCheck.evaluate(actor, user, pending.pendingSecret, input.code);
    const recoveryCodesRemaining = await unitOfWork.run(async (repositories) => {
      const now = clock.now();
      const { users, totpFactors, recoveryCodes, refreshTokens, attempts, audit } = repositories;
      const present = await users.byId(projectId, userId);
      const factor = await totpFactors.ofUser(projectId, userId);
      const { session } = await presentSession(refreshTokens, actor);
      if (present === undefined || factor === undefined) throw new IamError('mfa-setup-missing');
      const box = totpCheck.boxNow(user, pending.pendingSecret, factor.toState().pendingSecret);
      const codes = factor.confirm(box, step, now);
      totpFactors.save(factor);
      attempts.succeed(keys, now);
      present.turnOnTotp(now);
      users.save(present);
      session.carryOver(present.toState().sessionEpoch);
      session.strengthened(MFA_METHODS);
      refreshTokens.save(session);
      const held = await recoveryCodes.ofUser(projectId, userId);
      if (codes.length > 0) {
        const next = held ?? RecoveryCodes.generated({ projectId, userId, codes }, now);
        if (held !== undefined) held.replace(codes, now);
        recoveryCodes.save(next);
      }
      audit.record(audited(actor, { action: 'auth.mfa.enabled', entityType: 'user', entityId: userId }, now));
      return codes.length > 0 ? codes.length : (held?.toState().codes.length ?? 0);
    });
    await sessionWatch.announce({ userId });
    return { recoveryCodesRemaining };
  }
}
