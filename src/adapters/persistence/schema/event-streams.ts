import { bigint, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import type { ProjectId } from '../../../domain/project/project.ts';
import type { TenantId } from '../../../domain/tenant/tenant.ts';
import type { EventSubjectKind } from '../../../domain/webhook/public-event.ts';

/** The latest number of what a tenant is told of a subject. Stays when the events are gone. */
export const eventStreams = pgTable(
  'event_streams',
  {
    projectId: uuid('project_id').$type<ProjectId>().notNull(),
    readerId: uuid('reader_id').$type<TenantId>().notNull(),
    subjectKind: text('subject_kind').$type<EventSubjectKind>().notNull(),
    subjectId: text('subject_id').notNull(),
    last: bigint('last', { mode: 'number' }).notNull(),
  },
  (t) => [primaryKey({ name: 'event_streams_pk', columns: [t.projectId, t.readerId, t.subjectKind, t.subjectId] })],
);
