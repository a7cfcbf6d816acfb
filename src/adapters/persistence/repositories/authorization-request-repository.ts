import type { AuthorizationRequestRepository } from '../../../ports/repositories/authorization-request-repository.ts';
import type { ChangeSet } from '../commit/change-set.ts';
import { AUTHORIZATION_REQUEST } from '../mappings.ts';
import type { Queries } from '../queries/queries.ts';

export function authorizationRequestRepository(
  queries: Queries['providers'],
  changes: ChangeSet,
): AuthorizationRequestRepository {
  return {
    byDigest: async (projectId, digests) =>
      changes.rehydrated(AUTHORIZATION_REQUEST, await queries.requestByDigest(projectId, digests)),
    save: (request) => changes.save(AUTHORIZATION_REQUEST, request),
    spend: (request) => changes.remove(request),
  };
}
