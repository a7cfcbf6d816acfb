import type { ProjectId } from '../../domain/project/project.ts';
import type { OneTimeToken, OneTimeTokenPurpose } from '../../domain/session/one-time-token.ts';
import type { SecretDigest } from '../../domain/session/secret-digest.ts';
import type { UserId } from '../../domain/user/user.ts';

export interface OneTimeTokenRepository {
  ofUser(projectId: ProjectId, userId: UserId, purpose: OneTimeTokenPurpose): Promise<OneTimeToken | undefined>;
  byDigest(
    projectId: ProjectId,
    purpose: OneTimeTokenPurpose,
    digests: readonly SecretDigest[],
  ): Promise<OneTimeToken | undefined>;
  /** Takes the place of the user's earlier token of that purpose. */
  save(token: OneTimeToken): void;
  /** Gone with this commit, or the commit fails: of N spenders one succeeds. */
  spend(token: OneTimeToken): void;
  /** Whatever of these purposes the user has, if anything, is gone. */
  discard(projectId: ProjectId, userId: UserId, purposes: readonly OneTimeTokenPurpose[]): void;
}
