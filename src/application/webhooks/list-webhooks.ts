import { type WebhookView, webhookView } from '../../domain/webhook/webhook-endpoint.ts';
import type { Ports } from '../../ports/ports.ts';
import type { WebhookAuthority, WebhookKeeper } from './webhook-authority.ts';

type ListWebhooksDeps = Pick<Ports, 'webhookEndpointDirectory' | 'clock'> & {
  readonly webhookAuthority: WebhookAuthority;
};

export class ListWebhooks {
  readonly #deps: ListWebhooksDeps;
  constructor(deps: ListWebhooksDeps) {
    this.#deps = deps;
  }

  /** Those of the tenant, oldest first. Never a secret. @throws IamError `forbidden` */
  async execute(actor: WebhookKeeper): Promise<readonly WebhookView[]> {
    const { webhookAuthority, webhookEndpointDirectory, clock } = this.#deps;
    await webhookAuthority.assert(actor);
    const states = await webhookEndpointDirectory.ofTenant(actor.projectId, actor.tenantId);
    return states.map((state) => webhookView(state, clock.now()));
  }
}
