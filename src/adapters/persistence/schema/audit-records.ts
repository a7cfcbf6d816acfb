import { index, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import type { ProjectId } from '../../../domain/project/project.ts';
import type { TenantId } from '../../../domain/tenant/tenant.ts';
import type { AuditEntry } from '../../../ports/audit-trail.ts';
import { moment } from './columns.ts';

type Detail = Readonly<Record<string, unknown>>;

/** Partitioned by month. No foreign keys: what happened stays true when whom it happened to is gone. */
export const auditRecords = pgTable(
  'audit_records',
  {
    id: uuid('id').notNull(),
    projectId: uuid('project_id').$type<ProjectId>().notNull(),
    tenantId: uuid('tenant_id').$type<TenantId>(),
    action: text('action').$type<AuditEntry['action']>().notNull(),
    entityType: text('entity_type').$type<AuditEntry['entityType']>().notNull(),
    entityId: text('entity_id'),
    userId: text('user_id'),
    actorId: text('actor_id'),
    ip: text('ip'),
    userAgent: text('user_agent'),
    before: jsonb('before').$type<Detail>(),
    after: jsonb('after').$type<Detail>(),
    metadata: jsonb('metadata').$type<Detail>(),
    timestamp: moment('timestamp').notNull(),
  },
  (t) => [
    primaryKey({ name: 'audit_records_pk', columns: [t.projectId, t.id, t.timestamp] }),
    index('audit_records_newest').on(t.projectId, t.tenantId, t.id.desc().nullsFirst()),
  ],
);
