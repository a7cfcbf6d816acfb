import { isInUse } from '../../domain/user/account-standing.ts';
import type { SessionStanding } from '../../ports/directories/session-directory.ts';

/**
 * Whether everything that a session rests on is still there: the session itself, the person, the tenant, the
 * membership (OAuth 2.1 §4.3.1), whoever acts in the person's place. Its age is another question.
 */
export function grantStands({ session, user, tenant, roles, impersonator }: SessionStanding): boolean {
  return (
    session.endedAt === null &&
    session.epoch === user.sessionEpoch &&
    isInUse(user) &&
    tenant.blockedAt === null &&
    (tenant.lastBlockedAt === null || session.createdAt >= tenant.lastBlockedAt) &&
    roles !== undefined &&
    (session.impersonator === null ||
      (impersonator?.inUse === true && impersonator.epoch === session.impersonator.epoch))
  );
}
