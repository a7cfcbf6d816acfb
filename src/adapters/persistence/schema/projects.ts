import { sql } from 'drizzle-orm';
import { boolean, integer, jsonb, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import type { ProjectId } from '../../../domain/project/project.ts';
import type { ProjectSettings } from '../../../domain/project/project-settings.ts';
import type { TenantId } from '../../../domain/tenant/tenant.ts';
import { moment } from './columns.ts';

/** The migration adds what a cycle of files cannot say: a project's root tenant is one of its own. */
export const projects = pgTable(
  'projects',
  {
    id: uuid('id').$type<ProjectId>().notNull(),
    name: text('name').notNull(),
    rootTenantId: uuid('root_tenant_id').$type<TenantId>().notNull(),
    platform: boolean('platform').notNull(),
    settings: jsonb('settings').$type<ProjectSettings>().notNull(),
    createdAt: moment('created_at').notNull(),
    updatedAt: moment('updated_at').notNull(),
    version: integer('version').notNull(),
  },
  (t) => [
    primaryKey({ name: 'projects_pk', columns: [t.id] }),
    uniqueIndex('projects_one_platform').on(t.platform).where(sql`${t.platform}`),
  ],
);
