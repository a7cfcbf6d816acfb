import { sql } from 'drizzle-orm';
import type { EventId } from '../../domain/webhook/public-event.ts';
import { GIVEN_UP } from '../../domain/webhook/webhook-delivery.ts';
import type { WebhookEndpointState } from '../../domain/webhook/webhook-endpoint.ts';
import type { ClaimLimits } from '../../ports/webhook-deliveries.ts';
import type { Database } from './database.ts';
import {
  webhookDeliveries as deliveries,
  webhookEndpoints as endpoints,
  eventHeads as heads,
  tenants,
} from './schema/index.ts';

export interface ClaimedKey {
  readonly projectId: WebhookEndpointState['projectId'];
  readonly tenantId: WebhookEndpointState['tenantId'];
  readonly webhookId: WebhookEndpointState['id'];
  readonly eventId: EventId;
  readonly attempt: number;
}

/** An endpoint, in the order in which claims go through them. */
export type ClaimPlace = Pick<ClaimedKey, 'projectId' | 'tenantId' | 'webhookId'>;

export interface Claim {
  readonly keys: readonly ClaimedKey[];
  /** The last endpoint that was looked at; `undefined` when there is none behind. */
  readonly reached: ClaimPlace | undefined;
}

type ClaimRow = {
  readonly key: ClaimedKey | null;
  readonly reached: ClaimPlace | null;
};

const NOBODY = '00000000-0000-0000-0000-000000000000';
const BEFORE_ALL = { projectId: NOBODY, tenantId: NOBODY, webhookId: NOBODY } as const;

/** So many endpoints are looked at, and so many deliveries given up, by one statement. */
const AT_ONCE = 1000;

/**
 * Goes from endpoint to endpoint among those that have something waiting, from behind `after`, whatever the number of
 * deliveries, and takes of each what it has room for, by the turns of their tenants. What is due where nothing may go is
 * given up, and in nobody's way any more. One claim at a time, by the head, as for publishing: or two would fill the same
 * room.
 */
export async function claimDeliveries(
  database: Database,
  { limit, perEndpoint, leaseSeconds }: ClaimLimits,
  now: Date,
  after: ClaimPlace | undefined,
): Promise<Claim> {
  const at = sql`${now.toISOString()}::timestamptz`;
  const until = sql`${new Date(now.getTime() + leaseSeconds * 1000).toISOString()}::timestamptz`;
  const { projectId, tenantId, webhookId } = after ?? BEFORE_ALL;
  const rows = await database.execute<ClaimRow>(sql`
    with recursive waiting (project_id, tenant_id, webhook_id, next_attempt_at, nth) as (
      values (${projectId}::uuid, ${tenantId}::uuid, ${webhookId}::uuid, null::timestamptz, 0)
      union all
      select following.*, nth + 1 from waiting cross join lateral (
        select project_id, tenant_id, webhook_id, next_attempt_at from ${deliveries} where ${deliveries.nextAttemptAt} is not null
          and (${deliveries.projectId}, ${deliveries.tenantId}, ${deliveries.webhookId})
            > (waiting.project_id, waiting.tenant_id, waiting.webhook_id)
        order by project_id, tenant_id, webhook_id, next_attempt_at limit 1
      ) as following where nth < ${AT_ONCE}
    ), ready as materialized (
      select waiting.project_id, waiting.tenant_id, waiting.webhook_id, ${endpoints.failingSince} as failing_since,
        ${endpoints.enabled} and ${tenants.blockedAt} is null as open
      from waiting
      join ${endpoints} on ${endpoints.projectId} = waiting.project_id and ${endpoints.tenantId} = waiting.tenant_id
        and ${endpoints.id} = waiting.webhook_id
      join ${tenants} on ${tenants.projectId} = waiting.project_id and ${tenants.id} = waiting.tenant_id
      where waiting.next_attempt_at <= ${at}
    ), vain as materialized (
      select past.row from ready cross join lateral (
        select ctid as row from ${deliveries}
        where ${deliveries.projectId} = ready.project_id and ${deliveries.tenantId} = ready.tenant_id
          and ${deliveries.webhookId} = ready.webhook_id and ${deliveries.nextAttemptAt} <= ${at}
        order by next_attempt_at, event_id limit ${AT_ONCE}
      ) as past where not open limit ${AT_ONCE}
    ), places as (
      select ready.*, of_tenant, case when failing_since is null then ${perEndpoint}::bigint else 1 end - of_endpoint as room
      from ready cross join lateral (
        select count(*) as of_tenant, count(*) filter (where ${deliveries.webhookId} = ready.webhook_id) as of_endpoint
        from ${deliveries} where ${deliveries.projectId} = ready.project_id
          and ${deliveries.tenantId} = ready.tenant_id and ${deliveries.leasedUntil} > ${at}
      ) as leased where open
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
    ), tenant_turns as (
      select turns.*, of_tenant + row_number() over (
        partition by project_id, tenant_id order by turn, next_attempt_at, event_id
      ) as tenant_turn
      from turns
    ), due as materialized (
      select tenant_turns.*, row_number() over (order by tenant_turn, turn, next_attempt_at, event_id) as rank
      from tenant_turns order by rank limit ${limit}
    ), head as (
      insert into ${heads} as head ("name", "last") select 'claimed', 1
      where exists (select from due) or exists (select from vain)
      on conflict ("name") do update set "last" = head."last" + 1
        where head."last" = (select ${heads.last} from ${heads} where ${heads.name} = 'claimed')
      returning 1
    ), given_up as (
      update ${deliveries} set status = 'failed', next_attempt_at = null, leased_until = null,
        last_status = null, last_error = ${GIVEN_UP}
      where ctid = any(array(select vain.row from vain)) and ${deliveries.nextAttemptAt} <= ${at} and exists (select from head)
    ), claimed as (
      update ${deliveries} set attempts = attempts + 1, last_attempt_at = ${at}, next_attempt_at = ${until}, leased_until = ${until}
      from due cross join head
      where ${deliveries.projectId} = due.project_id and ${deliveries.tenantId} = due.tenant_id
        and ${deliveries.webhookId} = due.webhook_id and ${deliveries.eventId} = due.event_id
        and ${deliveries.nextAttemptAt} <= ${at}
      returning rank, json_build_object('projectId', ${deliveries.projectId}, 'tenantId', ${deliveries.tenantId},
        'webhookId', ${deliveries.webhookId}, 'eventId', ${deliveries.eventId}, 'attempt', attempts) as key
    )
    select claimed.key, (
      select json_build_object('projectId', project_id, 'tenantId', tenant_id, 'webhookId', webhook_id)
      from waiting where nth = ${AT_ONCE}
    ) as reached
    from (values (1)) as answer left join claimed on true order by rank
  `);
  return { keys: rows.flatMap(({ key }) => key ?? []), reached: rows[0]?.reached ?? undefined };
}
