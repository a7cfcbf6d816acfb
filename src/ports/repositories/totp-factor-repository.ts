import type { ProjectId } from '../../domain/project/project.ts';
import type { TotpFactor } from '../../domain/user/totp-factor.ts';
import type { UserId } from '../../domain/user/user.ts';

export interface TotpFactorRepository {
  ofUser(projectId: ProjectId, userId: UserId): Promise<TotpFactor | undefined>;
  /** One a user. */
  save(factor: TotpFactor): void;
  remove(factor: TotpFactor): void;
}
