import type { TenantRepository } from '../../../ports/repositories/tenant-repository.ts';
import type { ChangeSet } from '../commit/change-set.ts';
import { TENANT } from '../mappings.ts';
import type { Queries } from '../queries/queries.ts';

export function tenantRepository(queries: Queries['tenants'], changes: ChangeSet): TenantRepository {
  return {
    byId: async (projectId, id) => changes.rehydrated(TENANT, await queries.byId(projectId, id)),
    ownedBy: async (projectId, ownerId) =>
      (await queries.ownedBy(projectId, ownerId)).map((row) => changes.rehydrated(TENANT, row)),
    save: (tenant) => changes.save(TENANT, tenant),
    // Roles, memberships and sessions go by their foreign keys.
    remove: (tenant) => changes.remove(tenant),
  };
}
