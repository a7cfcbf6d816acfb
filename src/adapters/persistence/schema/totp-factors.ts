import { sql } from 'drizzle-orm';
import { foreignKey, index, integer, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import type { ProjectId } from '../../../domain/project/project.ts';
import type { StoredRecoveryCode } from '../../../domain/recovery/recovery-codes.ts';
import type { SealedSecret } from '../../../domain/session/sealed-secret.ts';
import type { TotpStep } from '../../../domain/user/totp-factor.ts';
import type { UserId } from '../../../domain/user/user.ts';
import { moment } from './columns.ts';
import { users } from './users.ts';

/** One row a user. */
export const totpFactors = pgTable(
  'totp_factors',
  {
    projectId: uuid('project_id').$type<ProjectId>().notNull(),
    userId: uuid('user_id').$type<UserId>().notNull(),
    secret: text('secret').$type<SealedSecret>(),
    lastStep: integer('last_step').$type<TotpStep>(),
    pendingSecret: text('pending_secret').$type<SealedSecret>(),
    pendingExpiresAt: moment('pending_expires_at'),
    pendingRecoveryCodes: jsonb('pending_recovery_codes').$type<readonly StoredRecoveryCode[]>().notNull(),
    version: integer('version').notNull(),
  },
  (t) => [
    primaryKey({ name: 'totp_factors_pk', columns: [t.projectId, t.userId] }),
    index('totp_factors_expiry').on(t.pendingExpiresAt).where(sql`${t.secret} is null`),
    foreignKey({
      name: 'totp_factors_user_fk',
      columns: [t.projectId, t.userId],
      foreignColumns: [users.projectId, users.id],
    }).onDelete('cascade'),
  ],
);
