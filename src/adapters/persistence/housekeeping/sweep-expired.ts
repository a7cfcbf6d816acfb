import { and, eq, isNull, lte, notExists, type SQL, sql } from 'drizzle-orm';
import type { PgTable } from 'drizzle-orm/pg-core';
import { RETIRED_KEY_KEPT_SECONDS } from '../../../domain/project/signing-key.ts';
import { ATTEMPTS_REMEMBERED_SECONDS } from '../../../domain/user/attempt-window.ts';
import { BURIED_KEPT_SECONDS } from '../../../ports/outbox-feed.ts';
import type { Database } from '../database.ts';
import { isForgotten } from '../idempotency-store.ts';
import {
  attemptBudgets,
  authorizationRequests,
  idempotencyKeys,
  invitations,
  oneTimeTokens,
  outbox,
  ownershipTransfers,
  signInChallenges,
  signingKeys,
  totpFactors,
  users,
} from '../schema/index.ts';
import type { Sweep } from './sweep.ts';

/** Rows that say of themselves that they have had their time. */
export function sweepExpired(database: Database): readonly Sweep[] {
  // Whose invitation went with its tenant.
  const invitationOf = database.drizzle
    .select({ id: invitations.id })
    .from(invitations)
    .where(and(eq(invitations.projectId, users.projectId), eq(invitations.userId, users.id)));
  const lastTold = sql`greatest(${attemptBudgets.endsAt}, ${attemptBudgets.succeededAt})`;
  const expired: readonly (readonly [PgTable, (now: Date) => SQL | undefined])[] = [
    [oneTimeTokens, (now) => lte(oneTimeTokens.expiresAt, now)],
    [signInChallenges, (now) => lte(signInChallenges.expiresAt, now)],
    [authorizationRequests, (now) => lte(authorizationRequests.expiresAt, now)],
    [totpFactors, (now) => and(isNull(totpFactors.secret), lte(totpFactors.pendingExpiresAt, now))],
    [signingKeys, (now) => lte(signingKeys.expiresAt, new Date(now.getTime() - RETIRED_KEY_KEPT_SECONDS * 1000))],
    [outbox, (now) => lte(outbox.buriedAt, new Date(now.getTime() - BURIED_KEPT_SECONDS * 1000))],
    [ownershipTransfers, (now) => lte(ownershipTransfers.expiresAt, now)],
    [users, () => and(eq(users.status, 'invited'), notExists(invitationOf))],
    [idempotencyKeys, (now) => isForgotten(sql`${now.toISOString()}::timestamptz`)],
    [
      attemptBudgets,
      (now) =>
        sql`${lastTold} + make_interval(secs => ${ATTEMPTS_REMEMBERED_SECONDS}) <= ${now.toISOString()}::timestamptz`,
    ],
  ];
  return expired.map(([table, isExpired]) => async (now, limit) => {
    // Whoever is at a row keeps it; the next sweep will see.
    const gone = await database.execute(sql`
      delete from ${table} where ctid = any(array(
        select ctid from ${table} where ${isExpired(now)} limit ${limit} for update skip locked
      )) returning 1
    `);
    return gone.length;
  });
}
