import { foreignKey, integer, jsonb, pgTable, primaryKey, uuid } from 'drizzle-orm/pg-core';
import type { ProjectId } from '../../../domain/project/project.ts';
import type { PermissionEntry } from '../../../domain/role/kernel-permissions.ts';
import { moment, plainText } from './columns.ts';
import { projects } from './projects.ts';

export const permissionModules = pgTable(
  'permission_modules',
  {
    projectId: uuid('project_id').$type<ProjectId>().notNull(),
    name: plainText('name').notNull(),
    permissions: jsonb('permissions').$type<readonly PermissionEntry[]>().notNull(),
    createdAt: moment('created_at').notNull(),
    updatedAt: moment('updated_at').notNull(),
    version: integer('version').notNull(),
  },
  (t) => [
    primaryKey({ name: 'permission_modules_pk', columns: [t.projectId, t.name] }),
    foreignKey({ name: 'permission_modules_project_fk', columns: [t.projectId], foreignColumns: [projects.id] }),
  ],
);
