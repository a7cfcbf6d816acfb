import { type SQL, type SQLWrapper, sql } from 'drizzle-orm';
import type { RoleId } from '../../../domain/role/role.ts';
import type { RoleGrant } from '../../../ports/directories/role-directory.ts';
import type { MemberRoles, RolesVersion } from '../../../ports/directories/session-directory.ts';
import { membershipRoles, roles } from '../schema/index.ts';
import { parsedJson } from './json.ts';

/** Whose roles, within a row that tells. */
export interface MemberColumns {
  readonly projectId: SQLWrapper;
  readonly tenantId: SQLWrapper;
  readonly userId: SQLWrapper;
}

/** What permissions follow from: the roles, each as it was changed last. */
const version = sql`encode(sha256(convert_to(coalesce(
  string_agg(${roles.id} || ':' || ${roles.version}, ',' order by ${roles.id}), ''
), 'UTF8')), 'base64')`;

export const memberRoles = (of: MemberColumns): SQL<MemberRoles> =>
  ofRoles(of, sql`jsonb_build_object('slugs', ${listOf(roles.slug)}, 'version', ${version})`);

/** Which roles, by their slugs. */
export const roleNames = (of: MemberColumns): SQL<readonly { readonly id: RoleId; readonly slug: string }[]> =>
  ofRoles(of, listOf(sql`jsonb_build_object('id', ${roles.id}, 'slug', ${roles.slug})`));

/** What the roles hold, and what that follows from; the names of all of them between spaces. */
export const grantedPermissions = (
  of: MemberColumns,
): SQL<{ readonly version: RolesVersion; readonly names: string | null }> =>
  ofRoles(
    of,
    sql`json_build_object('version', ${version}, 'names', string_agg(nullif(array_to_string(${roles.permissions}, ' '), ''), ' '))`,
  );

/** What each of the roles holds, by their slugs. */
export const roleGrants = (of: MemberColumns): SQL<readonly RoleGrant[]> =>
  ofRoles(of, listOf(sql`jsonb_build_object('slug', ${roles.slug}, 'permissions', ${roles.permissions})`));

function listOf(each: SQLWrapper): SQL {
  return sql`coalesce(jsonb_agg(${each} order by ${roles.slug}), '[]')`;
}

function ofRoles<T>({ projectId, tenantId, userId }: MemberColumns, aggregate: SQL): SQL<T> {
  const all = sql`(
    select ${aggregate} from ${membershipRoles} join ${roles} on ${roles.projectId} = ${membershipRoles.projectId}
      and ${roles.tenantId} = ${membershipRoles.tenantId} and ${roles.id} = ${membershipRoles.roleId}
    where ${membershipRoles.projectId} = ${projectId}
      and ${membershipRoles.tenantId} = ${tenantId} and ${membershipRoles.userId} = ${userId}
  )`;
  // Where there is one table, Drizzle takes the table away from columns at the top of an expression.
  return sql<T>`${all}`.mapWith(parsedJson<T>) as SQL<T>;
}
