import { sql } from 'drizzle-orm';
import { boolean, foreignKey, index, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import type { ProjectId } from '../../../domain/project/project.ts';
import type { TenantId } from '../../../domain/tenant/tenant.ts';
import type { UserId, UserStatus } from '../../../domain/user/user.ts';
import { plainText } from './columns.ts';
import { memberships } from './memberships.ts';

/**
 * What the lists of a tenant are filtered and searched by, as the tenant sees it. Triggers of memberships and users keep
 * it, so that a search looks at nobody of another tenant, whatever the number of people.
 */
export const listedMembers = pgTable(
  'listed_members',
  {
    projectId: uuid('project_id').$type<ProjectId>().notNull(),
    tenantId: uuid('tenant_id').$type<TenantId>().notNull(),
    userId: uuid('user_id').$type<UserId>().notNull(),
    status: text('status').$type<UserStatus>().notNull(),
    /** From here, or as an account. */
    removed: boolean('removed').notNull(),
    email: plainText('email'),
    /** In lower case, like what follows. */
    firstName: plainText('first_name'),
    lastName: plainText('last_name'),
  },
  (t) => [
    primaryKey({ name: 'listed_members_pk', columns: [t.projectId, t.tenantId, t.userId] }),
    index('listed_members_present').on(t.projectId, t.tenantId, t.userId).where(sql`not ${t.removed}`),
    index('listed_members_status').on(t.projectId, t.tenantId, t.status, t.userId).where(sql`${t.status} <> 'active'`),
    // Each with all that a search asks for, so that it is answered from the index alone.
    index('listed_members_email').on(t.projectId, t.tenantId, t.email, t.userId, t.removed),
    index('listed_members_first_name').on(t.projectId, t.tenantId, t.firstName, t.userId, t.removed),
    index('listed_members_last_name').on(t.projectId, t.tenantId, t.lastName, t.userId, t.removed),
    foreignKey({
      name: 'listed_members_membership_fk',
      columns: [t.projectId, t.tenantId, t.userId],
      foreignColumns: [memberships.projectId, memberships.tenantId, memberships.userId],
    }).onDelete('cascade'),
  ],
);
