import { and, sql } from 'drizzle-orm';
import type { ProjectId } from '../../../domain/project/project.ts';
import type { RoleId } from '../../../domain/role/role.ts';
import type { TenantId } from '../../../domain/tenant/tenant.ts';
import type { UserId } from '../../../domain/user/user.ts';
import { type Database, given } from '../database.ts';
import { membershipRoles, memberships, roles } from '../schema/index.ts';
import { ofMembership, theRole, versionOfRows } from './member-roles.ts';
import { isActiveMembership, thisMembership } from './membership-queries.ts';

/** A role and its version; what it holds, between spaces, is left out where that version is known. */
export type VersionedRole = readonly [id: RoleId, version: number, names: string | undefined];

/**
 * The roles of an active member, and what their permissions follow from. A row for each, with its names as one text: as
 * arrays or JSON the names of fifty full roles take several times as long to write, and in one row to send.
 */
export function permissionsQuery(database: Database) {
  const known = sql`${given.value('known')}::jsonb`;
  const isNew = sql`(${known} ->> ${roles.id}::text)::integer is distinct from ${roles.version}`;
  const read = database.prepared(
    'permissions_of_member',
    database.drizzle
      .select({
        rolesVersion: versionOfRows,
        id: roles.id,
        version: roles.version,
        names: sql<string | null>`case when ${isNew} then array_to_string(${roles.permissions}, ' ') end`,
      })
      .from(memberships)
      .leftJoin(membershipRoles, ofMembership)
      .leftJoin(roles, theRole)
      .where(and(thisMembership, isActiveMembership)),
  );

  return async (
    projectId: ProjectId,
    tenantId: TenantId,
    userId: UserId,
    knownRoles: ReadonlyMap<RoleId, { readonly version: number }>,
  ) => {
    const known = JSON.stringify(Object.fromEntries([...knownRoles].map(([id, { version }]) => [id, version])));
    const rows = await read.all({ projectId, tenantId, userId, known });
    const [first] = rows;
    return first && { version: first.rolesVersion, roles: rows.flatMap(rolesIn) };
  };
}

function rolesIn({ id, version, names }: Row): readonly VersionedRole[] {
  // Whoever has no role is a row without one.
  return id === null || version === null ? [] : [[id, version, names ?? undefined]];
}

interface Row {
  readonly id: RoleId | null;
  readonly version: number | null;
  readonly names: string | null;
}
