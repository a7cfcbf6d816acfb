import { and, asc, count, eq, getTableColumns, isNull, ne, sql } from 'drizzle-orm';
import type { ProjectId } from '../../../domain/project/project.ts';
import type { RoleId } from '../../../domain/role/role.ts';
import type { TenantId } from '../../../domain/tenant/tenant.ts';
import type { UserId } from '../../../domain/user/user.ts';
import { type Database, given } from '../database.ts';
import { membershipRoles, memberships, tenants } from '../schema/index.ts';
import { parsedJson } from './json.ts';
import { memberRoles } from './member-roles.ts';

const TENANTS_OF_USER_MOST = 100;

export const thisMembership = and(
  eq(memberships.projectId, given.value('projectId')),
  eq(memberships.tenantId, given.value('tenantId')),
  eq(memberships.userId, given.value('userId')),
);

/** The rule of `isActiveMembership`. */
export const isActiveMembership = and(isNull(memberships.disabledAt), isNull(memberships.deletedAt));

export function membershipQueries(database: Database) {
  const { drizzle } = database;
  const roleIds = sql`array(
    select ${membershipRoles.roleId} from ${membershipRoles}
    where ${membershipRoles.projectId} = ${memberships.projectId}
      and ${membershipRoles.tenantId} = ${memberships.tenantId} and ${membershipRoles.userId} = ${memberships.userId}
    order by ${membershipRoles.roleId}
  )`;
  const find = database.prepared(
    'membership',
    drizzle
      .select({
        ...getTableColumns(memberships),
        roleIds: sql`to_json(${roleIds})`.mapWith(parsedJson<readonly RoleId[]>),
      })
      .from(memberships)
      .where(thisMembership),
  );
  const ofUser = and(
    eq(memberships.projectId, given.value('projectId')),
    eq(memberships.userId, given.value('userId')),
    isNull(memberships.deletedAt),
  );
  const theirTenant = and(eq(tenants.projectId, memberships.projectId), eq(tenants.id, memberships.tenantId));
  const landing = database.prepared(
    'landing',
    drizzle
      .select({ tenant: tenants, roles: memberRoles(memberships) })
      .from(memberships)
      .innerJoin(tenants, theirTenant)
      .where(and(thisMembership, isActiveMembership)),
  );
  const landings = database.prepared(
    'landings_of_user',
    drizzle
      .select({ tenant: tenants, roles: memberRoles(memberships) })
      .from(memberships)
      .innerJoin(tenants, theirTenant)
      .where(and(ofUser, isActiveMembership))
      .orderBy(asc(memberships.createdAt), asc(memberships.tenantId))
      .limit(TENANTS_OF_USER_MOST),
  );
  const elsewhere = database.prepared(
    'memberships_elsewhere',
    drizzle
      .select({ count: count() })
      .from(memberships)
      .where(and(ofUser, ne(memberships.tenantId, given.value('tenantId')))),
  );
  return {
    /** Whatever its state. */
    find: (projectId: ProjectId, tenantId: TenantId, userId: UserId) => find.one({ projectId, tenantId, userId }),
    landing: (projectId: ProjectId, tenantId: TenantId, userId: UserId) => landing.one({ projectId, tenantId, userId }),
    landingsOfUser: (projectId: ProjectId, userId: UserId) => landings.all({ projectId, userId }),
    countElsewhere: async (projectId: ProjectId, tenantId: TenantId, userId: UserId) =>
      (await elsewhere.one({ projectId, tenantId, userId }))?.count ?? 0,
  };
}
