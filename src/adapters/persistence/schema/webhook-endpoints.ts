import { boolean, foreignKey, integer, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import type { ProjectId } from '../../../domain/project/project.ts';
import type { SealedSecret } from '../../../domain/session/sealed-secret.ts';
import type { TenantId } from '../../../domain/tenant/tenant.ts';
import type {
  WebhookDisabledReason,
  WebhookEndpointState,
  WebhookId,
} from '../../../domain/webhook/webhook-endpoint.ts';
import { moment } from './columns.ts';
import { tenants } from './tenants.ts';

export const webhookEndpoints = pgTable(
  'webhook_endpoints',
  {
    id: uuid('id').$type<WebhookId>().notNull(),
    projectId: uuid('project_id').$type<ProjectId>().notNull(),
    tenantId: uuid('tenant_id').$type<TenantId>().notNull(),
    url: text('url').notNull(),
    description: text('description'),
    eventTypes: text('event_types').array().$type<readonly string[]>().notNull(),
    enabled: boolean('enabled').notNull(),
    disabledReason: text('disabled_reason').$type<WebhookDisabledReason>(),
    secret: text('secret').$type<SealedSecret>().notNull(),
    previousSecret: text('previous_secret').$type<SealedSecret>(),
    previousSecretUntil: moment('previous_secret_until'),
    failingSince: moment('failing_since'),
    createdBy: uuid('created_by').$type<NonNullable<WebhookEndpointState['createdBy']>>(),
    createdAt: moment('created_at').notNull(),
    updatedAt: moment('updated_at').notNull(),
    version: integer('version').notNull(),
  },
  (t) => [
    primaryKey({ name: 'webhook_endpoints_pk', columns: [t.projectId, t.tenantId, t.id] }),
    foreignKey({
      name: 'webhook_endpoints_tenant_fk',
      columns: [t.projectId, t.tenantId],
      foreignColumns: [tenants.projectId, tenants.id],
    }).onDelete('cascade'),
  ],
);
