import { foreignKey, integer, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import type { ApiKeyId, ApiKeyPermission } from '../../../domain/project/api-key.ts';
import type { ProjectId } from '../../../domain/project/project.ts';
import type { SecretDigest } from '../../../domain/session/secret-digest.ts';
import { moment, plainText } from './columns.ts';
import { projects } from './projects.ts';

export const apiKeys = pgTable(
  'api_keys',
  {
    id: uuid('id').$type<ApiKeyId>().notNull(),
    projectId: uuid('project_id').$type<ProjectId>().notNull(),
    name: text('name').notNull(),
    digest: plainText('digest').$type<SecretDigest>().notNull(),
    prefix: text('prefix').notNull(),
    permissions: text('permissions').array().$type<readonly ApiKeyPermission[]>().notNull(),
    expiresAt: moment('expires_at'),
    createdAt: moment('created_at').notNull(),
    revokedAt: moment('revoked_at'),
    version: integer('version').notNull(),
  },
  (t) => [
    primaryKey({ name: 'api_keys_pk', columns: [t.projectId, t.id] }),
    uniqueIndex('api_keys_digest').on(t.projectId, t.digest),
    foreignKey({ name: 'api_keys_project_fk', columns: [t.projectId], foreignColumns: [projects.id] }),
  ],
);
