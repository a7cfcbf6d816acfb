import { RECOVERY_CODES_TOTAL, RecoveryCodes } from '../../domain/recovery/recovery-codes.ts';
import type { Ports } from '../../ports/ports.ts';
import type { UserActor } from '../actor.ts';
import { audited } from '../audit/audited.ts';
import type { Factors, OwnFactors } from '../authentication/own-factors.ts';
import type { StepUp } from '../authentication/step-up.ts';

type RegenerateRecoveryCodesDeps = Pick<Ports, 'recoveryCodeIssuer' | 'clock'> & {
  readonly stepUp: StepUp;
  readonly ownFactors: OwnFactors;
};

/** Ten new recovery codes; the older ones die. Takes a recent authentication and all that the account has. */
export class RegenerateRecoveryCodes {
  readonly #deps: RegenerateRecoveryCodesDeps;
  constructor(deps: RegenerateRecoveryCodesDeps) {
    this.#deps = deps;
  }

  /**
   * @throws IamError `reauthentication-required`, `validation-error` when the password is missing,
   * `invalid-credentials`, `mfa-required`, `mfa-invalid`, `rate-limited`, `token-invalid`, `overloaded`
   */
  async execute(actor: UserActor, input: Factors): Promise<{ readonly recoveryCodes: readonly string[] }> {
    const { stepUp, ownFactors, recoveryCodeIssuer, clock } = this.#deps;
    const { projectId, userId } = actor;
    await stepUp.assert(actor);
    const shown = await ownFactors.assert(actor, input);
    const issued = await recoveryCodeIssuer.issue(userId, RECOVERY_CODES_TOTAL);
    await shown.commit(async (repositories) => {
      const now = clock.now();
      await shown.assertStillShown(repositories);
      const { recoveryCodes, audit } = repositories;
      const codes =
        (await recoveryCodes.ofUser(projectId, userId)) ??
        RecoveryCodes.generated({ projectId, userId, codes: [] }, now);
      codes.regenerate(issued.stored, now);
      recoveryCodes.save(codes);
      const what = { action: 'auth.recovery-codes.regenerated', entityType: 'user', entityId: userId } as const;
      audit.record(audited(actor, what, now));
    });
    return { recoveryCodes: issued.codes };
  }
}
