import { IamError } from '../../domain/errors.ts';
import { bodyOf } from '../../domain/webhook/public-event.ts';
import { outcomeOf, type ReceiverAnswer, saysGone } from '../../domain/webhook/webhook-delivery.ts';
import {
  hasGivenUp,
  liveSecrets,
  type WebhookDisabledReason,
  webhookBinding,
} from '../../domain/webhook/webhook-endpoint.ts';
import type { Ports } from '../../ports/ports.ts';
import type { ClaimedDelivery } from '../../ports/webhook-deliveries.ts';
import { OPERATOR } from '../actor.ts';
import { audited } from '../audit/audited.ts';

type DeliverWebhookDeps = Pick<Ports, 'webhookDeliveries' | 'webhookSender' | 'secretBox' | 'unitOfWork' | 'clock'>;

/** One attempt to tell one endpoint of one event, and what follows from it. */
export class DeliverWebhook {
  readonly #deps: DeliverWebhookDeps;
  constructor(deps: DeliverWebhookDeps) {
    this.#deps = deps;
  }

  /**
   * A receiver that does not answer is no failure of this: the delivery is tried again later. Secrets that this side
   * cannot open are none of the receiver's: it comes back when its lease ends.
   */
  async execute(claimed: ClaimedDelivery): Promise<void> {
    const timestamp = this.#deps.clock.now();
    const secrets = this.#secretsOf(claimed, timestamp);
    let answer: ReceiverAnswer | undefined;
    try {
      answer = await this.#answerTo(claimed, secrets, timestamp);
    } finally {
      await this.#conclude(claimed, answer);
    }
  }

  /** `undefined`: none. */
  async #answerTo(
    { endpoint, event }: ClaimedDelivery,
    secrets: readonly string[],
    timestamp: Date,
  ): Promise<ReceiverAnswer | undefined> {
    try {
      return await this.#deps.webhookSender.send({
        url: endpoint.url,
        id: event.id,
        timestamp,
        body: bodyOf(event),
        secrets,
      });
    } catch (error) {
      if (error instanceof IamError && error.is('unavailable')) return undefined;
      throw error;
    }
  }

  #secretsOf({ endpoint }: ClaimedDelivery, timestamp: Date): readonly string[] {
    const binding = webhookBinding(endpoint);
    return liveSecrets(endpoint, timestamp).map((sealed) => this.#deps.secretBox.open(sealed, binding));
  }

  async #conclude(claimed: ClaimedDelivery, answer: ReceiverAnswer | undefined): Promise<void> {
    const { webhookDeliveries, clock } = this.#deps;
    const now = clock.now();
    const outcome = outcomeOf(answer, { attempt: claimed.attempt, chance: Math.random(), now });
    await webhookDeliveries.settle(claimed, outcome, now);
    if (saysGone(answer)) await this.#disable(claimed, 'gone', now);
    else if (outcome.status !== 'delivered' && hasGivenUp(claimed.endpoint, now))
      await this.#disable(claimed, 'failing', now);
  }

  /** Unless somebody has seen to it since. */
  async #disable({ endpoint: seen }: ClaimedDelivery, reason: WebhookDisabledReason, now: Date): Promise<void> {
    const { projectId, tenantId, id } = seen;
    await this.#deps.unitOfWork.run(async ({ webhookEndpoints, audit }) => {
      const endpoint = await webhookEndpoints.byId(projectId, tenantId, id);
      if (endpoint === undefined || endpoint.toState().url !== seen.url) return;
      if (reason === 'failing' && !hasGivenUp(endpoint.toState(), now)) return;
      if (!endpoint.disable(reason, now)) return;
      webhookEndpoints.save(endpoint);
      const what = { action: 'webhook.disabled', entityType: 'webhook', entityId: id, metadata: { reason } } as const;
      audit.record(audited(OPERATOR, { ...what, projectId, tenantId }, now));
    });
  }
}
