import type { TenantDirectory } from '../../../ports/directories/tenant-directory.ts';
import { tenantOfUser } from '../queries/landing.ts';
import type { Queries } from '../queries/queries.ts';
import { stateIfAny } from '../rows.ts';
import { pageOf } from './page-of.ts';

export function tenantDirectory({ tenants, memberships }: Pick<Queries, 'tenants' | 'memberships'>): TenantDirectory {
  return {
    byId: async (projectId, id) => stateIfAny(await tenants.byId(projectId, id)),
    page: async (projectId, request) => pageOf(await tenants.page(projectId, request), request),
    ofUser: async (projectId, userId) =>
      (await memberships.landingsOfUser(projectId, userId)).map((row) => tenantOfUser(row)),
  };
}
