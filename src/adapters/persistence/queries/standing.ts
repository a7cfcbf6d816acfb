import { isInUse } from '../../../domain/user/account-standing.ts';
import type { SessionStanding } from '../../../ports/directories/session-directory.ts';
import { stateOf } from '../rows.ts';
import type { Queries } from './queries.ts';

type StandingRow = NonNullable<Awaited<ReturnType<Queries['sessions']['standing']>>>;

export function standingOf({ session, user, tenant, roles, impersonator: actor }: StandingRow): SessionStanding {
  return {
    session: stateOf(session),
    user: stateOf(user),
    tenant: stateOf(tenant),
    roles: roles ?? undefined,
    impersonator: actor && { epoch: actor.sessionEpoch, inUse: isInUse(actor) },
  };
}
