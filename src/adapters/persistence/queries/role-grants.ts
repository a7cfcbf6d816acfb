import { type SQL, sql } from 'drizzle-orm';
import type { RoleGrant } from '../../../ports/directories/session-directory.ts';
import { membershipRoles, memberships, roles } from '../schema/index.ts';
import { parsedJson } from './json.ts';

/** The roles of the membership of a row, ordered by slug, within that row. */
export const roleGrants: SQL<readonly RoleGrant[]> = sql`(
  select coalesce(jsonb_agg(jsonb_build_object('slug', ${roles.slug}, 'permissions', ${roles.permissions}) order by ${roles.slug}), '[]')
  from ${membershipRoles} join ${roles} on ${roles.projectId} = ${membershipRoles.projectId}
    and ${roles.tenantId} = ${membershipRoles.tenantId} and ${roles.id} = ${membershipRoles.roleId}
  where ${membershipRoles.projectId} = ${memberships.projectId}
    and ${membershipRoles.tenantId} = ${memberships.tenantId} and ${membershipRoles.userId} = ${memberships.userId}
)`.mapWith(parsedJson<readonly RoleGrant[]>);

/** The same where the membership itself may be missing. */
export const roleGrantsIfMember = sql<readonly RoleGrant[] | null>`
  case when ${memberships.userId} is not null then ${roleGrants} end
`.mapWith(parsedJson<readonly RoleGrant[]>) as SQL<readonly RoleGrant[] | null>;
