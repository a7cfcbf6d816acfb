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

/** Each role as it was changed last. */
const versionedId = sql`${roles.id} || ':' || ${roles.version}`;

const versionOf = (ids: SQL) => sql<RolesVersion>`encode(sha256(convert_to(coalesce(${ids}, ''), 'UTF8')), 'base64')`;

/** What permissions follow from. */
const rolesVersion = versionOf(sql`string_agg(${versionedId}, ',' order by ${roles.id})`);

/** The same beside each of the roles. */
export const versionOfRows = versionOf(sql`
  string_agg(${versionedId}, ',') over (order by ${roles.id} rows between unbounded preceding and unbounded following)
`);

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
