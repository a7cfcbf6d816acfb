import type { OneTimeTokenRepository } from '../../../ports/repositories/one-time-token-repository.ts';
import type { ChangeSet } from '../commit/change-set.ts';
import { ONE_TIME_TOKEN } from '../mappings.ts';
import type { Queries } from '../queries/queries.ts';

export function oneTimeTokenRepository(queries: Queries['secrets'], changes: ChangeSet): OneTimeTokenRepository {
  return {
    ofUser: async (projectId, userId, purpose) =>
      changes.rehydrated(ONE_TIME_TOKEN, await queries.tokenOfUser(projectId, userId, purpose)),
    byDigest: async (projectId, purpose, digests) =>
      changes.rehydrated(ONE_TIME_TOKEN, await queries.tokenByDigest(projectId, purpose, digests)),
    save: (token) => changes.save(ONE_TIME_TOKEN, token),
    spend: (token) => changes.remove(token),
    discard: (projectId, userId, purposes) => {
      for (const purpose of purposes) changes.discard(ONE_TIME_TOKEN, { projectId, userId, purpose });
    },
  };
}
