import { WebhookEndpoint } from '../../domain/webhook/webhook-endpoint.ts';
import type { WebhookEndpointDirectory } from '../../ports/directories/webhook-endpoint-directory.ts';
import type { WebhookEndpointRepository } from '../../ports/repositories/webhook-endpoint-repository.ts';
import { removeWebhook } from './cascades.ts';
import type { CollectedChanges } from './collected-changes.ts';
import { LostRace } from './commit.ts';
import { dueSince, isFor } from './event-log.ts';
import { type MemoryStore, scoped } from './store.ts';

export function webhookEndpointDirectory({ webhookEndpoints }: MemoryStore): WebhookEndpointDirectory {
  return {
    byId: async (projectId, tenantId, id) => webhookEndpoints.get(scoped(projectId, tenantId, id)),
    ofTenant: async (projectId, tenantId) =>
      webhookEndpoints.ofGroup('tenant', scoped(projectId, tenantId)).toSorted((a, b) => (a.id < b.id ? -1 : 1)),
  };
}

export function webhookEndpointRepository(store: MemoryStore, changes: CollectedChanges): WebhookEndpointRepository {
  const { webhookEndpoints, webhookDeliveries, events } = store;
  return {
    byId: async (projectId, tenantId, id) =>
      changes.read(webhookEndpoints, scoped(projectId, tenantId, id), WebhookEndpoint.rehydrate),
    countOf: async (projectId, tenantId) => webhookEndpoints.keysOfGroup('tenant', scoped(projectId, tenantId)).length,
    save: (endpoint) => changes.save(webhookEndpoints, endpoint),
    remove: (endpoint) => changes.remove(endpoint, (commit, key) => removeWebhook(store, commit, key)),
    redeliver: (endpoint, eventId, now) => {
      const { projectId, tenantId, id: webhookId } = endpoint.toState();
      changes.change((commit) => {
        const told = events.published.get(eventId);
        if (told === undefined || !isFor(told, { projectId, tenantId })) throw new LostRace();
        const before = webhookDeliveries.get(scoped(projectId, tenantId, webhookId, eventId));
        const { leasedUntil = null, lastAttemptAt = null, lastStatus = null, lastError = null } = before ?? {};
        const underWay = leasedUntil !== null && leasedUntil > now;
        const nextAttemptAt = underWay ? leasedUntil : now;
        commit.put(webhookDeliveries, {
          ...{ projectId, tenantId, webhookId, eventId, ...dueSince(now) },
          ...{ nextAttemptAt, leasedUntil, lastAttemptAt, lastStatus, lastError },
        });
      });
    },
  };
}
