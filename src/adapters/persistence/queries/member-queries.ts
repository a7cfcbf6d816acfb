import { and, desc, eq, like, lt, not, or, type SQL, type SQLWrapper, sql } from 'drizzle-orm';
import type { ProjectId } from '../../../domain/project/project.ts';
import type { TenantId } from '../../../domain/tenant/tenant.ts';
import type { UserId } from '../../../domain/user/user.ts';
import type { MemberFilter } from '../../../ports/directories/member-directory.ts';
import type { PageRequest } from '../../../ports/directories/page.ts';
import { type Database, given } from '../database.ts';
import { listedMembers as listed, membershipRoles, memberships, roles, users } from '../schema/index.ts';
import { roleNames } from './member-roles.ts';
import { thisMembership } from './membership-queries.ts';

const theirAccount = and(eq(users.projectId, memberships.projectId), eq(users.id, memberships.userId));
const itsHolder = and(
  eq(membershipRoles.projectId, listed.projectId),
  eq(membershipRoles.tenantId, listed.tenantId),
  eq(membershipRoles.userId, listed.userId),
);
const member = { user: users, membership: memberships, roles: roleNames(memberships) };

/** To walk more than so many holders of a role costs more than to look them up among those whom a search finds. */
const FEW_HOLDERS = 2000;

/** People as members of a tenant. */
export function memberQueries(database: Database) {
  const { drizzle } = database;
  const byId = database.prepared(
    'member_by_id',
    drizzle.select(member).from(memberships).innerJoin(users, theirAccount).where(thisMembership),
  );
  const place = { projectId: given.value('projectId'), tenantId: given.value('tenantId') };
  const holderBeyondFew = database.prepared(
    'member_holder_beyond_few',
    drizzle
      .select({ id: membershipRoles.userId })
      .from(membershipRoles)
      .where(
        and(
          eq(membershipRoles.projectId, place.projectId),
          eq(membershipRoles.tenantId, place.tenantId),
          eq(membershipRoles.roleId, roleOf(place.projectId, place.tenantId, given.value('role'))),
        ),
      )
      .orderBy(desc(membershipRoles.userId))
      .offset(FEW_HOLDERS)
      .limit(1),
  );
  return {
    byId: (projectId: ProjectId, tenantId: TenantId, userId: UserId) => byId.one({ projectId, tenantId, userId }),
    /** One more than the page holds, to tell whether there is more. */
    async page(projectId: ProjectId, tenantId: TenantId, filter: MemberFilter, { after, limit }: PageRequest<UserId>) {
      const { status, search, role } = filter;
      const where = and(
        eq(listed.projectId, projectId),
        eq(listed.tenantId, tenantId),
        after && lt(listed.userId, after),
        filter.includeDeleted ? undefined : not(listed.removed),
        status && eq(listed.status, status),
      );
      const isNarrow = search !== undefined || (status ?? 'active') !== 'active';
      // Holders are walked where nothing else narrows the list or they are few, else looked up one by one.
      const walksHolders =
        role !== undefined && !(isNarrow && (await holderBeyondFew.one({ projectId, tenantId, role })));
      const holds =
        role === undefined ? undefined : and(itsHolder, eq(membershipRoles.roleId, roleOf(projectId, tenantId, role)));
      const newest = (condition: SQL | undefined) => {
        const ids = drizzle.select({ id: listed.userId }).from(listed).$dynamic();
        if (walksHolders) ids.innerJoin(membershipRoles, and(holds, after && lt(membershipRoles.userId, after)));
        const isHolder = holds && !walksHolders ? sql`(select true from ${membershipRoles} where ${holds})` : undefined;
        return ids
          .where(and(where, condition, isHolder))
          .orderBy(desc(listed.userId))
          .limit(limit + 1);
      };
      const beginnings = beginsWith(search);
      const fitting = sql.join((walksHolders ? [or(...beginnings)] : beginnings).map(newest), sql` union `);
      const found = sql`(select id from (${fitting}) as fitting (id) order by id desc limit ${limit + 1}) as found`;
      return database.rows(
        drizzle
          .select(member)
          .from(found)
          .innerJoin(
            memberships,
            and(
              eq(memberships.projectId, projectId),
              eq(memberships.tenantId, tenantId),
              sql`${memberships.userId} = found.id`,
            ),
          )
          .innerJoin(users, theirAccount)
          .orderBy(sql`found.id desc`),
      );
    },
  };
}

function roleOf(projectId: string | SQLWrapper, tenantId: string | SQLWrapper, slug: string | SQLWrapper): SQL {
  return sql`(
    select ${roles.id} from ${roles}
    where ${roles.projectId} = ${projectId} and ${roles.tenantId} = ${tenantId} and ${roles.slug} = ${slug}
  )`;
}

/** Conditions of which one has to hold, each about one column: a choice between columns is in no index. */
function beginsWith(search: string | undefined): readonly (SQL | undefined)[] {
  if (search === undefined) return [undefined];
  const prefix = `${search.replace(/[\\%_]/g, '\\$&')}%`;
  const folded = sql`fold_case(${prefix})`;
  return [like(listed.email, prefix.toLowerCase()), like(listed.firstName, folded), like(listed.lastName, folded)];
}
