import { bigint, index, jsonb, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import type { ProjectId } from '../../../domain/project/project.ts';
import type { TenantId } from '../../../domain/tenant/tenant.ts';
import type { EventData, EventId, EventSubjectKind } from '../../../domain/webhook/public-event.ts';
import { moment, plainText } from './columns.ts';

/** What was published, in one line. No foreign keys: what happened stays true when whom it happened to is gone. */
export const events = pgTable(
  'events',
  {
    id: uuid('id').$type<EventId>().notNull(),
    projectId: uuid('project_id').$type<ProjectId>().notNull(),
    /** The tenant that is told; a project's root tenant of what is of none. */
    readerId: uuid('reader_id').$type<TenantId>().notNull(),
    position: bigint('position', { mode: 'number' }).notNull(),
    sequence: bigint('sequence', { mode: 'number' }).notNull(),
    tenantId: uuid('tenant_id').$type<TenantId>(),
    subjectKind: text('subject_kind').$type<EventSubjectKind>().notNull(),
    subjectId: text('subject_id').notNull(),
    type: plainText('type').notNull(),
    data: jsonb('data').$type<EventData>().notNull(),
    occurredAt: moment('occurred_at').notNull(),
  },
  (t) => [
    primaryKey({ name: 'events_pk', columns: [t.projectId, t.id] }),
    uniqueIndex('events_line').on(t.projectId, t.readerId, t.position),
    index('events_age').on(t.occurredAt),
  ],
);
