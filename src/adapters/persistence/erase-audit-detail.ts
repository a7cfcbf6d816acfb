import { sql } from 'drizzle-orm';
import type { AuditRecordId } from '../../domain/audit/audit-record.ts';
import type { ProjectId } from '../../domain/project/project.ts';
import type { UserId } from '../../domain/user/user.ts';
import type { Database } from './database.ts';
import { auditRecords as records } from './schema/index.ts';

const STRETCH = 5000;
const START = '00000000-0000-0000-0000-000000000000' as AuditRecordId;

/** Who did what is indexed for no project as a whole, and asked for rarely: its records are walked, a stretch a statement. */
export async function eraseAuditDetail(database: Database, projectId: ProjectId, userId: UserId): Promise<number> {
  let erased = 0;
  let last: AuditRecordId | undefined = START;
  while (last !== undefined) {
    const stretch = await eraseStretch(database, projectId, userId, last);
    erased += stretch.erased;
    last = stretch.last;
  }
  return erased;
}

async function eraseStretch(database: Database, projectId: ProjectId, userId: UserId, after: AuditRecordId) {
  const { ip, userAgent, before, after: changed, metadata, salt } = records;
  const [walked] = await database.execute<{ erased: number; last: AuditRecordId | null }>(sql`
    with stretch as materialized (
      select ${records.id}, ${records.timestamp},
        coalesce(${records.userId} = ${userId} or ${records.actorId} = ${userId}, false) and
          num_nonnulls(${ip}, ${userAgent}, ${before}, ${changed}, ${metadata}, ${salt}) > 0 as tells
      from ${records} where ${records.projectId} = ${projectId} and ${records.id} > ${after}::uuid
      order by ${records.id} limit ${STRETCH}
    ), erased as (
      update ${records} set ip = null, user_agent = null, before = null, after = null, metadata = null, salt = null
      from stretch where stretch.tells and ${records.projectId} = ${projectId}
        and ${records.id} = stretch.id and ${records.timestamp} = stretch."timestamp" returning 1
    )
    select (select count(*)::integer from erased) as "erased", (select id from stretch order by id desc limit 1) as "last"
  `);
  return { erased: walked?.erased ?? 0, last: walked?.last ?? undefined };
}
