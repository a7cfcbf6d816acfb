import { sql } from 'drizzle-orm';
import type { Database } from './database.ts';
import { LostRace } from './failures.ts';
import {
  webhookDeliveries as deliveries,
  webhookEndpoints as endpoints,
  events,
  eventHeads as heads,
  projects,
  eventStreams as streams,
  tenants,
  unpublishedEvents as waiting,
} from './schema/index.ts';

/** What the numbers of a new subject come after. */
const floor = sql`coalesce((select ${heads.last} from ${heads} where ${heads.name} = 'floor'), 0)`;

/**
 * One statement for all of it. Who publishes is decided by the head: a second publisher waits for the first, finds the
 * head moved since its own snapshot was taken, and publishes nothing; everything else follows from the row that moving
 * the head answers.
 */
export async function publishEvents(database: Database, limit: number, now: Date): Promise<number> {
  try {
    const [published] = await database.execute<{ count: string | number }>(sql`
      with next as materialized (
        select ${waiting}.*, coalesce(${waiting.tenantId}, (
          select ${projects.rootTenantId} from ${projects} where ${projects.id} = ${waiting.projectId}
        )) as reader_id
        from ${waiting} order by ${waiting.ordinal} limit ${limit}
      ), head as (
        insert into ${heads} as head ("name", "last") select 'published', count(*) from next having count(*) > 0
        on conflict ("name") do update set "last" = head."last" + excluded."last"
          where head."last" = (select ${heads.last} from ${heads} where ${heads.name} = 'published')
        returning "last"
      ), placed as materialized (
        select next.*, head."last" - count(*) over () + row_number() over (order by ordinal) as position,
          row_number() over (subject order by ordinal) as nth, count(*) over (subject) as "count"
        from next cross join head window subject as (partition by project_id, reader_id, subject_kind, subject_id)
      ), numbers as (
        insert into ${streams} as stream (project_id, reader_id, subject_kind, subject_id, "last")
        select project_id, reader_id, subject_kind, subject_id, ${floor} + count(*) from placed
        group by project_id, reader_id, subject_kind, subject_id
        on conflict (project_id, reader_id, subject_kind, subject_id)
          do update set "last" = stream."last" + excluded."last" - ${floor}
        returning project_id, reader_id, subject_kind, subject_id, "last"
      ), published as (
        insert into ${events} (id, project_id, reader_id, position, "sequence",
          tenant_id, subject_kind, subject_id, "type", "data", occurred_at)
        select id, project_id, reader_id, position, numbers."last" - placed."count" + placed.nth,
          tenant_id, subject_kind, subject_id, "type", "data", occurred_at
        from placed join numbers using (project_id, reader_id, subject_kind, subject_id)
        returning 1
      ), told as (
        insert into ${deliveries} (project_id, tenant_id, webhook_id, event_id, status, attempts, next_attempt_at)
        select placed.project_id, placed.reader_id, ${endpoints.id}, placed.id, 'pending', 0, ${now.toISOString()}::timestamptz
        from placed join ${endpoints} on ${endpoints.projectId} = placed.project_id
          and ${endpoints.tenantId} = placed.reader_id and ${endpoints.enabled}
        join ${tenants} on ${tenants.projectId} = placed.project_id and ${tenants.id} = placed.reader_id
          and ${tenants.blockedAt} is null
        where cardinality(${endpoints.eventTypes}) = 0 or exists (
          select from unnest(${endpoints.eventTypes}) as filter where filter = placed."type"
            or (right(filter, 2) = '.*' and starts_with(placed."type", left(filter, -1)))
        )
      ), gone as (
        delete from ${waiting} using placed where ${waiting.ordinal} = placed.ordinal returning 1
      )
      select count(*), require_every_row(count(*) = (select count(*) from gone)) from published
    `);
    return Number(published?.count ?? 0);
  } catch (error) {
    // An event or an endpoint went away since it was read: the next look will see.
    if (error instanceof LostRace) return 0;
    throw error;
  }
}
