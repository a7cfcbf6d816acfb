import { bigint, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import type { ProjectId } from '../../../domain/project/project.ts';
import type { TenantId } from '../../../domain/tenant/tenant.ts';
import type { EventData, EventId, EventSubjectKind } from '../../../domain/webhook/public-event.ts';
import { moment, plainText } from './columns.ts';

/**
 * What was committed, until it is published: a commit only inserts here, and into nothing else of the log. A table of its
 * own, since it stays small: whoever looks whether there is something to publish passes by no rows that were there once.
 */
export const unpublishedEvents = pgTable(
  'unpublished_events',
  {
    /** Handed out when a commit runs: a later commit has a greater one. */
    ordinal: bigint('ordinal', { mode: 'number' }).notNull().generatedAlwaysAsIdentity(),
    id: uuid('id').$type<EventId>().notNull(),
    projectId: uuid('project_id').$type<ProjectId>().notNull(),
    tenantId: uuid('tenant_id').$type<TenantId>(),
    subjectKind: text('subject_kind').$type<EventSubjectKind>().notNull(),
    subjectId: text('subject_id').notNull(),
    type: plainText('type').notNull(),
    data: jsonb('data').$type<EventData>().notNull(),
    occurredAt: moment('occurred_at').notNull(),
  },
  (t) => [primaryKey({ name: 'unpublished_events_pk', columns: [t.ordinal] })],
);
