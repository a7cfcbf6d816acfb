import { foreignKey, index, integer, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import type { ProjectId } from '../../../domain/project/project.ts';
import type { TenantId } from '../../../domain/tenant/tenant.ts';
import type { UserId } from '../../../domain/user/user.ts';
import { moment } from './columns.ts';
import { projects } from './projects.ts';
import { users } from './users.ts';

export const tenants = pgTable(
  'tenants',
  {
    id: uuid('id').$type<TenantId>().notNull(),
    projectId: uuid('project_id').$type<ProjectId>().notNull(),
    name: text('name').notNull(),
    logoUrl: text('logo_url'),
    ownerId: uuid('owner_id').$type<UserId>(),
    blockedAt: moment('blocked_at'),
    lastBlockedAt: moment('last_blocked_at'),
    roleCount: integer('role_count').notNull().default(0),
    createdAt: moment('created_at').notNull(),
    updatedAt: moment('updated_at').notNull(),
    version: integer('version').notNull(),
  },
  (t) => [
    primaryKey({ name: 'tenants_pk', columns: [t.projectId, t.id] }),
    index('tenants_owner').on(t.projectId, t.ownerId),
    foreignKey({ name: 'tenants_project_fk', columns: [t.projectId], foreignColumns: [projects.id] }),
    foreignKey({
      name: 'tenants_owner_fk',
      columns: [t.projectId, t.ownerId],
      foreignColumns: [users.projectId, users.id],
    }),
  ],
);
