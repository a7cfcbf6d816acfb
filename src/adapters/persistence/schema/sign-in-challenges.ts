import { foreignKey, index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import type { ProviderId } from '../../../domain/project/auth-provider.ts';
import type { ProjectId } from '../../../domain/project/project.ts';
import type { AuthenticationMethod } from '../../../domain/session/refresh-token.ts';
import type { SecretDigest } from '../../../domain/session/secret-digest.ts';
import type {
  PendingIdentity,
  SignInChallengeId,
  SignInChallengeKind,
} from '../../../domain/session/sign-in-challenge.ts';
import type { UserId } from '../../../domain/user/user.ts';
import { moment, plainText } from './columns.ts';
import { users } from './users.ts';

export const signInChallenges = pgTable(
  'sign_in_challenges',
  {
    id: uuid('id').$type<SignInChallengeId>().notNull(),
    projectId: uuid('project_id').$type<ProjectId>().notNull(),
    userId: uuid('user_id').$type<UserId>().notNull(),
    kind: plainText('kind').$type<SignInChallengeKind>().notNull(),
    digest: plainText('digest').$type<SecretDigest>().notNull(),
    pendingIdentity: jsonb('pending_identity').$type<PendingIdentity>(),
    epoch: integer('epoch').notNull(),
    amr: text('amr').array().$type<readonly AuthenticationMethod[]>().notNull(),
    authenticatedAt: moment('authenticated_at').notNull(),
    providerId: text('provider_id').$type<ProviderId>(),
    expiresAt: moment('expires_at').notNull(),
    version: integer('version').notNull(),
  },
  (t) => [
    primaryKey({ name: 'sign_in_challenges_pk', columns: [t.projectId, t.id] }),
    uniqueIndex('sign_in_challenges_digest').on(t.projectId, t.kind, t.digest),
    index('sign_in_challenges_user').on(t.projectId, t.userId),
    index('sign_in_challenges_expiry').on(t.expiresAt),
    foreignKey({
      name: 'sign_in_challenges_user_fk',
      columns: [t.projectId, t.userId],
      foreignColumns: [users.projectId, users.id],
    }).onDelete('cascade'),
  ],
);
