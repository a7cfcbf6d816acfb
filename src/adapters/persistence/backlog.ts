import { and, asc, count, eq, isNotNull, isNull, lte, min, sql } from 'drizzle-orm';
import { type Backlog, COUNTED_UP_TO, type Queue } from '../../ports/backlog.ts';
import { type Database, given, type Prepared, type Values } from './database.ts';
import { auditRecords, outbox, unpublishedEvents, webhookDeliveries, webhookEndpoints } from './schema/index.ts';

/** What is in a queue, as a driver answers it. */
interface Waiting {
  readonly waiting: number;
  readonly oldest: string | Date | null;
}

/** Every queue has an index of what waits in it, in the order in which it is counted; the buried messages are few. */
export function backlog(database: Database): Backlog {
  const { drizzle } = database;
  const messages = drizzle
    .select({ happenedAt: sql<string>`(${outbox.event} ->> 'occurredAt')::timestamptz`.as('happened_at') })
    .from(outbox)
    .where(isNull(outbox.buriedAt))
    .orderBy(asc(outbox.id))
    .limit(COUNTED_UP_TO)
    .as('messages');
  const buried = drizzle
    .select({ id: outbox.id })
    .from(outbox)
    .where(isNotNull(outbox.buriedAt))
    .limit(COUNTED_UP_TO)
    .as('buried');
  const records = drizzle
    .select({ timestamp: auditRecords.timestamp })
    .from(auditRecords)
    .where(isNull(auditRecords.sealedIn))
    .orderBy(asc(auditRecords.projectId), asc(auditRecords.tenantId), asc(auditRecords.id))
    .limit(COUNTED_UP_TO)
    .as('records');
  const events = drizzle
    .select({ occurredAt: unpublishedEvents.occurredAt })
    .from(unpublishedEvents)
    .orderBy(asc(unpublishedEvents.ordinal))
    .limit(COUNTED_UP_TO)
    .as('waiting_events');
  const { projectId, tenantId, webhookId, nextAttemptAt } = webhookDeliveries;
  const due = drizzle
    .select({ projectId, tenantId, webhookId, nextAttemptAt })
    .from(webhookDeliveries)
    .where(lte(nextAttemptAt, given.moment('now')))
    .orderBy(asc(nextAttemptAt))
    .limit(COUNTED_UP_TO)
    .as('due');
  const isOfDue = and(
    eq(webhookEndpoints.projectId, due.projectId),
    eq(webhookEndpoints.tenantId, due.tenantId),
    eq(webhookEndpoints.id, due.webhookId),
    webhookEndpoints.enabled,
  );

  const queues = {
    outbox: database.prepared<Waiting>(
      'backlog_outbox',
      drizzle.select({ waiting: count(), oldest: min(messages.happenedAt) }).from(messages),
    ),
    'audit-seals': database.prepared<Waiting>(
      'backlog_audit',
      drizzle.select({ waiting: count(), oldest: min(records.timestamp) }).from(records),
    ),
    events: database.prepared<Waiting>(
      'backlog_events',
      drizzle.select({ waiting: count(), oldest: min(events.occurredAt) }).from(events),
    ),
    webhooks: database.prepared<Waiting>(
      'backlog_webhooks',
      drizzle
        .select({ waiting: count(), oldest: min(due.nextAttemptAt) })
        .from(due)
        .innerJoin(webhookEndpoints, isOfDue),
    ),
  };
  const buriedMessages = database.prepared('backlog_buried', drizzle.select({ buried: count() }).from(buried));
  return {
    // One after the other: whoever looks takes one connection, however busy the others are.
    async look(now) {
      const waiting = await queueOf(queues.outbox);
      const records = await queueOf(queues['audit-seals']);
      const events = await queueOf(queues.events);
      const deliveries = await queueOf(queues.webhooks, { now });
      const graves = await buriedMessages.one({});
      const outbox = { ...waiting, buried: graves?.buried ?? 0 };
      return { outbox, 'audit-seals': records, events, webhooks: deliveries };
    },
  };
}

async function queueOf(statement: Prepared<Waiting>, values: Values = {}): Promise<Queue> {
  const { waiting = 0, oldest = null } = (await statement.one(values)) ?? {};
  return { waiting, oldest: oldest === null ? undefined : new Date(oldest), buried: 0 };
}
