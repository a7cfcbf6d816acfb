import { sql } from 'drizzle-orm';
import { index, integer, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import type { IamEvent } from '../../../domain/events.ts';
import { moment } from './columns.ts';

/** Ids are UUID v7: their order is the order of what happened. */
export const outbox = pgTable(
  'outbox',
  {
    id: uuid('id').notNull(),
    event: jsonb('event').$type<IamEvent>().notNull(),
    attempts: integer('attempts').notNull(),
    /** Leased or postponed until then. */
    notBefore: moment('not_before'),
    buriedAt: moment('buried_at'),
    reason: text('reason'),
  },
  (t) => [
    primaryKey({ name: 'outbox_pk', columns: [t.id] }),
    index('outbox_waiting').on(t.id).where(sql`${t.buriedAt} is null`),
  ],
);
