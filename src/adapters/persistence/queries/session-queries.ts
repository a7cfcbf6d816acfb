import { and, desc, eq, gt, isNotNull, isNull, type SQL, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import type { ProjectId } from '../../../domain/project/project.ts';
import type { SessionId } from '../../../domain/session/refresh-token.ts';
import type { UserId, UserState } from '../../../domain/user/user.ts';
import type { MemberRoles } from '../../../ports/directories/session-directory.ts';
import { type Database, given } from '../database.ts';
import { memberships, refreshTokens, tenants, users } from '../schema/index.ts';
import { memberRoles } from './member-roles.ts';
import { isActiveMembership } from './membership-queries.ts';

const ALIVE_MOST = 100;

const rolesIfMember = sql`
  case when ${memberships.userId} is not null then ${memberRoles(memberships)} end
` as SQL<MemberRoles | null>;

/** Whoever acts as the user of a session; looked up for the few sessions that have one. */
const actor = alias(users, 'actor');
const impersonator = sql`case when ${refreshTokens.impersonator} is not null then (
  select jsonb_build_object('sessionEpoch', ${actor.sessionEpoch}, 'status', ${actor.status}, 'deletedAt', ${actor.deletedAt})
  from ${users} ${actor} where ${actor.projectId} = ${refreshTokens.projectId}
    and ${actor.id} = (${refreshTokens.impersonator} ->> 'userId')::uuid
) end` as SQL<Pick<UserState, 'sessionEpoch' | 'status' | 'deletedAt'> | null>;

export function sessionQueries(database: Database) {
  const { drizzle } = database;
  const thisOne = and(eq(refreshTokens.projectId, given.value('projectId')), eq(refreshTokens.id, given.value('id')));
  const openOfUser = and(
    eq(refreshTokens.projectId, given.value('projectId')),
    eq(refreshTokens.userId, given.value('userId')),
    isNull(refreshTokens.endedAt),
    gt(refreshTokens.idleExpiresAt, given.moment('now')),
    gt(refreshTokens.expiresAt, given.moment('now')),
  );
  const holder = and(eq(users.projectId, refreshTokens.projectId), eq(users.id, refreshTokens.userId));

  const byId = database.prepared('session_by_id', drizzle.select().from(refreshTokens).where(thisOne));
  const parts = { session: refreshTokens, user: users, tenant: tenants, roles: rolesIfMember, impersonator };
  const standing = database.preparedWide(
    'session_standing',
    parts,
    drizzle
      .select(parts)
      .from(refreshTokens)
      .innerJoin(users, holder)
      .innerJoin(tenants, and(eq(tenants.projectId, refreshTokens.projectId), eq(tenants.id, refreshTokens.tenantId)))
      .leftJoin(
        memberships,
        and(
          eq(memberships.projectId, refreshTokens.projectId),
          eq(memberships.tenantId, refreshTokens.tenantId),
          eq(memberships.userId, refreshTokens.userId),
          isActiveMembership,
        ),
      )
      .where(thisOne),
  );
  const alive = database.prepared(
    'sessions_alive_of_user',
    drizzle
      .select({ session: refreshTokens })
      .from(refreshTokens)
      .innerJoin(users, and(holder, eq(users.sessionEpoch, refreshTokens.epoch)))
      .where(openOfUser)
      .orderBy(desc(refreshTokens.id))
      .limit(ALIVE_MOST),
  );
  const inPlaceOf = database.prepared(
    'sessions_in_place_of',
    drizzle
      .select()
      .from(refreshTokens)
      .where(
        and(
          eq(refreshTokens.projectId, given.value('projectId')),
          eq(refreshTokens.userId, given.value('userId')),
          isNotNull(refreshTokens.impersonator),
        ),
      ),
  );
  return {
    byId: (projectId: ProjectId, id: SessionId) => byId.one({ projectId, id }),
    standing: (projectId: ProjectId, id: SessionId) => standing.one({ projectId, id }),
    inPlaceOf: (projectId: ProjectId, userId: UserId) => inPlaceOf.all({ projectId, userId }),
    aliveOfUser: (projectId: ProjectId, userId: UserId, now: Date) => alive.all({ projectId, userId, now }),
  };
}
