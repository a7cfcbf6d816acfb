import type { SignInChallengeRepository } from '../../../ports/repositories/sign-in-challenge-repository.ts';
import type { ChangeSet } from '../commit/change-set.ts';
import { SIGN_IN_CHALLENGE } from '../mappings.ts';
import type { Queries } from '../queries/queries.ts';

export function signInChallengeRepository(queries: Queries['secrets'], changes: ChangeSet): SignInChallengeRepository {
  return {
    byDigest: async (projectId, kind, digests) =>
      changes.rehydrated(SIGN_IN_CHALLENGE, await queries.challengeByDigest(projectId, kind, digests)),
    save: (challenge) => changes.save(SIGN_IN_CHALLENGE, challenge),
    spend: (challenge) => changes.remove(challenge),
    discard: (projectId, userId) => changes.discardAll(SIGN_IN_CHALLENGE, { projectId, userId }),
  };
}
