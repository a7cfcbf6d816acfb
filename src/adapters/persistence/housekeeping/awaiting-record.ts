import { type SQL, sql } from 'drizzle-orm';
import type { SessionEnd } from '../../../domain/session/refresh-token.ts';
import type { Housekeeping, SessionKey } from '../../../ports/housekeeping.ts';
import type { Database } from '../database.ts';
import { refreshTokens as sessions } from '../schema/index.ts';

const UNSEEN: SessionEnd = 'membership-ended';

/** The rule `awaitsRecord`. */
export function awaitsRecord(): SQL {
  return sql`(${sessions.impersonator} is not null and (${sessions.endedBy} is null or ${sessions.endedBy} = ${UNSEEN}))`;
}

export function awaitingRecord(database: Database): Housekeeping['awaitingRecord'] {
  return async (after, limit) => {
    const isNext = after && sql`and (${sessions.projectId}, ${sessions.id}) > (${after.projectId}, ${after.id})`;
    const rows = await database.execute<SessionKey & Record<string, unknown>>(sql`
      select ${sessions.projectId} as "projectId", ${sessions.id} from ${sessions}
      where ${awaitsRecord()} ${isNext} order by ${sessions.projectId}, ${sessions.id} limit ${limit}
    `);
    return rows.map(({ projectId, id }) => ({ projectId, id }));
  };
}
