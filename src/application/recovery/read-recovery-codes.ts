import { RECOVERY_CODES_TOTAL } from '../../domain/recovery/recovery-codes.ts';
import type { RecoveryCodesDirectory } from '../../ports/directories/recovery-codes-directory.ts';
import type { UserActor } from '../actor.ts';

/** How many recovery codes are left. */
export interface RecoveryCodesLeft {
  readonly remaining: number;
  readonly total: number;
  /** `null` when there never were any. */
  readonly generatedAt: Date | null;
}

/** How many of their recovery codes the actor has left; never the codes. */
export class ReadRecoveryCodes {
  readonly #directory: RecoveryCodesDirectory;
  constructor(deps: { readonly recoveryCodesDirectory: RecoveryCodesDirectory }) {
    this.#directory = deps.recoveryCodesDirectory;
  }

  async execute(actor: UserActor): Promise<RecoveryCodesLeft> {
    const held = await this.#directory.ofUser(actor.projectId, actor.userId);
    return {
      remaining: held?.codes.length ?? 0,
      total: RECOVERY_CODES_TOTAL,
      generatedAt: held?.generatedAt ?? null,
    };
  }
}
