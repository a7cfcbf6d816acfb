import type { ProjectId } from '../../domain/project/project.ts';
import type { RecoveryCodes } from '../../domain/recovery/recovery-codes.ts';
import type { UserId } from '../../domain/user/user.ts';

export interface RecoveryCodesRepository {
  ofUser(projectId: ProjectId, userId: UserId): Promise<RecoveryCodes | undefined>;
  save(codes: RecoveryCodes): void;
}
