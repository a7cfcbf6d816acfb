import { count, isNotNull, isNull, min, type SQL, sql } from 'drizzle-orm';
import { type Backlog, COUNTED_UP_TO } from '../../ports/backlog.ts';
import type { Database } from './database.ts';
import { auditRecords, outbox } from './schema/index.ts';

/** Every queue has an index of what waits in it, in this order; the buried messages are few. */
export function backlog(database: Database): Backlog {
  const { drizzle } = database;
  const happenedAt = sql<string>`(${outbox.event} ->> 'occurredAt')::timestamptz`.as('happened_at');
  const messages = (where: SQL) =>
    drizzle.select({ happenedAt }).from(outbox).where(where).orderBy(outbox.id).limit(COUNTED_UP_TO).as('messages');
  const unsealed = drizzle
    .select({ timestamp: auditRecords.timestamp })
    .from(auditRecords)
    .where(isNull(auditRecords.sealedIn))
    .orderBy(auditRecords.projectId, auditRecords.tenantId, auditRecords.id)
    .limit(COUNTED_UP_TO)
    .as('unsealed');
  const [waiting, buried] = [messages(isNull(outbox.buriedAt)), messages(isNotNull(outbox.buriedAt))];
  const waitingMessages = database.prepared(
    'backlog_outbox',
    drizzle.select({ waiting: count(), oldest: min(waiting.happenedAt) }).from(waiting),
  );
  const buriedMessages = database.prepared('backlog_buried', drizzle.select({ buried: count() }).from(buried));
  const unsealedRecords = database.prepared(
    'backlog_audit',
    drizzle.select({ waiting: count(), oldest: min(unsealed.timestamp) }).from(unsealed),
  );
  return {
    async look() {
      const [message, grave, record] = await Promise.all([
        waitingMessages.one({}),
        buriedMessages.one({}),
        unsealedRecords.one({}),
      ]);
      return {
        outbox: { waiting: message?.waiting ?? 0, oldest: moment(message?.oldest), buried: grave?.buried ?? 0 },
        'audit-seals': { waiting: record?.waiting ?? 0, oldest: moment(record?.oldest), buried: 0 },
      };
    },
  };
}

function moment(value: string | Date | null | undefined): Date | undefined {
  return value == null ? undefined : new Date(value);
}
