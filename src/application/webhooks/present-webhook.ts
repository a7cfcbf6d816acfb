import { IamError } from '../../domain/errors.ts';
import type { WebhookEndpoint, WebhookId, WebhookView } from '../../domain/webhook/webhook-endpoint.ts';
import { webhookView } from '../../domain/webhook/webhook-endpoint.ts';
import type { Repositories } from '../../ports/unit-of-work.ts';
import type { WebhookKeeper } from './webhook-authority.ts';

/** Asked about the webhook as it stands before the change (RFC 9110 §13.1.1). */
export type WebhookMatch = (current: WebhookView) => boolean;

/** The actor's. @throws IamError `not-found`, `precondition-failed` */
export async function presentWebhook(
  { webhookEndpoints }: Pick<Repositories, 'webhookEndpoints'>,
  { projectId, tenantId }: WebhookKeeper,
  { id, ifMatch }: { readonly id: WebhookId; readonly ifMatch?: WebhookMatch | undefined },
  now: Date,
): Promise<WebhookEndpoint> {
  const endpoint = await webhookEndpoints.byId(projectId, tenantId, id);
  if (endpoint === undefined) throw new IamError('not-found');
  if (ifMatch !== undefined && !ifMatch(webhookView(endpoint.toState(), now)))
    throw new IamError('precondition-failed');
  return endpoint;
}
