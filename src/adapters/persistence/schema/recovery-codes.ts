import { foreignKey, integer, jsonb, pgTable, primaryKey, uuid } from 'drizzle-orm/pg-core';
import type { ProjectId } from '../../../domain/project/project.ts';
import type { StoredRecoveryCode } from '../../../domain/recovery/recovery-codes.ts';
import type { UserId } from '../../../domain/user/user.ts';
import { moment } from './columns.ts';
import { users } from './users.ts';

/** One row a user. */
export const recoveryCodes = pgTable(
  'recovery_codes',
  {
    projectId: uuid('project_id').$type<ProjectId>().notNull(),
    userId: uuid('user_id').$type<UserId>().notNull(),
    codes: jsonb('codes').$type<readonly StoredRecoveryCode[]>().notNull(),
    generatedAt: moment('generated_at').notNull(),
    version: integer('version').notNull(),
  },
  (t) => [
    primaryKey({ name: 'recovery_codes_pk', columns: [t.projectId, t.userId] }),
    foreignKey({
      name: 'recovery_codes_user_fk',
      columns: [t.projectId, t.userId],
      foreignColumns: [users.projectId, users.id],
    }).onDelete('cascade'),
  ],
);
