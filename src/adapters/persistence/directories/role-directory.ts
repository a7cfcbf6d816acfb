import type { RoleDirectory } from '../../../ports/directories/role-directory.ts';
import type { Queries } from '../queries/queries.ts';
import { stateIfAny } from '../rows.ts';
import { pageOf } from './page-of.ts';

export function roleDirectory(queries: Queries['roles']): RoleDirectory {
  return {
    byId: async (projectId, tenantId, id) => stateIfAny(await queries.byId(projectId, tenantId, id)),
    page: async (projectId, tenantId, request) => pageOf(await queries.page(projectId, tenantId, request), request),
    permissionsOf: (projectId, tenantId, userId) => queries.permissionsOf(projectId, tenantId, userId),
    grantsOf: (projectId, tenantId, userId) => queries.grantsOf(projectId, tenantId, userId),
  };
}
