import { sql } from 'drizzle-orm';
import type { Database } from '../database.ts';
import { refreshTokens as sessions } from '../schema/index.ts';
import { awaitsRecord } from './awaiting-record.ts';
import type { Sweep } from './sweep.ts';

const STRETCH = 5000;
const START = { projectId: '00000000-0000-0000-0000-000000000000', id: '00000000-0000-0000-0000-000000000000' };

/**
 * Nothing that a rotation changes is indexed, so sessions that idled out cannot be looked up: the table is walked by
 * its key, a stretch a statement, until something went or the end is reached.
 */
export function sessionSweeper(database: Database): Sweep {
  let position = START;
  return async (now, limit) => {
    for (;;) {
      const { swept, last } = await sweepStretch(database, position, now, limit);
      // A full batch may have left some of the stretch for the next sweep.
      if (swept < limit) position = last ?? START;
      if (swept > 0 || last === undefined) return swept;
    }
  };
}

async function sweepStretch(database: Database, after: typeof START, now: Date, limit: number) {
  const at = sql`${now.toISOString()}::timestamptz`;
  const isOver = sql`(${sessions.endedAt} is not null or ${sessions.idleExpiresAt} <= ${at} or ${sessions.expiresAt} <= ${at})
    and not ${awaitsRecord()}`;
  const [walked] = await database.execute<{ swept: number; projectId: string | null; id: string | null }>(sql`
    with stretch as materialized (
      select ${sessions.projectId}, ${sessions.id}, ${isOver} as over from ${sessions}
      where (${sessions.projectId}, ${sessions.id}) > (${after.projectId}::uuid, ${after.id}::uuid)
      order by ${sessions.projectId}, ${sessions.id} limit ${STRETCH}
    ), gone as (
      delete from ${sessions} using (select * from stretch where over limit ${limit}) as old
      where ${sessions.projectId} = old.project_id and ${sessions.id} = old.id and ${isOver} returning 1
    ), last as (
      select project_id, id from stretch order by project_id desc, id desc limit 1
    )
    select (select count(*)::integer from gone) as "swept",
      (select project_id from last) as "projectId", (select id from last) as "id"
  `);
  const { swept = 0, projectId, id } = walked ?? {};
  return { swept, last: projectId && id ? { projectId, id } : undefined };
}
