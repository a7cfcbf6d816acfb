import { boolean, foreignKey, integer, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import type { ProjectId } from '../../../domain/project/project.ts';
import type { Permission } from '../../../domain/role/permission.ts';
import type { RoleId } from '../../../domain/role/role.ts';
import type { TenantId } from '../../../domain/tenant/tenant.ts';
import type { UserId } from '../../../domain/user/user.ts';
import { moment, plainText } from './columns.ts';
import { tenants } from './tenants.ts';

export const ROLE_SLUG = 'roles_slug';

export const roles = pgTable(
  'roles',
  {
    id: uuid('id').$type<RoleId>().notNull(),
    projectId: uuid('project_id').$type<ProjectId>().notNull(),
    tenantId: uuid('tenant_id').$type<TenantId>().notNull(),
    name: text('name').notNull(),
    slug: plainText('slug').notNull(),
    description: text('description'),
    permissions: text('permissions').array().$type<readonly Permission[]>().notNull(),
    builtIn: boolean('built_in').notNull(),
    createdBy: uuid('created_by').$type<UserId>(),
    createdAt: moment('created_at').notNull(),
    updatedAt: moment('updated_at').notNull(),
    version: integer('version').notNull(),
  },
  (t) => [
    primaryKey({ name: 'roles_pk', columns: [t.projectId, t.tenantId, t.id] }),
    uniqueIndex(ROLE_SLUG).on(t.projectId, t.tenantId, t.slug),
    foreignKey({
      name: 'roles_tenant_fk',
      columns: [t.projectId, t.tenantId],
      foreignColumns: [tenants.projectId, tenants.id],
    }).onDelete('cascade'),
  ],
);
