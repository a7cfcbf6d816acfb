import { IamError } from '../../domain/errors.ts';
import type { EventId } from '../../domain/webhook/public-event.ts';
import type { WebhookId } from '../../domain/webhook/webhook-endpoint.ts';
import type { Ports } from '../../ports/ports.ts';
import { presentWebhook } from './present-webhook.ts';
import type { WebhookAuthority, WebhookKeeper } from './webhook-authority.ts';
import { webhookRecord } from './webhook-record.ts';

type RedeliverDeps = Pick<Ports, 'eventLog' | 'clock'> & { readonly webhookAuthority: WebhookAuthority };

/** An event is told once more, whatever became of it before, whether or not the webhook was there when it happened. */
export class Redeliver {
  readonly #deps: RedeliverDeps;
  constructor(deps: RedeliverDeps) {
    this.#deps = deps;
  }

  /**
   * @throws IamError `forbidden`, `not-found` for an event, too, that the tenant is not told of, `conflict` for a
   * webhook that is switched off
   */
  async execute(
    actor: WebhookKeeper,
    { id, eventId }: { readonly id: WebhookId; readonly eventId: EventId },
  ): Promise<void> {
    const { webhookAuthority, eventLog, clock } = this.#deps;
    await webhookAuthority.commit(actor, async ({ webhookEndpoints, audit, requireUnchanged }) => {
      const now = clock.now();
      const endpoint = await presentWebhook({ webhookEndpoints }, actor, { id }, now);
      if ((await eventLog.byId(actor, eventId)) === undefined) throw new IamError('not-found');
      if (!endpoint.toState().enabled) throw new IamError('conflict');
      requireUnchanged(endpoint);
      webhookEndpoints.redeliver(endpoint, eventId, now);
      audit.record(webhookRecord(actor, { action: 'webhook.redelivered', id, metadata: { eventId } }, now));
    });
  }
}
