import { IamError } from '../../domain/errors.ts';
import { type WebhookId, type WebhookView, webhookView } from '../../domain/webhook/webhook-endpoint.ts';
import type { Ports } from '../../ports/ports.ts';
import type { WebhookAuthority, WebhookKeeper } from './webhook-authority.ts';

type ReadWebhookDeps = Pick<Ports, 'webhookEndpointDirectory' | 'clock'> & {
  readonly webhookAuthority: WebhookAuthority;
};

export class ReadWebhook {
  readonly #deps: ReadWebhookDeps;
  constructor(deps: ReadWebhookDeps) {
    this.#deps = deps;
  }

  /** @throws IamError `forbidden`, `not-found` */
  async execute(actor: WebhookKeeper, id: WebhookId): Promise<WebhookView> {
    const { webhookAuthority, webhookEndpointDirectory, clock } = this.#deps;
    await webhookAuthority.assert(actor);
    const state = await webhookEndpointDirectory.byId(actor.projectId, actor.tenantId, id);
    if (state === undefined) throw new IamError('not-found');
    return webhookView(state, clock.now());
  }
}
