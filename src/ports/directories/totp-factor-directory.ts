import type { ProjectId } from '../../domain/project/project.ts';
import type { EmailAddress } from '../../domain/user/email-address.ts';
import type { TotpFactorState } from '../../domain/user/totp-factor.ts';
import type { UserId, UserState } from '../../domain/user/user.ts';

/** A factor as it stood at a moment. */
export interface SeenTotpFactor {
  readonly state: TotpFactorState;
  /** Becomes another one whenever the factor is saved. */
  readonly version: number;
}

export interface TotpFactorDirectory {
  ofUser(projectId: ProjectId, userId: UserId): Promise<SeenTotpFactor | undefined>;
  /** That of whoever holds the address, in one read. */
  byEmail(
    projectId: ProjectId,
    email: EmailAddress,
  ): Promise<{ readonly user: UserState; readonly factor: SeenTotpFactor | undefined } | undefined>;
}
