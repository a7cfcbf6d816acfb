import { isNotNull, isNull } from 'drizzle-orm';
import { bigint, index, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import type { ProjectId } from '../../../domain/project/project.ts';
import type { TenantId } from '../../../domain/tenant/tenant.ts';
import type { EventData, EventId, EventSubjectKind } from '../../../domain/webhook/public-event.ts';
import { moment, plainText } from './columns.ts';

/**
 * A commit only inserts here: what it waits for nobody to know, its place in the line, its number and who is told, comes
 * with publishing. No foreign keys: what happened stays true when whom it happened to is gone.
 */
export const events = pgTable(
  'events',
  {
    id: uuid('id').$type<EventId>().notNull(),
    projectId: uuid('project_id').$type<ProjectId>().notNull(),
    tenantId: uuid('tenant_id').$type<TenantId>(),
    subjectKind: text('subject_kind').$type<EventSubjectKind>().notNull(),
    subjectId: text('subject_id').notNull(),
    type: plainText('type').notNull(),
    data: jsonb('data').$type<EventData>().notNull(),
    occurredAt: moment('occurred_at').notNull(),
    /** Handed out when a commit runs: a later commit has a greater one. */
    ordinal: bigint('ordinal', { mode: 'number' }).notNull().generatedAlwaysAsIdentity(),
    /** The tenant that is told; a project's root tenant of what is of none. */
    readerId: uuid('reader_id').$type<TenantId>(),
    position: bigint('position', { mode: 'number' }),
    sequence: bigint('sequence', { mode: 'number' }),
  },
  (t) => [
    primaryKey({ name: 'events_pk', columns: [t.projectId, t.id] }),
    index('events_unpublished').on(t.ordinal).where(isNull(t.position)),
    index('events_line').on(t.projectId, t.readerId, t.position).where(isNotNull(t.position)),
    index('events_age').on(t.occurredAt).where(isNotNull(t.position)),
  ],
);
