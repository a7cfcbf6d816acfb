import type { ApiKeyRepository } from '../../../ports/repositories/api-key-repository.ts';
import type { ChangeSet } from '../commit/change-set.ts';
import { API_KEY } from '../mappings.ts';
import type { Queries } from '../queries/queries.ts';

export function apiKeyRepository(queries: Queries['apiKeys'], changes: ChangeSet): ApiKeyRepository {
  return {
    byId: async (projectId, id) => changes.rehydrated(API_KEY, await queries.byId(projectId, id)),
    save: (key) => changes.save(API_KEY, key),
  };
}
