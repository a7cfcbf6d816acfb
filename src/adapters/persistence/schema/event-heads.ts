import { bigint, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';

/**
 * What one at a time may move: `published`, the last place in the line of events; `claimed`, how many claims of
 * deliveries there were. Whoever waited for another finds it moved, and does nothing.
 */
export const eventHeads = pgTable(
  'event_heads',
  {
    name: text('name').$type<'published' | 'claimed'>().notNull(),
    last: bigint('last', { mode: 'number' }).notNull(),
  },
  (t) => [primaryKey({ name: 'event_heads_pk', columns: [t.name] })],
);
