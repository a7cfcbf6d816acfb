import { isNotNull, isNull, sql } from 'drizzle-orm';
import { bigint, check, index, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import type { ContentHash } from '../../../domain/audit/audit-chain.ts';
import type { AuditDetail, AuditRecordId } from '../../../domain/audit/audit-record.ts';
import type { ProjectId } from '../../../domain/project/project.ts';
import type { TenantId } from '../../../domain/tenant/tenant.ts';
import { NO_TENANT } from './audit-seals.ts';
import { moment, plainText } from './columns.ts';

/**
 * Partitioned by month. No foreign keys: what happened stays true when whom it happened to is gone. The last three
 * columns are empty in what somebody else wrote, and in what older versions did.
 */
export const auditRecords = pgTable(
  'audit_records',
  {
    id: uuid('id').$type<AuditRecordId>().notNull(),
    projectId: uuid('project_id').$type<ProjectId>().notNull(),
    tenantId: uuid('tenant_id').$type<TenantId>(),
    action: plainText('action').notNull(),
    entityType: text('entity_type').notNull(),
    entityId: text('entity_id'),
    userId: text('user_id'),
    actorId: text('actor_id'),
    ip: text('ip'),
    userAgent: text('user_agent'),
    before: jsonb('before').$type<AuditDetail>(),
    after: jsonb('after').$type<AuditDetail>(),
    metadata: jsonb('metadata').$type<AuditDetail>(),
    timestamp: moment('timestamp').notNull(),
    sealedIn: bigint('sealed_in', { mode: 'number' }),
    personalHash: text('personal_hash').$type<ContentHash>(),
    salt: text('salt'),
    attestation: text('attestation'),
  },
  (t) => [
    primaryKey({ name: 'audit_records_pk', columns: [t.projectId, t.id, t.timestamp] }),
    // Whoever seals would stumble over it, and so over everybody's: a moment that a `Date` cannot be, and a tenant that
    // stands for none.
    check('audit_records_moment', sql`"timestamp" between '0001-01-01 00:00Z' and '9999-12-31 00:00Z'`),
    check('audit_records_tenant', sql`"tenant_id" <> '${sql.raw(String(NO_TENANT))}'`),
    index('audit_records_newest').on(t.projectId, t.tenantId, t.id.desc().nullsFirst()),
    index('audit_records_action').on(t.projectId, t.tenantId, t.action, t.id),
    index('audit_records_entity').on(t.projectId, t.tenantId, t.entityType, t.entityId, t.id),
    index('audit_records_user').on(t.projectId, t.tenantId, t.userId, t.id),
    index('audit_records_unsealed').on(t.projectId, t.tenantId, t.id).where(isNull(t.sealedIn)),
    index('audit_records_seal').on(t.projectId, t.tenantId, t.sealedIn).where(isNotNull(t.sealedIn)),
  ],
);
