import type { ProjectId } from '../../domain/project/project.ts';
import type { TotpFactorState } from '../../domain/user/totp-factor.ts';
import type { UserId } from '../../domain/user/user.ts';

/** A factor as it stood at a moment. */
export interface SeenTotpFactor {
  readonly state: TotpFactorState;
  /** Becomes another one whenever the factor is saved. */
  readonly version: number;
}

export interface TotpFactorDirectory {
  ofUser(projectId: ProjectId, userId: UserId): Promise<SeenTotpFactor | undefined>;
}
