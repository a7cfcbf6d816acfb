import { sql } from 'drizzle-orm';
import type { DeliveryOutcome } from '../../domain/webhook/webhook-delivery.ts';
import type { ClaimedDelivery } from '../../ports/webhook-deliveries.ts';
import type { Database } from './database.ts';
import { webhookDeliveries as deliveries, webhookEndpoints as endpoints } from './schema/index.ts';

/** The endpoint is written only where it fails for the first time, or no more, and is where the attempt was made. */
export async function settleDelivery(
  database: Database,
  { endpoint: { projectId, tenantId, id, url }, event, attempt }: ClaimedDelivery,
  { status, nextAttemptAt, lastStatus, lastError }: DeliveryOutcome,
  now: Date,
): Promise<void> {
  const until = sql`${nextAttemptAt?.toISOString() ?? null}::timestamptz`;
  const failed = status !== 'delivered';
  await database.execute(sql`
    with settled as (
      update ${deliveries} set status = ${status}, next_attempt_at = ${until}, leased_until = null,
        last_status = ${lastStatus}, last_error = ${lastError}
      where ${deliveries.projectId} = ${projectId} and ${deliveries.tenantId} = ${tenantId}
        and ${deliveries.webhookId} = ${id} and ${deliveries.eventId} = ${event.id}
        and ${deliveries.attempts} = ${attempt} and ${deliveries.leasedUntil} is not null
      returning 1
    )
    update ${endpoints} set failing_since = ${failed ? now.toISOString() : null}::timestamptz
    where ${endpoints.projectId} = ${projectId} and ${endpoints.tenantId} = ${tenantId} and ${endpoints.id} = ${id}
      and ${endpoints.url} = ${url} and (${endpoints.failingSince} is null) = ${failed} and exists (select from settled)
  `);
}
