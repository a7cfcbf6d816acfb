import type { TenantOfUser } from '../../../ports/directories/tenant-directory.ts';
import { stateOf } from '../rows.ts';
import type { Queries } from './queries.ts';

type LandingRow = NonNullable<Awaited<ReturnType<Queries['memberships']['landing']>>>;

export function tenantOfUser(row: LandingRow): TenantOfUser;
export function tenantOfUser(row: LandingRow | undefined): TenantOfUser | undefined;
export function tenantOfUser(row: LandingRow | undefined): TenantOfUser | undefined {
  return row && { tenant: stateOf(row.tenant), roles: row.roles };
}
