import { and, desc, eq, like, lt, not, or, type SQL, type SQLWrapper, sql } from 'drizzle-orm';
import type { AnyPgColumn } from 'drizzle-orm/pg-core';
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

/** So many are walked, or looked up one by one, in some milliseconds. */
const FEW = 2000;

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
      .offset(FEW)
      .limit(1),
  );
  const fitsBeyondFew = async (ofTenant: SQL | undefined, beginnings: readonly Beginning[]) => {
    const beyondFew = ({ column, begins }: Beginning) =>
      drizzle.select({ column }).from(listed).where(and(ofTenant, begins)).orderBy(column).offset(FEW).limit(1);
    const found = await database.execute(sql`${sql.join(beginnings.map(beyondFew), sql` union all `)} limit 1`);
    return found.length > 0;
  };
  return {
    byId: (projectId: ProjectId, tenantId: TenantId, userId: UserId) => byId.one({ projectId, tenantId, userId }),
    /** One more than the page holds, to tell whether there is more. */
    async page(projectId: ProjectId, tenantId: TenantId, filter: MemberFilter, { after, limit }: PageRequest<UserId>) {
      const { status, search, role } = filter;
      const ofTenant = and(eq(listed.projectId, projectId), eq(listed.tenantId, tenantId));
      const where = and(
        ofTenant,
        after && lt(listed.userId, after),
        filter.includeDeleted ? undefined : not(listed.removed),
        status && eq(listed.status, status),
      );
      const beginnings = search === undefined ? undefined : beginsWith(search);
      // Where many fit, a page is found among the newest holders. Else few holders are all walked, and many looked up
      // one by one among those who fit.
      const manyFit = async () =>
        (status ?? 'active') === 'active' && (beginnings === undefined || (await fitsBeyondFew(ofTenant, beginnings)));
      const walksHolders =
        role !== undefined && ((await manyFit()) || !(await holderBeyondFew.one({ projectId, tenantId, role })));
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
      const begins = beginnings?.map((each) => each.begins) ?? [undefined];
      const fitting = sql.join((walksHolders ? [or(...begins)] : begins).map(newest), sql` union `);
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

interface Beginning {
  readonly column: AnyPgColumn;
  readonly begins: SQL;
}

/** Conditions of which one has to hold, each about one column: a choice between columns is in no index. */
function beginsWith(search: string): readonly Beginning[] {
  const prefix = `${search.replace(/[\\%_]/g, '\\$&')}%`;
  const folded = sql`fold_case(${prefix})`;
  return [
    { column: listed.email, begins: like(listed.email, prefix.toLowerCase()) },
    { column: listed.firstName, begins: like(listed.firstName, folded) },
    { column: listed.lastName, begins: like(listed.lastName, folded) },
  ];
}
