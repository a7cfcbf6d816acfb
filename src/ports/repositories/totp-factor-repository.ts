import type { ProjectId } from '../../domain/project/project.ts';
import type { TotpFactor } from '../../domain/user/totp-factor.ts';
import type { UserId } from '../../domain/user/user.ts';
import type { SeenTotpFactor } from '../directories/totp-factor-directory.ts';

export interface TotpFactorRepository {
  ofUser(projectId: ProjectId, userId: UserId): Promise<TotpFactor | undefined>;
  /** The factor as it was seen before this unit of work, saved only if nobody has saved it since: a read less. */
  asSeen(seen: SeenTotpFactor): TotpFactor;
  /** One a user. */
  save(factor: TotpFactor): void;
  remove(factor: TotpFactor): void;
}
