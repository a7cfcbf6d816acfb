import { IamError } from '../../domain/errors.ts';
import type { EventId } from '../../domain/webhook/public-event.ts';
import type { WebhookDelivery } from '../../domain/webhook/webhook-delivery.ts';
import type { WebhookId } from '../../domain/webhook/webhook-endpoint.ts';
import type { Page, PageRequest } from '../../ports/directories/page.ts';
import type { Ports } from '../../ports/ports.ts';
import type { WebhookAuthority, WebhookKeeper } from './webhook-authority.ts';

type ListDeliveriesDeps = Pick<Ports, 'webhookEndpointDirectory' | 'webhookDeliveries'> & {
  readonly webhookAuthority: WebhookAuthority;
};

/** What became of the events that a webhook was to be told. */
export class ListDeliveries {
  readonly #deps: ListDeliveriesDeps;
  constructor(deps: ListDeliveriesDeps) {
    this.#deps = deps;
  }

  /** Newest event first. @throws IamError `forbidden`, `not-found` */
  async execute(actor: WebhookKeeper, id: WebhookId, request: PageRequest<EventId>): Promise<Page<WebhookDelivery>> {
    const { webhookAuthority, webhookEndpointDirectory, webhookDeliveries } = this.#deps;
    await webhookAuthority.assert(actor);
    const { projectId, tenantId } = actor;
    if ((await webhookEndpointDirectory.byId(projectId, tenantId, id)) === undefined) throw new IamError('not-found');
    return webhookDeliveries.page(projectId, tenantId, id, request);
  }
}
