import { and, asc, desc, eq, getTableColumns, inArray, isNotNull, lt, lte } from 'drizzle-orm';
import type { WebhookDelivery } from '../../domain/webhook/webhook-delivery.ts';
import type { ClaimedDelivery, WebhookDeliveries } from '../../ports/webhook-deliveries.ts';
import { type ClaimedKey, type ClaimPlace, claimDeliveries } from './claim-deliveries.ts';
import { type Database, given } from './database.ts';
import { pageOf } from './directories/page-of.ts';
import { eventOf } from './event-log.ts';
import { stateOf } from './rows.ts';
import { webhookDeliveries as deliveries, webhookEndpoints as endpoints, events } from './schema/index.ts';
import { settleDelivery } from './settle-delivery.ts';

const { projectId, tenantId, webhookId, leasedUntil: _, ...shown } = getTableColumns(deliveries);

/** What is due may be further on, but not even a claim goes on for ever. */
const LOOKS = 10;

export function webhookDeliveries(database: Database): WebhookDeliveries {
  const { drizzle } = database;
  const due = database.prepared(
    'webhook_deliveries_due',
    drizzle
      .select({ nextAttemptAt: deliveries.nextAttemptAt })
      .from(deliveries)
      .where(and(isNotNull(deliveries.nextAttemptAt), lte(deliveries.nextAttemptAt, given.moment('now'))))
      .orderBy(asc(deliveries.nextAttemptAt))
      .limit(1),
  );
  /** Where the last claim of this process has come to. */
  let place: ClaimPlace | undefined;
  return {
    async claim(limits, now) {
      if ((await due.one({ now })) === undefined) return [];
      for (let look = 0; look < LOOKS; look += 1) {
        const { keys, reached } = await claimDeliveries(database, limits, now, place);
        const whole = place === undefined && reached === undefined;
        place = reached;
        if (keys.length > 0 || whole) return opened(database, keys);
      }
      return [];
    },
    settle: (claimed, outcome, now) => settleDelivery(database, claimed, outcome, now),
    async page(project, tenant, webhook, { after, limit }) {
      const rows = await database.rows(
        drizzle
          .select({ ...shown, type: events.type })
          .from(deliveries)
          .innerJoin(events, and(eq(events.projectId, projectId), eq(events.id, deliveries.eventId)))
          .where(
            and(
              eq(projectId, project),
              eq(tenantId, tenant),
              eq(webhookId, webhook),
              after && lt(deliveries.eventId, after),
            ),
          )
          .orderBy(desc(deliveries.eventId))
          .limit(limit + 1),
      );
      return pageOf(rows, { limit }, (row): WebhookDelivery => row);
    },
  };
}

/** In the order of the keys. What went away since it was claimed is left out. */
async function opened(database: Database, keys: readonly ClaimedKey[]): Promise<readonly ClaimedDelivery[]> {
  if (keys.length === 0) return [];
  const idsOf = <Name extends keyof ClaimedKey>(name: Name) => [...new Set(keys.map((key) => key[name]))];
  const [found, told] = await Promise.all([
    database.rows(
      database.drizzle
        .select()
        .from(endpoints)
        .where(and(inArray(endpoints.projectId, idsOf('projectId')), inArray(endpoints.id, idsOf('webhookId')))),
    ),
    database.rows(
      database.drizzle
        .select()
        .from(events)
        .where(and(inArray(events.projectId, idsOf('projectId')), inArray(events.id, idsOf('eventId')))),
    ),
  ]);
  return keys.flatMap((key) => {
    const endpoint = found.find(({ id, projectId }) => id === key.webhookId && projectId === key.projectId);
    const event = told.find(({ id, projectId }) => id === key.eventId && projectId === key.projectId);
    return endpoint && event ? [{ endpoint: stateOf(endpoint), event: eventOf(event), attempt: key.attempt }] : [];
  });
}
