import { and, asc, eq, getTableColumns, sql } from 'drizzle-orm';
import type { ProjectId } from '../../../domain/project/project.ts';
import type { RoleId } from '../../../domain/role/role.ts';
import type { TenantId } from '../../../domain/tenant/tenant.ts';
import type { UserId } from '../../../domain/user/user.ts';
import { type Database, given } from '../database.ts';
import { membershipRoles, memberships, roles, tenants } from '../schema/index.ts';
import { parsedJson } from './json.ts';
import { roleGrants } from './role-grants.ts';

const TENANTS_OF_USER_MOST = 100;

/** Tenants with what lives in them: roles and memberships. */
export function tenantQueries(database: Database) {
  const { drizzle } = database;
  const byId = database.prepared(
    'tenant_by_id',
    drizzle
      .select()
      .from(tenants)
      .where(and(eq(tenants.projectId, given.value('projectId')), eq(tenants.id, given.value('id')))),
  );
  const ownedBy = database.prepared(
    'tenants_owned_by',
    drizzle
      .select()
      .from(tenants)
      .where(and(eq(tenants.projectId, given.value('projectId')), eq(tenants.ownerId, given.value('ownerId'))))
      .orderBy(asc(tenants.id)),
  );
  const theirs = and(eq(tenants.projectId, memberships.projectId), eq(tenants.id, memberships.tenantId));
  const thisMembership = and(
    eq(memberships.projectId, given.value('projectId')),
    eq(memberships.tenantId, given.value('tenantId')),
    eq(memberships.userId, given.value('userId')),
  );
  const landing = database.prepared(
    'landing',
    drizzle
      .select({ tenant: tenants, roles: roleGrants })
      .from(memberships)
      .innerJoin(tenants, theirs)
      .where(thisMembership),
  );
  const ofUser = database.prepared(
    'tenants_of_user',
    drizzle
      .select({ tenant: tenants, roles: roleGrants })
      .from(memberships)
      .innerJoin(tenants, theirs)
      .where(and(eq(memberships.projectId, given.value('projectId')), eq(memberships.userId, given.value('userId'))))
      .orderBy(asc(memberships.createdAt), asc(memberships.tenantId))
      .limit(TENANTS_OF_USER_MOST),
  );
  const roleBySlug = database.prepared(
    'role_by_slug',
    drizzle
      .select()
      .from(roles)
      .where(
        and(
          eq(roles.projectId, given.value('projectId')),
          eq(roles.tenantId, given.value('tenantId')),
          eq(roles.slug, given.value('slug')),
        ),
      ),
  );
  const membership = database.prepared(
    'membership',
    drizzle
      .select({
        ...getTableColumns(memberships),
        roleIds: sql`coalesce(
          jsonb_agg(${membershipRoles.roleId} order by ${membershipRoles.roleId})
            filter (where ${membershipRoles.roleId} is not null),
          '[]'
        )`.mapWith(parsedJson<readonly RoleId[]>),
      })
      .from(memberships)
      .leftJoin(
        membershipRoles,
        and(
          eq(membershipRoles.projectId, memberships.projectId),
          eq(membershipRoles.tenantId, memberships.tenantId),
          eq(membershipRoles.userId, memberships.userId),
        ),
      )
      .where(thisMembership)
      .groupBy(memberships.projectId, memberships.tenantId, memberships.userId),
  );
  return {
    byId: (projectId: ProjectId, id: TenantId) => byId.one({ projectId, id }),
    ownedBy: (projectId: ProjectId, ownerId: UserId) => ownedBy.all({ projectId, ownerId }),
    ofUser: (projectId: ProjectId, userId: UserId) => ofUser.all({ projectId, userId }),
    roleBySlug: (projectId: ProjectId, tenantId: TenantId, slug: string) =>
      roleBySlug.one({ projectId, tenantId, slug }),
    landing: (projectId: ProjectId, tenantId: TenantId, userId: UserId) => landing.one({ projectId, tenantId, userId }),
    membership: (projectId: ProjectId, tenantId: TenantId, userId: UserId) =>
      membership.one({ projectId, tenantId, userId }),
  };
}
