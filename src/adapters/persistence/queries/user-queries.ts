import { and, asc, eq, isNotNull, isNull, ne, or, type SQLWrapper, sql } from 'drizzle-orm';
import type { ProjectId } from '../../../domain/project/project.ts';
import type { TenantId } from '../../../domain/tenant/tenant.ts';
import type { EmailAddress } from '../../../domain/user/email-address.ts';
import type { UserId } from '../../../domain/user/user.ts';
import { type Database, given } from '../database.ts';
import { membershipRoles, memberships, roles, tenants, users } from '../schema/index.ts';
import { isActiveMembership } from './membership-queries.ts';

const LISTED_MOST = 100;

/** Whoever holds the address: the condition of the unique index, so that it is the index that answers. */
export const holdsAddress = and(
  eq(users.projectId, given.value('projectId')),
  eq(users.email, given.value('email')),
  ne(users.status, 'invited'),
  or(isNull(users.deletedAt), isNotNull(users.emailVerifiedAt)),
);

export function userQueries(database: Database) {
  const { drizzle } = database;
  const byId = database.prepared(
    'user_by_id',
    drizzle
      .select()
      .from(users)
      .where(and(eq(users.projectId, given.value('projectId')), eq(users.id, given.value('id')))),
  );
  const byEmail = database.prepared('user_by_email', drizzle.select().from(users).where(holdsAddress));
  // As an array they are looked up first, from the few rows that name them, however many people there are.
  const oldestOf = (name: string, ids: SQLWrapper) =>
    database.prepared(
      name,
      drizzle
        .select()
        .from(users)
        .where(and(eq(users.projectId, given.value('projectId')), sql`${users.id} = any (array${ids})`))
        .orderBy(asc(users.id))
        .limit(LISTED_MOST),
    );
  const holdersOf = oldestOf(
    'users_holders_of',
    drizzle
      .select({ id: membershipRoles.userId })
      .from(roles)
      .innerJoin(
        membershipRoles,
        and(
          eq(membershipRoles.projectId, roles.projectId),
          eq(membershipRoles.tenantId, roles.tenantId),
          eq(membershipRoles.roleId, roles.id),
        ),
      )
      .innerJoin(
        memberships,
        and(
          eq(memberships.projectId, membershipRoles.projectId),
          eq(memberships.tenantId, membershipRoles.tenantId),
          eq(memberships.userId, membershipRoles.userId),
          isActiveMembership,
        ),
      )
      .where(
        and(
          eq(roles.projectId, given.value('projectId')),
          eq(roles.tenantId, given.value('tenantId')),
          sql`${roles.slug} = any(${given.texts('slugs')})`,
        ),
      ),
  );
  const notRemoved = and(
    eq(memberships.projectId, given.value('projectId')),
    eq(memberships.userId, given.value('userId')),
    isNull(memberships.deletedAt),
  );
  const ownersOver = oldestOf(
    'users_owners_over',
    drizzle
      .select({ id: tenants.ownerId })
      .from(memberships)
      .innerJoin(tenants, and(eq(tenants.projectId, memberships.projectId), eq(tenants.id, memberships.tenantId)))
      .where(notRemoved),
  );
  return {
    byId: (projectId: ProjectId, id: UserId) => byId.one({ projectId, id }),
    byEmail: (projectId: ProjectId, email: EmailAddress) => byEmail.one({ projectId, email }),
    holdersOf: (projectId: ProjectId, tenantId: TenantId, slugs: readonly string[]) =>
      holdersOf.all({ projectId, tenantId, slugs }),
    ownersOver: (projectId: ProjectId, userId: UserId) => ownersOver.all({ projectId, userId }),
  };
}
