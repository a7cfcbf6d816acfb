import { and, asc, desc, eq, getTableColumns, isNull, lt, sql } from 'drizzle-orm';
import type { ProjectId } from '../../../domain/project/project.ts';
import type { Permission } from '../../../domain/role/permission.ts';
import type { RoleId } from '../../../domain/role/role.ts';
import type { TenantId } from '../../../domain/tenant/tenant.ts';
import type { UserId } from '../../../domain/user/user.ts';
import type { PageRequest } from '../../../ports/directories/page.ts';
import type { Excerpt, HeldPermissions } from '../../../ports/repositories/role-repository.ts';
import { type Database, given } from '../database.ts';
import { membershipRoles, memberships, roles } from '../schema/index.ts';
import { ofMembership, roleGrants, theRole } from './member-roles.ts';
import { isActiveMembership, thisMembership } from './membership-queries.ts';
import { permissionsQuery } from './permissions-query.ts';

/** Of a whole result, said in each of its rows. */
interface Counted extends Record<string, unknown> {
  readonly count: string | number;
}

export function roleQueries(database: Database) {
  const { drizzle } = database;
  const ofTenant = and(eq(roles.projectId, given.value('projectId')), eq(roles.tenantId, given.value('tenantId')));
  const byId = database.prepared(
    'role_by_id',
    drizzle
      .select()
      .from(roles)
      .where(and(ofTenant, eq(roles.id, given.value('id')))),
  );
  const bySlugs = database.prepared(
    'roles_by_slugs',
    drizzle
      .select()
      .from(roles)
      .where(and(ofTenant, sql`${roles.slug} = any(${given.texts('slugs')})`)),
  );
  const ofMember = database.prepared(
    'roles_of_member',
    drizzle
      .select(getTableColumns(roles))
      .from(memberships)
      .innerJoin(membershipRoles, ofMembership)
      .innerJoin(roles, theRole)
      .where(and(thisMembership, isActiveMembership)),
  );
  const grants = database.prepared(
    'role_grants',
    drizzle
      .select({ grants: roleGrants(memberships) })
      .from(memberships)
      .where(and(thisMembership, isActiveMembership)),
  );
  const heldBy = database.prepared(
    'permissions_held_by',
    drizzle
      .select({ tenantId: memberships.tenantId, permissions: roles.permissions })
      .from(memberships)
      .leftJoin(membershipRoles, ofMembership)
      .leftJoin(roles, theRole)
      .where(
        and(
          eq(memberships.projectId, given.value('projectId')),
          eq(memberships.userId, given.value('userId')),
          isNull(memberships.deletedAt),
        ),
      )
      .orderBy(asc(memberships.tenantId)),
  );
  return {
    byId: (projectId: ProjectId, tenantId: TenantId, id: RoleId) => byId.one({ projectId, tenantId, id }),
    bySlugs: (projectId: ProjectId, tenantId: TenantId, slugs: readonly string[]) =>
      bySlugs.all({ projectId, tenantId, slugs }),
    ofMember: (projectId: ProjectId, tenantId: TenantId, userId: UserId) =>
      ofMember.all({ projectId, tenantId, userId }),
    grantsOf: async (projectId: ProjectId, tenantId: TenantId, userId: UserId) =>
      (await grants.one({ projectId, tenantId, userId }))?.grants,
    permissionsOf: permissionsQuery(database),
    async heldBy(projectId: ProjectId, userId: UserId): Promise<readonly HeldPermissions[]> {
      const unions = new Map<TenantId, Set<Permission>>();
      for (const { tenantId, permissions } of await heldBy.all({ projectId, userId })) {
        unions.set(tenantId, new Set([...(unions.get(tenantId) ?? []), ...(permissions ?? [])]));
      }
      return [...unions].map(([tenantId, permissions]) => ({ tenantId, permissions: [...permissions] }));
    },
    async holdersOf(projectId: ProjectId, tenantId: TenantId, id: RoleId, most: number): Promise<Excerpt<UserId>> {
      const { projectId: project, tenantId: tenant, userId, roleId } = membershipRoles;
      const rows = await database.execute<Counted & { readonly userId: UserId }>(sql`
        select ${userId} as "userId", count(*) over () as "count" from ${membershipRoles}
        where ${project} = ${projectId} and ${tenant} = ${tenantId} and ${roleId} = ${id} order by ${userId} limit ${most}
      `);
      return { count: Number(rows[0]?.count ?? 0), first: rows.map((row) => row.userId) };
    },
    async ofModule(
      projectId: ProjectId,
      module: string,
      most: number,
    ): Promise<Excerpt<{ readonly tenantId: TenantId; readonly id: RoleId }>> {
      const isOfModule = sql`starts_with(name, ${`${module}.`}) or starts_with(name, ${`${module}:`})`;
      const rows = await database.execute<Counted & { readonly tenantId: TenantId; readonly id: RoleId }>(sql`
        select ${roles.tenantId} as "tenantId", ${roles.id}, count(*) over () as "count" from ${roles}
        where ${roles.projectId} = ${projectId}
          and exists (select from unnest(${roles.permissions}) as held (name) where ${isOfModule})
        order by ${roles.tenantId}, ${roles.id} limit ${most}
      `);
      return { count: Number(rows[0]?.count ?? 0), first: rows.map(({ tenantId, id }) => ({ tenantId, id })) };
    },
    /** One more than the page holds, to tell whether there is more. */
    page: (projectId: ProjectId, tenantId: TenantId, { after, limit }: PageRequest<RoleId>) =>
      database.rows(
        drizzle
          .select()
          .from(roles)
          .where(and(eq(roles.projectId, projectId), eq(roles.tenantId, tenantId), after && lt(roles.id, after)))
          .orderBy(desc(roles.id))
          .limit(limit + 1),
      ),
  };
}
