import type { TenantDirectory } from '../../../ports/directories/tenant-directory.ts';
import type { Queries } from '../queries/queries.ts';
import { stateIfAny, stateOf } from '../rows.ts';

export function tenantDirectory(queries: Queries['tenants']): TenantDirectory {
  return {
    byId: async (projectId, id) => stateIfAny(await queries.byId(projectId, id)),
    ofUser: async (projectId, userId) =>
      (await queries.ofUser(projectId, userId)).map(({ tenant, roles }) => ({ tenant: stateOf(tenant), roles })),
  };
}
