import type { TenantDirectory } from '../../../ports/directories/tenant-directory.ts';
import { tenantOfUser } from '../queries/landing.ts';
import type { Queries } from '../queries/queries.ts';
import { stateIfAny } from '../rows.ts';

export function tenantDirectory(queries: Queries['tenants']): TenantDirectory {
  return {
    byId: async (projectId, id) => stateIfAny(await queries.byId(projectId, id)),
    ofUser: async (projectId, userId) => (await queries.ofUser(projectId, userId)).map((row) => tenantOfUser(row)),
  };
}
