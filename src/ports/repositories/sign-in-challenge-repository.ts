import type { ProjectId } from '../../domain/project/project.ts';
import type { SecretDigest } from '../../domain/session/secret-digest.ts';
import type { SignInChallenge, SignInChallengeKind } from '../../domain/session/sign-in-challenge.ts';
import type { UserId } from '../../domain/user/user.ts';

export interface SignInChallengeRepository {
  byDigest(
    projectId: ProjectId,
    kind: SignInChallengeKind,
    digests: readonly SecretDigest[],
  ): Promise<SignInChallenge | undefined>;
  save(challenge: SignInChallenge): void;
  /** Gone with this commit, or the commit fails: of N spenders one succeeds. */
  spend(challenge: SignInChallenge): void;
  /** Whatever the user has, if anything, is gone. */
  discard(projectId: ProjectId, userId: UserId): void;
}
