import { foreignKey, index, integer, pgTable, primaryKey, uuid } from 'drizzle-orm/pg-core';
import type { ProjectId } from '../../../domain/project/project.ts';
import type { TenantId } from '../../../domain/tenant/tenant.ts';
import type { UserId } from '../../../domain/user/user.ts';
import { moment } from './columns.ts';
import { tenants } from './tenants.ts';
import { users } from './users.ts';

export const memberships = pgTable(
  'memberships',
  {
    projectId: uuid('project_id').$type<ProjectId>().notNull(),
    tenantId: uuid('tenant_id').$type<TenantId>().notNull(),
    userId: uuid('user_id').$type<UserId>().notNull(),
    createdAt: moment('created_at').notNull(),
    disabledAt: moment('disabled_at'),
    deletedAt: moment('deleted_at'),
    version: integer('version').notNull(),
  },
  (t) => [
    primaryKey({ name: 'memberships_pk', columns: [t.projectId, t.tenantId, t.userId] }),
    index('memberships_user').on(t.projectId, t.userId),
    foreignKey({
      name: 'memberships_tenant_fk',
      columns: [t.projectId, t.tenantId],
      foreignColumns: [tenants.projectId, tenants.id],
    }).onDelete('cascade'),
    foreignKey({
      name: 'memberships_user_fk',
      columns: [t.projectId, t.userId],
      foreignColumns: [users.projectId, users.id],
    }).onDelete('cascade'),
  ],
);
