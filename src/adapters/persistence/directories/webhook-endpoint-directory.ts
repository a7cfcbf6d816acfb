import type { WebhookEndpointDirectory } from '../../../ports/directories/webhook-endpoint-directory.ts';
import type { Queries } from '../queries/queries.ts';
import { stateIfAny, stateOf } from '../rows.ts';

export function webhookEndpointDirectory(queries: Queries['webhooks']): WebhookEndpointDirectory {
  return {
    byId: async (projectId, tenantId, id) => stateIfAny(await queries.byId(projectId, tenantId, id)),
    ofTenant: async (projectId, tenantId) => (await queries.ofTenant(projectId, tenantId)).map(stateOf),
  };
}
