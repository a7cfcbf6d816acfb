import { parseEventTypes } from '../../domain/webhook/event-filter.ts';
import {
  type WebhookChange,
  type WebhookId,
  type WebhookView,
  webhookView,
} from '../../domain/webhook/webhook-endpoint.ts';
import type { Ports } from '../../ports/ports.ts';
import { changesOf } from '../audit/changes-of.ts';
import { assertReachable } from './assert-reachable.ts';
import { presentWebhook, type WebhookMatch } from './present-webhook.ts';
import type { WebhookAuthority, WebhookKeeper } from './webhook-authority.ts';
import { webhookRecord } from './webhook-record.ts';

export interface ChangeWebhookInput extends WebhookChange {
  readonly id: WebhookId;
  readonly ifMatch?: WebhookMatch | undefined;
}

type ChangeWebhookDeps = Pick<Ports, 'webhookSender' | 'clock'> & { readonly webhookAuthority: WebhookAuthority };

/**
 * Where the tenant is told, of what, and whether at all. What was published or fell due while it was switched off is not
 * delivered later.
 */
export class ChangeWebhook {
  readonly #deps: ChangeWebhookDeps;
  constructor(deps: ChangeWebhookDeps) {
    this.#deps = deps;
  }

  /** @throws IamError `forbidden`, `email-not-verified`, `not-found`, `validation-error`, `precondition-failed` */
  async execute(actor: WebhookKeeper, { id, ifMatch, ...given }: ChangeWebhookInput): Promise<WebhookView> {
    const { webhookAuthority, webhookSender, clock } = this.#deps;
    await webhookAuthority.assertProven(actor);
    const { url, eventTypes } = given;
    const change = { ...given, eventTypes: eventTypes && parseEventTypes(eventTypes) };
    if (url !== undefined) assertReachable(url, webhookSender);
    return webhookAuthority.commit(actor, async ({ webhookEndpoints, audit }) => {
      const now = clock.now();
      const endpoint = await presentWebhook({ webhookEndpoints }, actor, { id, ifMatch }, now);
      const before = webhookView(endpoint.toState(), now);
      endpoint.change(change, now);
      webhookEndpoints.save(endpoint);
      const after = webhookView(endpoint.toState(), now);
      const changes = changesOf<WebhookChange>(change, before, after);
      // A record shows an address by its host alone.
      const moved = after.url === before.url ? {} : { metadata: { urlChanged: true } };
      audit.record(webhookRecord(actor, { action: 'webhook.updated', id, ...changes, ...moved }, now));
      return after;
    });
  }
}
