import type { RoleDirectory } from '../../../ports/directories/role-directory.ts';
import type { Queries } from '../queries/queries.ts';
import { stateIfAny } from '../rows.ts';
import { KnownRoles } from './known-roles.ts';
import { pageOf } from './page-of.ts';

export function roleDirectory(queries: Queries['roles']): RoleDirectory {
  const knownRoles = new KnownRoles();
  return {
    byId: async (projectId, tenantId, id) => stateIfAny(await queries.byId(projectId, tenantId, id)),
    page: async (projectId, tenantId, request) => pageOf(await queries.page(projectId, tenantId, request), request),
    async permissionsOf(projectId, tenantId, userId) {
      const tenant = `${projectId} ${tenantId}`;
      const known = knownRoles.of(tenant);
      const held = await queries.permissionsOf(projectId, tenantId, userId, known);
      return held && { rolesVersion: held.version, permissions: knownRoles.union(tenant, known, held.roles) };
    },
    grantsOf: (projectId, tenantId, userId) => queries.grantsOf(projectId, tenantId, userId),
  };
}
