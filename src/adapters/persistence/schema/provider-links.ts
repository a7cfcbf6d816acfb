import { foreignKey, integer, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import type { ProviderId } from '../../../domain/project/auth-provider.ts';
import type { ProjectId } from '../../../domain/project/project.ts';
import type { ProviderLinkId } from '../../../domain/user/provider-link.ts';
import type { UserId } from '../../../domain/user/user.ts';
import { authProviders } from './auth-providers.ts';
import { moment, plainText } from './columns.ts';
import { users } from './users.ts';

export const LINKED_IDENTITY = 'provider_links_identity';
export const PROVIDER_OF_USER = 'provider_links_user';

/** Each goes with its user, and with its provider: another one of that name knows other people. */
export const providerLinks = pgTable(
  'provider_links',
  {
    id: uuid('id').$type<ProviderLinkId>().notNull(),
    projectId: uuid('project_id').$type<ProjectId>().notNull(),
    userId: uuid('user_id').$type<UserId>().notNull(),
    providerId: plainText('provider_id').$type<ProviderId>().notNull(),
    externalId: plainText('external_id').notNull(),
    email: text('email'),
    displayName: text('display_name'),
    linkedAt: moment('linked_at').notNull(),
    version: integer('version').notNull(),
  },
  (t) => [
    primaryKey({ name: 'provider_links_pk', columns: [t.projectId, t.id] }),
    uniqueIndex(LINKED_IDENTITY).on(t.projectId, t.providerId, t.externalId),
    uniqueIndex(PROVIDER_OF_USER).on(t.projectId, t.userId, t.providerId),
    foreignKey({
      name: 'provider_links_user_fk',
      columns: [t.projectId, t.userId],
      foreignColumns: [users.projectId, users.id],
    }).onDelete('cascade'),
    foreignKey({
      name: 'provider_links_provider_fk',
      columns: [t.projectId, t.providerId],
      foreignColumns: [authProviders.projectId, authProviders.id],
    }).onDelete('cascade'),
  ],
);
