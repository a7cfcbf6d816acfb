import { foreignKey, index, integer, pgTable, primaryKey, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import type { ApiKeyId } from '../../../domain/project/api-key.ts';
import type { ProjectId } from '../../../domain/project/project.ts';
import type { SecretDigest } from '../../../domain/session/secret-digest.ts';
import type { InvitationId } from '../../../domain/tenant/invitation.ts';
import type { TenantId } from '../../../domain/tenant/tenant.ts';
import type { EmailAddress } from '../../../domain/user/email-address.ts';
import type { UserId } from '../../../domain/user/user.ts';
import { moment, plainText } from './columns.ts';
import { memberships } from './memberships.ts';

export const INVITED_ADDRESS = 'invitations_address';

/** Each goes with the membership of whoever stands in for the invited person. */
export const invitations = pgTable(
  'invitations',
  {
    id: uuid('id').$type<InvitationId>().notNull(),
    projectId: uuid('project_id').$type<ProjectId>().notNull(),
    tenantId: uuid('tenant_id').$type<TenantId>().notNull(),
    email: plainText('email').$type<EmailAddress>().notNull(),
    userId: uuid('user_id').$type<UserId>().notNull(),
    invitedBy: uuid('invited_by').$type<UserId>(),
    invitedByKey: uuid('invited_by_key').$type<ApiKeyId>(),
    digest: plainText('digest').$type<SecretDigest>(),
    createdAt: moment('created_at').notNull(),
    expiresAt: moment('expires_at').notNull(),
    version: integer('version').notNull(),
  },
  (t) => [
    primaryKey({ name: 'invitations_pk', columns: [t.projectId, t.tenantId, t.id] }),
    uniqueIndex(INVITED_ADDRESS).on(t.projectId, t.tenantId, t.email),
    uniqueIndex('invitations_digest').on(t.projectId, t.digest),
    uniqueIndex('invitations_user').on(t.projectId, t.userId),
    index('invitations_expiry').on(t.expiresAt),
    foreignKey({
      name: 'invitations_membership_fk',
      columns: [t.projectId, t.tenantId, t.userId],
      foreignColumns: [memberships.projectId, memberships.tenantId, memberships.userId],
    }).onDelete('cascade'),
  ],
);
