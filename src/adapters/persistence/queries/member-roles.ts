import { and, eq, type SQL, type SQLWrapper, sql } from 'drizzle-orm';
import type { RoleId } from '../../../domain/role/role.ts';
import type { RoleGrant } from '../../../ports/directories/role-directory.ts';
import type { MemberRoles, RolesVersion } from '../../../ports/directories/session-directory.ts';
import { membershipRoles, memberships, roles } from '../schema/index.ts';
import { parsedJson } from './json.ts';

/** Whose roles, within a row that tells. */
export interface MemberColumns {
  readonly projectId: SQLWrapper;
  readonly tenantId: SQLWrapper;
  readonly userId: SQLWrapper;
}

export const ofMembership = and(
  eq(membershipRoles.projectId, memberships.projectId),
  eq(membershipRoles.tenantId, memberships.tenantId),
  eq(membershipRoles.userId, memberships.userId),
);

export const theRole = and(
  eq(roles.projectId, membershipRoles.projectId),
  eq(roles.tenantId, membershipRoles.tenantId),
  eq(roles.id, membershipRoles.roleId),
);

/** The roles, each as it was changed last: `id:version,…` by id. */
export const versionedIds = sql<string>`coalesce(string_agg(${roles.id} || ':' || ${roles.version}, ',' order by ${roles.id}), '')`;

/** What permissions follow from. */
export const rolesVersion = sql<RolesVersion>`encode(sha256(convert_to(${versionedIds}, 'UTF8')), 'base64')`;

export const memberRoles = (of: MemberColumns): SQL<MemberRoles> =>
  ofRoles(of, sql`jsonb_build_object('slugs', ${listOf(roles.slug)}, 'version', ${rolesVersion})`);

/** Which roles, by their slugs. */
export const roleNames = (of: MemberColumns): SQL<readonly { readonly id: RoleId; readonly slug: string }[]> =>
  ofRoles(of, listOf(sql`jsonb_build_object('id', ${roles.id}, 'slug', ${roles.slug})`));

/** What each of the roles holds, by their slugs. */
export const roleGrants = (of: MemberColumns): SQL<readonly RoleGrant[]> =>
  ofRoles(of, listOf(sql`jsonb_build_object('slug', ${roles.slug}, 'permissions', ${roles.permissions})`));

function listOf(each: SQLWrapper): SQL {
  return sql`coalesce(jsonb_agg(${each} order by ${roles.slug}), '[]')`;
}

function ofRoles<T>({ projectId, tenantId, userId }: MemberColumns, aggregate: SQL): SQL<T> {
  const all = sql`(
    select ${aggregate} from ${membershipRoles} join ${roles} on ${theRole}
    where ${membershipRoles.projectId} = ${projectId}
      and ${membershipRoles.tenantId} = ${tenantId} and ${membershipRoles.userId} = ${userId}
  )`;
  // Where there is one table, Drizzle takes the table away from columns at the top of an expression.
  return sql<T>`${all}`.mapWith(parsedJson<T>) as SQL<T>;
}
