import { and, asc, eq, isNull, type SQLWrapper, sql } from 'drizzle-orm';
import type { ProjectId } from '../../../domain/project/project.ts';
import type { TenantId } from '../../../domain/tenant/tenant.ts';
import type { EmailAddress } from '../../../domain/user/email-address.ts';
import type { UserId } from '../../../domain/user/user.ts';
import { type Database, given } from '../database.ts';
import { membershipRoles, memberships, roles, tenants, users } from '../schema/index.ts';
import { holdsAddressOrNext } from './address-holder.ts';
import { isActiveMembership } from './membership-queries.ts';

const LISTED_MOST = 100;

export function userQueries(database: Database) {
  const { drizzle } = database;
  const byId = database.prepared(
    'user_by_id',
    drizzle
      .select()
      .from(users)
      .where(and(eq(users.projectId, given.value('projectId')), eq(users.id, given.value('id')))),
  );
  const byEmail = database.prepared('user_by_email', drizzle.select().from(users).where(holdsAddressOrNext));
  // The ids come first, as an array: of all people only those who are listed are read.
  const listed = (name: string, ids: SQLWrapper) =>
    database.prepared(
      name,
      drizzle
        .select()
        .from(users)
        .where(and(eq(users.projectId, given.value('projectId')), sql`${users.id} = any (array${ids})`))
        .orderBy(asc(users.id)),
    );
  const oldestHolders = drizzle
    .select({ id: membershipRoles.userId })
    .from(membershipRoles)
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
        eq(membershipRoles.projectId, roles.projectId),
        eq(membershipRoles.tenantId, roles.tenantId),
        eq(membershipRoles.roleId, roles.id),
      ),
    )
    .orderBy(asc(membershipRoles.userId))
    .limit(LISTED_MOST)
    .as('holders');
  const holdersOf = listed(
    'users_holders_of',
    drizzle
      .selectDistinct({ id: oldestHolders.id })
      .from(roles)
      .crossJoinLateral(oldestHolders)
      .where(
        and(
          eq(roles.projectId, given.value('projectId')),
          eq(roles.tenantId, given.value('tenantId')),
          sql`${roles.slug} = any(${given.texts('slugs')})`,
        ),
      )
      .orderBy(asc(oldestHolders.id))
      .limit(LISTED_MOST),
  );
  const notRemoved = and(
    eq(memberships.projectId, given.value('projectId')),
    eq(memberships.userId, given.value('userId')),
    isNull(memberships.deletedAt),
  );
  const ownersOver = listed(
    'users_owners_over',
    drizzle
      .selectDistinct({ id: tenants.ownerId })
      .from(memberships)
      .innerJoin(tenants, and(eq(tenants.projectId, memberships.projectId), eq(tenants.id, memberships.tenantId)))
      .where(notRemoved)
      .orderBy(asc(tenants.ownerId))
      .limit(LISTED_MOST),
  );
  return {
    byId: (projectId: ProjectId, id: UserId) => byId.one({ projectId, id }),
    byEmail: async (projectId: ProjectId, email: EmailAddress) => {
      const row = await byEmail.one({ projectId, email });
      return row?.email === email ? row : undefined;
    },
    holdersOf: (projectId: ProjectId, tenantId: TenantId, slugs: readonly string[]) =>
      holdersOf.all({ projectId, tenantId, slugs }),
    ownersOver: (projectId: ProjectId, userId: UserId) => ownersOver.all({ projectId, userId }),
  };
}
