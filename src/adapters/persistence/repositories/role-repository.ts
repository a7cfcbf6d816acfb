import type { RoleRepository } from '../../../ports/repositories/role-repository.ts';
import type { ChangeSet } from '../commit/change-set.ts';
import { ROLE } from '../mappings.ts';
import type { Queries } from '../queries/queries.ts';

export function roleRepository(queries: Queries['tenants'], changes: ChangeSet): RoleRepository {
  return {
    bySlug: async (projectId, tenantId, slug) =>
      changes.rehydrated(ROLE, await queries.roleBySlug(projectId, tenantId, slug)),
    save: (role) => changes.save(ROLE, role),
  };
}
