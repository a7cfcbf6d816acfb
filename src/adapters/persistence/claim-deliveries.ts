import { sql } from 'drizzle-orm';
import type { EventId } from '../../domain/webhook/public-event.ts';
import type { WebhookEndpointState } from '../../domain/webhook/webhook-endpoint.ts';
import type { ClaimLimits } from '../../ports/webhook-deliveries.ts';
import type { Database } from './database.ts';
import { webhookDeliveries as deliveries, webhookEndpoints as endpoints, eventHeads as heads } from './schema/index.ts';

export interface ClaimedKey {
  readonly projectId: WebhookEndpointState['projectId'];
  readonly tenantId: WebhookEndpointState['tenantId'];
  readonly webhookId: WebhookEndpointState['id'];
  readonly eventId: EventId;
  readonly attempt: number;
}

/**
 * Goes from endpoint to endpoint among those that have something waiting, whatever the number of deliveries, and takes
 * of each what it has room for, by the turns of their tenants. One claim at a time, by the head, as for publishing: or
 * two would fill the same room.
 */
export async function claimDeliveries(
  database: Database,
  { limit, perEndpoint, leaseSeconds }: ClaimLimits,
  now: Date,
): Promise<readonly ClaimedKey[]> {
  const at = sql`${now.toISOString()}::timestamptz`;
  const until = sql`${new Date(now.getTime() + leaseSeconds * 1000).toISOString()}::timestamptz`;
  const rows = await database.execute<ClaimedKey & Record<string, unknown>>(sql`
    with recursive waiting as (
      (
        select project_id, tenant_id, webhook_id from ${deliveries} where ${deliveries.nextAttemptAt} is not null
        order by project_id, tenant_id, webhook_id limit 1
      )
      union all
      select following.* from waiting cross join lateral (
        select project_id, tenant_id, webhook_id from ${deliveries} where ${deliveries.nextAttemptAt} is not null
          and (${deliveries.projectId}, ${deliveries.tenantId}, ${deliveries.webhookId})
            > (waiting.project_id, waiting.tenant_id, waiting.webhook_id)
        order by project_id, tenant_id, webhook_id limit 1
      ) as following
    ), places as (
      select waiting.*, ${endpoints.enabled} as enabled, sum(leased.count) over (
        partition by waiting.project_id, waiting.tenant_id
      ) as of_tenant, case when ${endpoints.failingSince} is null then ${perEndpoint}::bigint else 1 end - leased.count as room
      from waiting
      join ${endpoints} on ${endpoints.projectId} = waiting.project_id and ${endpoints.tenantId} = waiting.tenant_id
        and ${endpoints.id} = waiting.webhook_id
      cross join lateral (
        select count(*) from ${deliveries} where ${deliveries.projectId} = waiting.project_id
          and ${deliveries.tenantId} = waiting.tenant_id and ${deliveries.webhookId} = waiting.webhook_id
          and ${deliveries.leasedUntil} > ${at}
      ) as leased
    ), turns as (
      select fitting.*, of_tenant, row_number() over (
        partition by fitting.project_id, fitting.tenant_id, fitting.webhook_id order by next_attempt_at, event_id
      ) as turn
      from places
      cross join lateral (
        select project_id, tenant_id, webhook_id, event_id, next_attempt_at from ${deliveries}
        where ${deliveries.projectId} = places.project_id and ${deliveries.tenantId} = places.tenant_id
          and ${deliveries.webhookId} = places.webhook_id and ${deliveries.nextAttemptAt} <= ${at}
        order by next_attempt_at, event_id limit greatest(room, 0)
      ) as fitting
      where enabled
    ), tenant_turns as (
      select turns.*, of_tenant + row_number() over (
        partition by project_id, tenant_id order by turn, next_attempt_at, event_id
      ) as tenant_turn
      from turns
    ), due as materialized (
      select tenant_turns.*, row_number() over (order by tenant_turn, turn, next_attempt_at, event_id) as rank
      from tenant_turns order by rank limit ${limit}
    ), head as (
      insert into ${heads} as head ("name", "last") select 'claimed', 1 from due having count(*) > 0
      on conflict ("name") do update set "last" = head."last" + 1
        where head."last" = (select ${heads.last} from ${heads} where ${heads.name} = 'claimed')
      returning 1
    )
    update ${deliveries} set attempts = attempts + 1, last_attempt_at = ${at}, next_attempt_at = ${until}, leased_until = ${until}
    from due cross join head
    where ${deliveries.projectId} = due.project_id and ${deliveries.tenantId} = due.tenant_id
      and ${deliveries.webhookId} = due.webhook_id and ${deliveries.eventId} = due.event_id
      and ${deliveries.nextAttemptAt} <= ${at}
    returning ${deliveries.projectId} as "projectId", ${deliveries.tenantId} as "tenantId",
      ${deliveries.webhookId} as "webhookId", ${deliveries.eventId} as "eventId", attempts as "attempt", rank
  `);
  // What `returning` answers is in no order.
  return rows.toSorted((a, b) => Number(a.rank) - Number(b.rank));
}
