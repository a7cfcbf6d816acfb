import { boolean, index, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import type { StoredAnswer } from '../../../ports/idempotency-store.ts';
import { moment, plainText } from './columns.ts';

export const idempotencyKeys = pgTable(
  'idempotency_keys',
  {
    scope: plainText('scope').notNull(),
    key: plainText('key').notNull(),
    fingerprint: text('fingerprint').notNull(),
    claimedAt: moment('claimed_at').notNull(),
    settled: boolean('settled').notNull(),
    answer: jsonb('answer').$type<StoredAnswer>(),
  },
  (t) => [
    primaryKey({ name: 'idempotency_keys_pk', columns: [t.scope, t.key] }),
    index('idempotency_keys_age').on(t.claimedAt),
  ],
);
