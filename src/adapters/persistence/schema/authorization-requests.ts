import { sql } from 'drizzle-orm';
import { foreignKey, index, integer, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import type { ProviderId } from '../../../domain/project/auth-provider.ts';
import type { ProjectId } from '../../../domain/project/project.ts';
import type { AuthorizationRequestId, ProviderIntent } from '../../../domain/session/authorization-request.ts';
import type { SessionId } from '../../../domain/session/refresh-token.ts';
import type { SealedSecret } from '../../../domain/session/sealed-secret.ts';
import type { SecretDigest } from '../../../domain/session/secret-digest.ts';
import type { UserId } from '../../../domain/user/user.ts';
import { authProviders } from './auth-providers.ts';
import { moment, plainText } from './columns.ts';
import { users } from './users.ts';

/** No index leads to those of a provider: it is rarely removed, and ten minutes of a project are soon read. */
export const authorizationRequests = pgTable(
  'authorization_requests',
  {
    id: uuid('id').$type<AuthorizationRequestId>().notNull(),
    projectId: uuid('project_id').$type<ProjectId>().notNull(),
    providerId: plainText('provider_id').$type<ProviderId>().notNull(),
    intent: text('intent').$type<ProviderIntent>().notNull(),
    digest: plainText('digest').$type<SecretDigest>().notNull(),
    verifierDigest: text('verifier_digest').$type<SecretDigest>().notNull(),
    userId: uuid('user_id').$type<UserId>(),
    sessionId: uuid('session_id').$type<SessionId>(),
    returnTo: text('return_to'),
    memo: text('memo').$type<SealedSecret>().notNull(),
    expiresAt: moment('expires_at').notNull(),
    version: integer('version').notNull(),
  },
  (t) => [
    primaryKey({ name: 'authorization_requests_pk', columns: [t.projectId, t.id] }),
    uniqueIndex('authorization_requests_digest').on(t.projectId, t.digest),
    index('authorization_requests_user').on(t.projectId, t.userId).where(sql`${t.userId} is not null`),
    index('authorization_requests_expiry').on(t.expiresAt),
    foreignKey({
      name: 'authorization_requests_provider_fk',
      columns: [t.projectId, t.providerId],
      foreignColumns: [authProviders.projectId, authProviders.id],
    }).onDelete('cascade'),
    foreignKey({
      name: 'authorization_requests_user_fk',
      columns: [t.projectId, t.userId],
      foreignColumns: [users.projectId, users.id],
    }).onDelete('cascade'),
  ],
);
