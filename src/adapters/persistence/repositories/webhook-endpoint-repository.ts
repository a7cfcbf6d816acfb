import type { WebhookEndpointRepository } from '../../../ports/repositories/webhook-endpoint-repository.ts';
import type { ChangeSet } from '../commit/change-set.ts';
import { redelivery } from '../commit/redelivery.ts';
import { WEBHOOK_ENDPOINT } from '../mappings.ts';
import type { Queries } from '../queries/queries.ts';

export function webhookEndpointRepository(queries: Queries['webhooks'], changes: ChangeSet): WebhookEndpointRepository {
  return {
    byId: async (projectId, tenantId, id) =>
      changes.rehydrated(WEBHOOK_ENDPOINT, await queries.byId(projectId, tenantId, id)),
    countOf: (projectId, tenantId) => queries.countOf(projectId, tenantId),
    save: (endpoint) => changes.save(WEBHOOK_ENDPOINT, endpoint),
    // Deliveries go by their foreign key.
    remove: (endpoint) => changes.remove(endpoint),
    redeliver: (endpoint, eventId, now) => changes.add(redelivery(endpoint.toState(), eventId, now)),
  };
}
