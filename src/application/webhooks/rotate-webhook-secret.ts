import {
  type WebhookId,
  type WebhookView,
  webhookBinding,
  webhookView,
} from '../../domain/webhook/webhook-endpoint.ts';
import type { Ports } from '../../ports/ports.ts';
import type { NewWebhookSecret } from './new-webhook-secret.ts';
import { presentWebhook } from './present-webhook.ts';
import type { WebhookAuthority, WebhookKeeper } from './webhook-authority.ts';
import { webhookRecord } from './webhook-record.ts';

type RotateWebhookSecretDeps = Pick<Ports, 'clock'> & {
  readonly webhookAuthority: WebhookAuthority;
  readonly newWebhookSecret: NewWebhookSecret;
};

/** A new secret, in this answer alone. For a day both sign, so that the receiver can change over. */
export class RotateWebhookSecret {
  readonly #deps: RotateWebhookSecretDeps;
  constructor(deps: RotateWebhookSecretDeps) {
    this.#deps = deps;
  }

  /** @throws IamError `forbidden`, `email-not-verified`, `not-found` */
  async execute(
    actor: WebhookKeeper,
    id: WebhookId,
  ): Promise<{ readonly webhook: WebhookView; readonly secret: string }> {
    const { webhookAuthority, newWebhookSecret, clock } = this.#deps;
    await webhookAuthority.assertProven(actor);
    const { secret, sealed } = newWebhookSecret.for(webhookBinding({ projectId: actor.projectId, id }));
    const webhook = await webhookAuthority.commit(actor, async ({ webhookEndpoints, audit }) => {
      const now = clock.now();
      const endpoint = await presentWebhook({ webhookEndpoints }, actor, { id }, now);
      endpoint.rotateSecret(sealed, now);
      webhookEndpoints.save(endpoint);
      audit.record(webhookRecord(actor, { action: 'webhook.secret-rotated', id }, now));
      return webhookView(endpoint.toState(), now);
    });
    return { webhook, secret };
  }
}
