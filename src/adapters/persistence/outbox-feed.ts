import { and, asc, eq, isNull, lte, or, sql } from 'drizzle-orm';
import type { OutboxFeed } from '../../ports/outbox-feed.ts';
import { type Database, given } from './database.ts';
import { outbox } from './schema/index.ts';

export interface DrizzleOutboxFeed extends OutboxFeed {
  /** For the unit of work: a commit of this process has added messages. */
  added(): void;
}

/** Whoever claims takes a lease in the same statement: nothing is held open while messages are delivered. */
export function outboxFeed(database: Database): DrizzleOutboxFeed {
  const { drizzle } = database;
  const listeners: (() => void)[] = [];
  const thisOne = eq(outbox.id, given.value('id'));
  const reason = sql`${given.value('reason')}`;

  const due = drizzle.$with('due').as(
    drizzle
      .select({ id: outbox.id })
      .from(outbox)
      .where(and(isNull(outbox.buriedAt), or(isNull(outbox.notBefore), lte(outbox.notBefore, given.moment('now')))))
      .orderBy(asc(outbox.id))
      .limit(given.value('limit'))
      .for('update', { skipLocked: true }),
  );
  const claim = database.prepared(
    'outbox_claim',
    drizzle
      .with(due)
      .update(outbox)
      .set({
        attempts: sql`${outbox.attempts} + 1`,
        notBefore: sql`${given.moment('now')} + make_interval(secs => ${given.value('leaseSeconds')})`,
      })
      .from(due)
      .where(eq(outbox.id, due.id))
      .returning({ id: outbox.id, event: outbox.event, attempts: outbox.attempts }),
  );
  const done = database.command(
    'outbox_done',
    drizzle.delete(outbox).where(sql`${outbox.id} = any(${given.uuids('ids')})`),
  );

  const postpone = database.command(
    'outbox_postpone',
    drizzle
      .update(outbox)
      .set({ notBefore: given.moment('until'), reason })
      .where(thisOne),
  );
  const bury = database.command(
    'outbox_bury',
    drizzle
      .update(outbox)
      .set({ buriedAt: given.moment('now'), reason })
      .where(thisOne),
  );

  return {
    // What `returning` answers is in no order.
    claim: async (limit, leaseSeconds, now) =>
      (await claim.all({ limit, leaseSeconds, now })).toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    async done(ids) {
      if (ids.length > 0) await done({ ids });
    },
    postpone: (id, until, reason) => postpone({ id, until, reason }),
    bury: (id, reason, now) => bury({ id, now, reason }),
    onAdded: (listener) => void listeners.push(listener),
    added: () => {
      for (const listener of listeners) queueMicrotask(listener);
    },
  };
}
