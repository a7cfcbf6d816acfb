import type { EventId } from '../../../domain/webhook/public-event.ts';
import type { WebhookEndpointState } from '../../../domain/webhook/webhook-endpoint.ts';
import type { Change } from './change.ts';

/** The delivery begins anew, once what is under way has come to its end. */
export function redelivery(
  { projectId, tenantId, id }: Pick<WebhookEndpointState, 'projectId' | 'tenantId' | 'id'>,
  eventId: EventId,
  now: Date,
): Change {
  return {
    row: `webhook_deliveries ${projectId} ${tenantId} ${id} ${eventId}`,
    shape: 'redeliver',
    params: [id, now.toISOString(), projectId, eventId, tenantId],
    answers: 'one',
    sql: (next) =>
      `insert into "webhook_deliveries" as "present" ("project_id", "tenant_id", "webhook_id", "event_id", "status", "attempts", "next_attempt_at") ` +
      `select "project_id", "reader_id", ${next()}::uuid, "id", 'pending', 0, ${next()}::timestamptz from "events" ` +
      `where "project_id" = ${next()} and "id" = ${next()} and "reader_id" = ${next()} ` +
      `on conflict ("project_id", "tenant_id", "webhook_id", "event_id") do update set "status" = 'pending', "attempts" = 0, ` +
      `"next_attempt_at" = greatest("present"."leased_until", excluded."next_attempt_at") returning 1`,
  };
}
