import type { ProjectId } from '../../domain/project/project.ts';
import type { TenantId } from '../../domain/tenant/tenant.ts';
import type { WebhookEndpointState, WebhookId } from '../../domain/webhook/webhook-endpoint.ts';

export interface WebhookEndpointDirectory {
  byId(projectId: ProjectId, tenantId: TenantId, id: WebhookId): Promise<WebhookEndpointState | undefined>;
  /** By id. */
  ofTenant(projectId: ProjectId, tenantId: TenantId): Promise<readonly WebhookEndpointState[]>;
}
