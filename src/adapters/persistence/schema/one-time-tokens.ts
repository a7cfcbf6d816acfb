import { foreignKey, index, integer, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import type { ProjectId } from '../../../domain/project/project.ts';
import type { OneTimeTokenId, OneTimeTokenPurpose } from '../../../domain/session/one-time-token.ts';
import type { SecretDigest } from '../../../domain/session/secret-digest.ts';
import type { EmailAddress } from '../../../domain/user/email-address.ts';
import type { UserId } from '../../../domain/user/user.ts';
import { moment, plainText } from './columns.ts';
import { users } from './users.ts';

/** One a user and purpose: a new one takes the row of the old. */
export const oneTimeTokens = pgTable(
  'one_time_tokens',
  {
    id: uuid('id').$type<OneTimeTokenId>().notNull(),
    projectId: uuid('project_id').$type<ProjectId>().notNull(),
    userId: uuid('user_id').$type<UserId>().notNull(),
    purpose: plainText('purpose').$type<OneTimeTokenPurpose>().notNull(),
    email: text('email').$type<EmailAddress>().notNull(),
    digest: plainText('digest').$type<SecretDigest>().notNull(),
    createdAt: moment('created_at').notNull(),
    expiresAt: moment('expires_at').notNull(),
    version: integer('version').notNull(),
  },
  (t) => [
    primaryKey({ name: 'one_time_tokens_pk', columns: [t.projectId, t.userId, t.purpose] }),
    uniqueIndex('one_time_tokens_digest').on(t.projectId, t.purpose, t.digest),
    index('one_time_tokens_expiry').on(t.expiresAt),
    foreignKey({
      name: 'one_time_tokens_user_fk',
      columns: [t.projectId, t.userId],
      foreignColumns: [users.projectId, users.id],
    }).onDelete('cascade'),
  ],
);
