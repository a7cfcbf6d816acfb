import { isNotNull } from 'drizzle-orm';
import { foreignKey, index, integer, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import type { ProjectId } from '../../../domain/project/project.ts';
import type { TenantId } from '../../../domain/tenant/tenant.ts';
import type { EventId } from '../../../domain/webhook/public-event.ts';
import type { DeliveryStatus } from '../../../domain/webhook/webhook-delivery.ts';
import type { WebhookId } from '../../../domain/webhook/webhook-endpoint.ts';
import { moment } from './columns.ts';
import { events } from './events.ts';
import { webhookEndpoints } from './webhook-endpoints.ts';

/** Each goes with its event, and with its endpoint. */
export const webhookDeliveries = pgTable(
  'webhook_deliveries',
  {
    projectId: uuid('project_id').$type<ProjectId>().notNull(),
    tenantId: uuid('tenant_id').$type<TenantId>().notNull(),
    webhookId: uuid('webhook_id').$type<WebhookId>().notNull(),
    eventId: uuid('event_id').$type<EventId>().notNull(),
    status: text('status').$type<DeliveryStatus>().notNull(),
    attempts: integer('attempts').notNull(),
    lastAttemptAt: moment('last_attempt_at'),
    /** `null` once it is settled. Under a lease: when the lease ends. */
    nextAttemptAt: moment('next_attempt_at'),
    leasedUntil: moment('leased_until'),
    lastStatus: integer('last_status'),
    lastError: text('last_error'),
  },
  (t) => [
    primaryKey({ name: 'webhook_deliveries_pk', columns: [t.projectId, t.tenantId, t.webhookId, t.eventId] }),
    index('webhook_deliveries_due').on(t.nextAttemptAt).where(isNotNull(t.nextAttemptAt)),
    index('webhook_deliveries_waiting')
      .on(t.projectId, t.tenantId, t.webhookId, t.nextAttemptAt, t.eventId)
      .where(isNotNull(t.nextAttemptAt)),
    index('webhook_deliveries_leased').on(t.projectId, t.tenantId, t.webhookId).where(isNotNull(t.leasedUntil)),
    index('webhook_deliveries_event').on(t.projectId, t.eventId),
    foreignKey({
      name: 'webhook_deliveries_webhook_fk',
      columns: [t.projectId, t.tenantId, t.webhookId],
      foreignColumns: [webhookEndpoints.projectId, webhookEndpoints.tenantId, webhookEndpoints.id],
    }).onDelete('cascade'),
    foreignKey({
      name: 'webhook_deliveries_event_fk',
      columns: [t.projectId, t.eventId],
      foreignColumns: [events.projectId, events.id],
    }).onDelete('cascade'),
  ],
);
