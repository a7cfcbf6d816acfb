import type { z } from '@hono/zod-openapi';
import type { PublishedEvent } from '../../../domain/webhook/public-event.ts';
import type { WebhookDelivery } from '../../../domain/webhook/webhook-delivery.ts';
import type { WebhookView } from '../../../domain/webhook/webhook-endpoint.ts';
import type { Event } from './event-contract.ts';
import { moment } from './moment.ts';
import type * as Contract from './webhook-contract.ts';

export function presentWebhook(webhook: WebhookView): z.output<typeof Contract.Webhook> {
  const { id, url, description, eventTypes, enabled, disabledReason, secretsLive, createdAt } = webhook;
  return { id, url, description, eventTypes, enabled, disabledReason, secretsLive, createdAt: moment(createdAt) };
}

export function presentWithSecret({
  webhook,
  secret,
}: {
  readonly webhook: WebhookView;
  readonly secret: string;
}): z.output<typeof Contract.WebhookWithSecret> {
  return { ...presentWebhook(webhook), secret };
}

export function presentDelivery(delivery: WebhookDelivery): z.output<typeof Contract.WebhookDelivery> {
  const { eventId, type, status, attempts, lastAttemptAt, nextAttemptAt, lastStatus, lastError } = delivery;
  return {
    ...{ eventId, type, status, attempts },
    ...{ lastAttemptAt: moment(lastAttemptAt), nextAttemptAt: moment(nextAttemptAt), lastStatus, lastError },
  };
}

export function presentEvent(event: PublishedEvent): z.output<typeof Event> {
  const { id, type, subject, sequence, tenantId, data, occurredAt } = event;
  const { kind, id: subjectId } = subject;
  return { id, type, subject: { kind, id: subjectId }, sequence, tenantId, data, occurredAt: moment(occurredAt) };
}
