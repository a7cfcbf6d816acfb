import { isNotNull } from 'drizzle-orm';
import { foreignKey, index, integer, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import type { Dialect } from '../../../domain/events.ts';
import type { ProjectId } from '../../../domain/project/project.ts';
import type {
  AuthenticationMethod,
  Generation,
  Impersonator,
  SessionEnd,
  SessionId,
  SessionNonce,
} from '../../../domain/session/refresh-token.ts';
import type { TenantId } from '../../../domain/tenant/tenant.ts';
import type { UserId } from '../../../domain/user/user.ts';
import { moment } from './columns.ts';
import { tenants } from './tenants.ts';
import { users } from './users.ts';

/** Rotated in place (heap-only updates): fillfactor 70, and no index on anything that a rotation changes. */
export const refreshTokens = pgTable(
  'refresh_tokens',
  {
    id: uuid('id').$type<SessionId>().notNull(),
    projectId: uuid('project_id').$type<ProjectId>().notNull(),
    tenantId: uuid('tenant_id').$type<TenantId>().notNull(),
    userId: uuid('user_id').$type<UserId>().notNull(),
    clientId: text('client_id').$type<Dialect>().notNull(),
    generation: integer('generation').$type<Generation>().notNull(),
    nonce: text('nonce').$type<SessionNonce>().notNull(),
    epoch: integer('epoch').notNull(),
    impersonator: jsonb('impersonator').$type<Impersonator>(),
    amr: text('amr').array().$type<readonly AuthenticationMethod[]>().notNull(),
    authenticatedAt: moment('authenticated_at').notNull(),
    address: text('address'),
    userAgent: text('user_agent'),
    createdAt: moment('created_at').notNull(),
    rotatedAt: moment('rotated_at').notNull(),
    idleExpiresAt: moment('idle_expires_at').notNull(),
    expiresAt: moment('expires_at').notNull(),
    endedAt: moment('ended_at'),
    endedBy: text('ended_by').$type<SessionEnd>(),
    version: integer('version').notNull(),
  },
  (t) => [
    primaryKey({ name: 'refresh_tokens_pk', columns: [t.projectId, t.id] }),
    index('refresh_tokens_user').on(t.projectId, t.userId, t.id),
    index('refresh_tokens_tenant').on(t.projectId, t.tenantId),
    index('refresh_tokens_impersonated').on(t.projectId, t.id).where(isNotNull(t.impersonator)),
    foreignKey({
      name: 'refresh_tokens_user_fk',
      columns: [t.projectId, t.userId],
      foreignColumns: [users.projectId, users.id],
    }).onDelete('cascade'),
    foreignKey({
      name: 'refresh_tokens_tenant_fk',
      columns: [t.projectId, t.tenantId],
      foreignColumns: [tenants.projectId, tenants.id],
    }).onDelete('cascade'),
  ],
);
