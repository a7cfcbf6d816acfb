import type { ProjectId } from '../../domain/project/project.ts';
import type { RecoveryCodesState } from '../../domain/recovery/recovery-codes.ts';
import type { EmailAddress } from '../../domain/user/email-address.ts';
import type { UserId, UserState } from '../../domain/user/user.ts';

export interface RecoveryCodesDirectory {
  ofUser(projectId: ProjectId, userId: UserId): Promise<RecoveryCodesState | undefined>;
  /** Those of whoever holds the address, in one read. */
  byEmail(
    projectId: ProjectId,
    email: EmailAddress,
  ): Promise<{ readonly user: UserState; readonly codes: RecoveryCodesState | undefined } | undefined>;
}
