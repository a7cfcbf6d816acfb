import type { ProjectId } from '../../domain/project/project.ts';
import type { SecretDigest } from '../../domain/session/secret-digest.ts';
import type { SignInChallenge, SignInChallengeKind } from '../../domain/session/sign-in-challenge.ts';

export interface SignInChallengeRepository {
  byDigest(
    projectId: ProjectId,
    kind: SignInChallengeKind,
    digests: readonly SecretDigest[],
  ): Promise<SignInChallenge | undefined>;
  save(challenge: SignInChallenge): void;
  /** Gone with this commit, or the commit fails: of N spenders one succeeds. */
  spend(challenge: SignInChallenge): void;
}
