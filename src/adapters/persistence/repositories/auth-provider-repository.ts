import type { AuthProviderRepository } from '../../../ports/repositories/auth-provider-repository.ts';
import type { ChangeSet } from '../commit/change-set.ts';
import { AUTH_PROVIDER } from '../mappings.ts';
import type { Queries } from '../queries/queries.ts';

export function authProviderRepository(queries: Queries['providers'], changes: ChangeSet): AuthProviderRepository {
  return {
    byId: async (projectId, id) => changes.rehydrated(AUTH_PROVIDER, await queries.byId(projectId, id)),
    save: (provider) => changes.save(AUTH_PROVIDER, provider),
    // Links and requests go by their foreign keys.
    remove: (provider) => changes.remove(provider),
  };
}
