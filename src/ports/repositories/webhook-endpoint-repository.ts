import type { ProjectId } from '../../domain/project/project.ts';
import type { TenantId } from '../../domain/tenant/tenant.ts';
import type { EventId } from '../../domain/webhook/public-event.ts';
import type { WebhookEndpoint, WebhookId } from '../../domain/webhook/webhook-endpoint.ts';

export interface WebhookEndpointRepository {
  byId(projectId: ProjectId, tenantId: TenantId, id: WebhookId): Promise<WebhookEndpoint | undefined>;
  countOf(projectId: ProjectId, tenantId: TenantId): Promise<number>;
  save(endpoint: WebhookEndpoint): void;
  /** With its deliveries. */
  remove(endpoint: WebhookEndpoint): void;
  /**
   * A published event of the endpoint's tenant is delivered to it once more, or for the first time, from `now` on with
   * all attempts before it; one that is under way comes to its end first. The commit fails like a lost race when the
   * event is not there.
   */
  redeliver(endpoint: WebhookEndpoint, eventId: EventId, now: Date): void;
}
