import { foreignKey, index, integer, pgTable, primaryKey, uuid } from 'drizzle-orm/pg-core';
import type { ProjectId } from '../../../domain/project/project.ts';
import type { OwnershipTransferId } from '../../../domain/tenant/ownership-transfer.ts';
import type { TenantId } from '../../../domain/tenant/tenant.ts';
import type { UserId } from '../../../domain/user/user.ts';
import { moment } from './columns.ts';
import { memberships } from './memberships.ts';

/** One a tenant. Each goes with the membership of either of the two. */
export const ownershipTransfers = pgTable(
  'ownership_transfers',
  {
    id: uuid('id').$type<OwnershipTransferId>().notNull(),
    projectId: uuid('project_id').$type<ProjectId>().notNull(),
    tenantId: uuid('tenant_id').$type<TenantId>().notNull(),
    ownerId: uuid('owner_id').$type<UserId>().notNull(),
    newOwnerId: uuid('new_owner_id').$type<UserId>().notNull(),
    createdAt: moment('created_at').notNull(),
    expiresAt: moment('expires_at').notNull(),
    version: integer('version').notNull(),
  },
  (t) => [
    primaryKey({ name: 'ownership_transfers_pk', columns: [t.projectId, t.tenantId] }),
    index('ownership_transfers_expiry').on(t.expiresAt),
    foreignKey({
      name: 'ownership_transfers_owner_fk',
      columns: [t.projectId, t.tenantId, t.ownerId],
      foreignColumns: [memberships.projectId, memberships.tenantId, memberships.userId],
    }).onDelete('cascade'),
    foreignKey({
      name: 'ownership_transfers_new_owner_fk',
      columns: [t.projectId, t.tenantId, t.newOwnerId],
      foreignColumns: [memberships.projectId, memberships.tenantId, memberships.userId],
    }).onDelete('cascade'),
  ],
);
