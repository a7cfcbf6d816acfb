import type { ProjectId } from '../../domain/project/project.ts';
import type { TotpFactorState } from '../../domain/user/totp-factor.ts';
import type { UserId } from '../../domain/user/user.ts';

export interface TotpFactorDirectory {
  ofUser(projectId: ProjectId, userId: UserId): Promise<TotpFactorState | undefined>;
}
