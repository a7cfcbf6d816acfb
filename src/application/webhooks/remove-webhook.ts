import type { WebhookId } from '../../domain/webhook/webhook-endpoint.ts';
import type { Ports } from '../../ports/ports.ts';
import { presentWebhook, type WebhookMatch } from './present-webhook.ts';
import type { WebhookAuthority, WebhookKeeper } from './webhook-authority.ts';
import { webhookRecord } from './webhook-record.ts';

type RemoveWebhookDeps = Pick<Ports, 'clock'> & { readonly webhookAuthority: WebhookAuthority };

/** Nothing is delivered there any more, not even what was due. */
export class RemoveWebhook {
  readonly #deps: RemoveWebhookDeps;
  constructor(deps: RemoveWebhookDeps) {
    this.#deps = deps;
  }

  /** @throws IamError `forbidden`, `not-found`, `precondition-failed` */
  async execute(
    actor: WebhookKeeper,
    { id, ifMatch }: { readonly id: WebhookId; readonly ifMatch?: WebhookMatch | undefined },
  ): Promise<void> {
    const { webhookAuthority, clock } = this.#deps;
    await webhookAuthority.commit(actor, async ({ webhookEndpoints, audit }) => {
      const now = clock.now();
      const endpoint = await presentWebhook({ webhookEndpoints }, actor, { id, ifMatch }, now);
      const { url, description, eventTypes } = endpoint.toState();
      endpoint.remove(now);
      webhookEndpoints.remove(endpoint);
      const before = { url, description, eventTypes };
      audit.record(webhookRecord(actor, { action: 'webhook.removed', id, before }, now));
    });
  }
}
