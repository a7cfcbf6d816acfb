import { sql } from 'drizzle-orm';
import {
  boolean,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import type { ProjectId } from '../../../domain/project/project.ts';
import type { TenantId } from '../../../domain/tenant/tenant.ts';
import type { EmailAddress } from '../../../domain/user/email-address.ts';
import type { EmailChangeStep, JsonObject, PasswordHash, UserId, UserStatus } from '../../../domain/user/user.ts';
import { moment, plainText } from './columns.ts';
import { projects } from './projects.ts';

export const HELD_ADDRESS = 'users_held_address';

export const users = pgTable(
  'users',
  {
    id: uuid('id').$type<UserId>().notNull(),
    projectId: uuid('project_id').$type<ProjectId>().notNull(),
    email: plainText('email').$type<EmailAddress>(),
    emailVerifiedAt: moment('email_verified_at'),
    pendingEmail: text('pending_email').$type<EmailAddress>(),
    pendingEmailAwaits: text('pending_email_awaits').array().$type<readonly EmailChangeStep[]>().notNull().default([]),
    passwordHash: text('password_hash').$type<PasswordHash>(),
    firstName: text('first_name'),
    lastName: text('last_name'),
    phone: text('phone'),
    avatarUrl: text('avatar_url'),
    metadata: jsonb('metadata').$type<JsonObject>().notNull(),
    preferences: jsonb('preferences').$type<JsonObject>().notNull(),
    status: text('status').$type<UserStatus>().notNull(),
    disabledByPlatform: boolean('disabled_by_platform').notNull().default(false),
    totpEnabledAt: moment('totp_enabled_at'),
    holdsSeat: boolean('holds_seat').notNull(),
    sessionEpoch: integer('session_epoch').notNull(),
    lastLoginMethod: text('last_login_method'),
    lastTenantId: uuid('last_tenant_id').$type<TenantId>(),
    createdAt: moment('created_at').notNull(),
    updatedAt: moment('updated_at').notNull(),
    deletedAt: moment('deleted_at'),
    version: integer('version').notNull(),
  },
  (t) => [
    primaryKey({ name: 'users_pk', columns: [t.projectId, t.id] }),
    uniqueIndex(HELD_ADDRESS)
      .on(t.projectId, t.email)
      .where(
        sql`${t.email} is not null and ${t.status} <> 'invited' and (${t.deletedAt} is null or ${t.emailVerifiedAt} is not null)`,
      ),
    index('users_unproven').on(t.projectId, t.createdAt).where(sql`${t.emailVerifiedAt} is null`),
    foreignKey({ name: 'users_project_fk', columns: [t.projectId], foreignColumns: [projects.id] }),
  ],
);
