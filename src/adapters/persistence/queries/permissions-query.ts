import { and, sql } from 'drizzle-orm';
import type { ProjectId } from '../../../domain/project/project.ts';
import type { RoleId } from '../../../domain/role/role.ts';
import type { TenantId } from '../../../domain/tenant/tenant.ts';
import type { UserId } from '../../../domain/user/user.ts';
import { type Database, given } from '../database.ts';
import { membershipRoles, memberships, roles } from '../schema/index.ts';
import { ofMembership, rolesVersion, theRole, versionedIds } from './member-roles.ts';
import { isActiveMembership, thisMembership } from './membership-queries.ts';

/** A role and its version; what it holds, between spaces, is left out where that version is known. */
export type VersionedRole = readonly [id: RoleId, version: number, names: string | undefined];

/** What the query says in place of names that the caller knows; no permission has such a name. */
const KNOWN = '?';

/**
 * The roles of an active member, and what their permissions follow from. Sent as lines of text: as arrays or JSON the
 * names of fifty full roles take several times as long to write, and to read again.
 */
export function permissionsQuery(database: Database) {
  const known = sql`${given.value('known')}::jsonb`;
  const isNew = sql`(${known} ->> ${roles.id}::text)::integer is distinct from ${roles.version}`;
  const names = sql`case when ${isNew} then array_to_string(${roles.permissions}, ' ') else '?' end`;
  const read = database.prepared(
    'permissions_of_member',
    database.drizzle
      .select({
        version: rolesVersion,
        ids: versionedIds,
        names: sql<string>`string_agg(${names}, E'\\n' order by ${roles.id})`,
      })
      .from(memberships)
      .leftJoin(membershipRoles, ofMembership)
      .leftJoin(roles, theRole)
      .where(and(thisMembership, isActiveMembership))
      .groupBy(memberships.projectId, memberships.tenantId, memberships.userId),
  );

  return async (
    projectId: ProjectId,
    tenantId: TenantId,
    userId: UserId,
    knownRoles: ReadonlyMap<RoleId, { readonly version: number }>,
  ) => {
    const known = JSON.stringify(Object.fromEntries([...knownRoles].map(([id, { version }]) => [id, version])));
    const row = await read.one({ projectId, tenantId, userId, known });
    return row && { version: row.version, roles: rolesIn(row.ids, row.names) };
  };
}

function rolesIn(ids: string, names: string): readonly VersionedRole[] {
  if (ids === '') return [];
  const lines = names.split('\n');
  return ids.split(',').map((versioned, index) => {
    const [id = '', version] = versioned.split(':');
    const line = lines[index];
    return [id as RoleId, Number(version), line === KNOWN ? undefined : line];
  });
}
