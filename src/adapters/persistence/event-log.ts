import { and, asc, eq, getTableColumns, gt, gte, isNotNull, isNull, lt, type SQL, sql } from 'drizzle-orm';
import type { PublishedEvent } from '../../domain/webhook/public-event.ts';
import type { EventLog, EventReader } from '../../ports/event-log.ts';
import { type Database, given } from './database.ts';
import { pageOf } from './directories/page-of.ts';
import { publishEvents } from './publish-events.ts';
import { events } from './schema/index.ts';

export interface DrizzleEventLog extends EventLog {
  /** For the unit of work: a commit of this process has added events. */
  added(): void;
}

const { ordinal: _ordinal, ...columns } = getTableColumns(events);

export function eventLog(database: Database): DrizzleEventLog {
  const { drizzle } = database;
  const listeners: (() => void)[] = [];
  // Asked in this order, or a planner who has seen many of them would rather look through the whole table.
  const unpublished = database.prepared(
    'events_unpublished',
    drizzle
      .select({ ordinal: events.ordinal })
      .from(events)
      .where(isNull(events.position))
      .orderBy(asc(events.ordinal))
      .limit(1),
  );
  const byId = database.prepared(
    'event_by_id',
    drizzle
      .select(columns)
      .from(events)
      .where(
        and(
          eq(events.projectId, given.value('projectId')),
          eq(events.id, given.value('id')),
          eq(events.readerId, given.value('tenantId')),
        ),
      ),
  );
  const forget = (isOld: SQL | undefined, order: SQL, limit: number) =>
    database.execute(sql`
      delete from ${events} where ctid = any(array(
        select ctid from ${events} where ${isOld} order by ${order} limit ${limit} for update skip locked
      )) returning 1
    `);
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
          .select(columns)
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
    async forget(before, limit) {
      const isOld = lt(events.occurredAt, before);
      const gone = await forget(and(isNotNull(events.position), isOld), sql`${events.occurredAt}`, limit);
      if (gone.length > 0) return gone.length;
      return (await forget(and(isNull(events.position), isOld), sql`${events.ordinal}`, limit)).length;
    },
    onAdded: (listener) => void listeners.push(listener),
    added: () => {
      for (const listener of listeners) queueMicrotask(listener);
    },
  };
}

type EventRow = Omit<typeof events.$inferSelect, 'ordinal'>;

export function eventOf({
  subjectKind,
  subjectId,
  sequence,
  readerId: _,
  position: _position,
  ...row
}: EventRow): PublishedEvent {
  if (sequence === null) throw new Error('an event that is not published');
  return { ...row, subject: { kind: subjectKind, id: subjectId }, sequence };
}

function isToldTo({ projectId, tenantId }: EventReader): SQL | undefined {
  return and(eq(events.projectId, projectId), eq(events.readerId, tenantId), isNotNull(events.position));
}

/** `/` is what comes after `.`, byte by byte. */
function isOfType(type: string): SQL | undefined {
  if (!type.endsWith('.*')) return eq(events.type, type);
  const prefix = type.slice(0, -'.*'.length);
  return and(gte(events.type, `${prefix}.`), lt(events.type, `${prefix}/`));
}
