import { and, desc, eq, isNotNull, isNull, like, lt, type SQL, sql } from 'drizzle-orm';
import type { ProjectId } from '../../../domain/project/project.ts';
import type { TenantId } from '../../../domain/tenant/tenant.ts';
import type { UserId } from '../../../domain/user/user.ts';
import type { MemberFilter } from '../../../ports/directories/member-directory.ts';
import type { PageRequest } from '../../../ports/directories/page.ts';
import type { Database } from '../database.ts';
import { membershipRoles, memberships, roles, users } from '../schema/index.ts';
import { foldedCase } from '../schema/users.ts';
import { roleNames } from './member-roles.ts';
import { thisMembership } from './membership-queries.ts';

type Filter = Omit<MemberFilter, 'role'>;

const theirAccount = and(eq(users.projectId, memberships.projectId), eq(users.id, memberships.userId));
const member = { user: users, membership: memberships, roles: roleNames(memberships) };

/** People as members of a tenant. */
export function memberQueries(database: Database) {
  const { drizzle } = database;
  const byId = database.prepared(
    'member_by_id',
    drizzle.select(member).from(memberships).innerJoin(users, theirAccount).where(thisMembership),
  );

  /** The newest that fit a condition, each table from where the last page ended: whichever is walked begins there. */
  function newest(
    projectId: ProjectId,
    tenantId: TenantId,
    { role, ...filter }: MemberFilter,
    { after, limit }: PageRequest<UserId>,
    condition: SQL | undefined,
  ) {
    const ids = drizzle.select({ id: memberships.userId }).from(memberships).innerJoin(users, theirAccount).$dynamic();
    const rest = after && and(lt(memberships.userId, after), lt(users.id, after));
    if (role !== undefined) {
      const roleId = sql`(
        select ${roles.id} from ${roles}
        where ${roles.projectId} = ${projectId} and ${roles.tenantId} = ${tenantId} and ${roles.slug} = ${role}
      )`;
      ids.innerJoin(
        membershipRoles,
        and(
          eq(membershipRoles.projectId, memberships.projectId),
          eq(membershipRoles.tenantId, memberships.tenantId),
          eq(membershipRoles.userId, memberships.userId),
          eq(membershipRoles.roleId, roleId),
          after && lt(membershipRoles.userId, after),
        ),
      );
    }
    return ids
      .where(and(inTenant(projectId, tenantId), isThere(filter), rest, condition))
      .orderBy(desc(memberships.userId))
      .limit(limit + 1);
  }

  return {
    byId: (projectId: ProjectId, tenantId: TenantId, userId: UserId) => byId.one({ projectId, tenantId, userId }),
    /** One more than the page holds, to tell whether there is more. */
    page(projectId: ProjectId, tenantId: TenantId, filter: MemberFilter, request: PageRequest<UserId>) {
      const newestOfEach = alternatives(filter).map((condition) =>
        newest(projectId, tenantId, filter, request, condition),
      );
      const found = sql`(${sql.join(newestOfEach, sql` union `)} order by 1 desc limit ${request.limit + 1}) as found (id)`;
      return database.rows(
        drizzle
          .select(member)
          .from(found)
          .innerJoin(memberships, and(inTenant(projectId, tenantId), sql`${memberships.userId} = found.id`))
          .innerJoin(users, theirAccount)
          .orderBy(sql`found.id desc`),
      );
    },
  };
}

function inTenant(projectId: ProjectId, tenantId: TenantId): SQL | undefined {
  return and(eq(memberships.projectId, projectId), eq(memberships.tenantId, tenantId));
}

function isThere({ includeDeleted }: Filter): SQL | undefined {
  return includeDeleted ? undefined : and(isNull(memberships.deletedAt), isNull(users.deletedAt));
}

/**
 * Conditions of which one has to hold, each about one column that has an index: a choice between columns is nobody's
 * index, and would be a walk through everybody.
 */
function alternatives({ status, search }: Filter): readonly (SQL | undefined)[] {
  return statusIs(status).flatMap((one) => beginsWith(search).map((other) => and(one, other)));
}

function statusIs(status: MemberFilter['status']): readonly (SQL | undefined)[] {
  if (status === undefined) return [undefined];
  const account = eq(users.status, status);
  if (status === 'active') return [and(account, isNull(memberships.disabledAt))];
  const here = and(isNotNull(memberships.disabledAt), eq(users.status, 'active'));
  return status === 'disabled' ? [account, here] : [account];
}

function beginsWith(search: string | undefined): readonly (SQL | undefined)[] {
  if (search === undefined) return [undefined];
  const prefix = `${search.replace(/[\\%_]/g, '\\$&')}%`;
  const folded = foldedCase(sql`${prefix}`);
  return [
    like(users.email, prefix.toLowerCase()),
    like(foldedCase(users.firstName), folded),
    like(foldedCase(users.lastName), folded),
  ];
}
