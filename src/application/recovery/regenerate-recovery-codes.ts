import { IamError } from '../../domain/errors.ts';
import { RECOVERY_CODES_TOTAL, RecoveryCodes } from '../../domain/recovery/recovery-codes.ts';
import { hasSamePassword, type UserState } from '../../domain/user/user.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Repositories } from '../../ports/unit-of-work.ts';
import type { UserActor } from '../actor.ts';
import { audited } from '../audit/audited.ts';
import type { OwnPassword } from '../authentication/own-password.ts';
import { presentSession } from '../authentication/own-session.ts';
import type { StepUp } from '../authentication/step-up.ts';
import type { TotpCheck } from '../mfa/totp-check.ts';

export interface RegenerateInput {
  /** Where the account has one. */
  readonly password?: string | undefined;
  /** Where a second factor is on. */
  readonly mfaCode?: string | undefined;
}

type RegenerateRecoveryCodesDeps = Pick<Ports, 'unitOfWork' | 'userDirectory' | 'recoveryCodeIssuer' | 'clock'> & {
  readonly stepUp: StepUp;
  readonly ownPassword: OwnPassword;
  readonly totpCheck: TotpCheck;
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
  async execute(actor: UserActor, input: RegenerateInput): Promise<{ readonly recoveryCodes: readonly string[] }> {
    const { unitOfWork, stepUp, totpCheck, recoveryCodeIssuer, clock } = this.#deps;
    const { projectId, userId } = actor;
    await stepUp.assert(actor);
    const checked = await this.#checked(actor, input.password);
    if (checked.totpEnabledAt !== null && input.mfaCode === undefined) throw new IamError('mfa-required');
    const code =
      checked.totpEnabledAt === null || input.mfaCode === undefined
        ? undefined
        : await totpCheck.assert(actor, checked, input.mfaCode);
    const issued = await recoveryCodeIssuer.issue(userId, RECOVERY_CODES_TOTAL);
    const work = async (repositories: Repositories): Promise<void> => {
      const { users, refreshTokens, recoveryCodes, audit, requireUnchanged } = repositories;
      const now = clock.now();
      const user = await users.byId(projectId, userId);
      const { session } = await presentSession(refreshTokens, actor);
      if (user === undefined || !hasSamePassword(user.toState(), checked)) throw new IamError('token-invalid');
      if (user.toState().totpEnabledAt !== null && code === undefined) throw new IamError('mfa-required');
      const codes =
        (await recoveryCodes.ofUser(projectId, userId)) ??
        RecoveryCodes.generated({ projectId, userId, codes: [] }, now);
      requireUnchanged(user);
      requireUnchanged(session);
      codes.regenerate(issued.stored, now);
      recoveryCodes.save(codes);
      const what = { action: 'auth.recovery-codes.regenerated', entityType: 'user', entityId: userId } as const;
      audit.record(audited(actor, what, now));
    };
    await (code === undefined ? unitOfWork.run(work) : code.commit(work));
    return { recoveryCodes: issued.codes };
  }

  async #checked(actor: UserActor, password: string | undefined): Promise<UserState> {
    const { userDirectory, ownPassword } = this.#deps;
    const user = await userDirectory.byId(actor.projectId, actor.userId);
    if (user === undefined) throw new IamError('token-invalid');
    return user.passwordHash === null ? user : ownPassword.assert(actor, password, 'password');
  }
}
