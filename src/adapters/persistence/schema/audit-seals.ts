import { isNotNull } from 'drizzle-orm';
import { bigint, boolean, index, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import type { ContentHash } from '../../../domain/audit/audit-chain.ts';
import type { AuditSeal } from '../../../domain/audit/audit-seal.ts';
import type { ProjectId } from '../../../domain/project/project.ts';
import type { TenantId } from '../../../domain/tenant/tenant.ts';
import { moment } from './columns.ts';

/** Stands for no tenant where a key needs a value (RFC 9562 §5.9). */
export const NO_TENANT = '00000000-0000-0000-0000-000000000000' as TenantId;

/** No foreign keys, as for the records. */
export const auditSeals = pgTable(
  'audit_seals',
  {
    projectId: uuid('project_id').$type<ProjectId>().notNull(),
    tenantId: uuid('tenant_id').$type<TenantId>().notNull(),
    number: bigint('number', { mode: 'number' }).notNull(),
    previousHash: text('previous_hash').$type<ContentHash>(),
    hash: text('hash').$type<ContentHash>().notNull(),
    count: bigint('count', { mode: 'number' }).notNull(),
    sealedAt: moment('sealed_at').notNull(),
    /** `null` once the records have had their time: then this seal stands for everything up to it. */
    records: jsonb('records').$type<AuditSeal['records']>(),
    /** When the oldest of the records was made. */
    oldest: moment('oldest').notNull(),
    /** Whether somebody else wrote the seal before. */
    followsForeign: boolean('follows_foreign').notNull().default(false),
    attestation: text('attestation'),
  },
  (t) => [
    primaryKey({ name: 'audit_seals_pk', columns: [t.projectId, t.tenantId, t.number] }),
    index('audit_seals_age').on(t.oldest).where(isNotNull(t.records)),
  ],
);
