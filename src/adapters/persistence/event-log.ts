import { and, asc, eq, gt, gte, lt, type SQL, sql } from 'drizzle-orm';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';
import type { PublishedEvent } from '../../domain/webhook/public-event.ts';
import type { EventLog, EventReader } from '../../ports/event-log.ts';
import { type Database, given } from './database.ts';
import { pageOf } from './directories/page-of.ts';
import { publishEvents } from './publish-events.ts';
import { events, unpublishedEvents } from './schema/index.ts';

export interface DrizzleEventLog extends EventLog {
  /** For the unit of work: a commit of this process has added events. */
  added(): void;
}

export function eventLog(database: Database): DrizzleEventLog {
  const { drizzle } = database;
  const listeners: (() => void)[] = [];
  // Asked in this order, or a planner who has seen many of them would rather look through the whole table.
  const unpublished = database.prepared(
    'events_unpublished',
    drizzle
      .select({ ordinal: unpublishedEvents.ordinal })
      .from(unpublishedEvents)
      .orderBy(asc(unpublishedEvents.ordinal))
      .limit(1),
  );
  const byId = database.prepared(
    'event_by_id',
    drizzle
      .select()
      .from(events)
      .where(
        and(
          eq(events.projectId, given.value('projectId')),
          eq(events.id, given.value('id')),
          eq(events.readerId, given.value('tenantId')),
        ),
      ),
  );
  const forget = async (table: PgTable, occurredAt: PgColumn, before: Date, limit: number) => {
    const gone = await database.execute(sql`
      delete from ${table} where ctid = any(array(
        select ctid from ${table} where ${lt(occurredAt, before)} order by ${occurredAt} limit ${limit}
        for update skip locked
      )) returning 1
    `);
    return gone.length;
  };
  return {
    publish: async (limit, now) =>
      (await unpublished.one({})) === undefined ? 0 : publishEvents(database, limit, now),
    async byId({ projectId, tenantId }, id) {
      const row = await byId.one({ projectId, tenantId, id });
      return row && eventOf(row);
    },
    async page(reader, { after, type, limit }) {
      const { projectId, tenantId } = reader;
      const known = after && (await byId.one({ projectId, tenantId, id: after }));
      if (after !== undefined && known === undefined) return undefined;
      const rows = await database.rows(
        drizzle
          .select()
          .from(events)
          .where(
            and(
              isToldTo(reader),
              type === undefined ? undefined : isOfType(type),
              gt(events.position, known?.position ?? 0),
            ),
          )
          .orderBy(asc(events.position))
          .limit(limit + 1),
      );
      return pageOf(rows, { limit }, eventOf);
    },
    // Those that nobody published in all that time, too.
    forget: async (before, limit) =>
      (await forget(events, events.occurredAt, before, limit)) ||
      forget(unpublishedEvents, unpublishedEvents.occurredAt, before, limit),
    onAdded: (listener) => void listeners.push(listener),
    added: () => {
      for (const listener of listeners) queueMicrotask(listener);
    },
  };
}

export function eventOf(row: typeof events.$inferSelect): PublishedEvent {
  const { subjectKind, subjectId, readerId: _reader, position: _position, ...event } = row;
  return { ...event, subject: { kind: subjectKind, id: subjectId } };
}

function isToldTo({ projectId, tenantId }: EventReader): SQL | undefined {
  return and(eq(events.projectId, projectId), eq(events.readerId, tenantId));
}

/** `/` is what comes after `.`, byte by byte. */
function isOfType(type: string): SQL | undefined {
  if (!type.endsWith('.*')) return eq(events.type, type);
  const prefix = type.slice(0, -'.*'.length);
  return and(gte(events.type, `${prefix}.`), lt(events.type, `${prefix}/`));
}
