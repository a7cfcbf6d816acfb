import { bigint, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';

/**
 * What one at a time may move: `published`, the last place in the line of events; `claimed`, how many claims of
 * deliveries there were. Whoever waited for another finds it moved, and does nothing. And `floor`, which the restore
 * fence moves: what the numbers of new subjects come after.
 */
export const eventHeads = pgTable(
  'event_heads',
  {
    name: text('name').$type<'published' | 'claimed' | 'floor'>().notNull(),
    last: bigint('last', { mode: 'number' }).notNull(),
  },
  (t) => [primaryKey({ name: 'event_heads_pk', columns: [t.name] })],
);
