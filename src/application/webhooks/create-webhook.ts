import { IamError } from '../../domain/errors.ts';
import { parseEventTypes } from '../../domain/webhook/event-filter.ts';
import {
  MAX_TENANT_WEBHOOKS,
  WebhookEndpoint,
  type WebhookId,
  type WebhookView,
  webhookBinding,
  webhookView,
} from '../../domain/webhook/webhook-endpoint.ts';
import type { Ports } from '../../ports/ports.ts';
import { assertReachable } from './assert-reachable.ts';
import type { NewWebhookSecret } from './new-webhook-secret.ts';
import type { WebhookAuthority, WebhookKeeper } from './webhook-authority.ts';
import { webhookRecord } from './webhook-record.ts';

export interface CreateWebhookInput {
  readonly url: string;
  readonly description?: string | null | undefined;
  /** Names of events, or prefixes (`user.*`). None: all. */
  readonly eventTypes?: readonly string[] | undefined;
}

type CreateWebhookDeps = Pick<Ports, 'webhookSender' | 'idGenerator' | 'clock'> & {
  readonly webhookAuthority: WebhookAuthority;
  readonly newWebhookSecret: NewWebhookSecret;
};

/** One more address that the tenant is told at, of what is published from now on. The secret is in this answer alone. */
export class CreateWebhook {
  readonly #deps: CreateWebhookDeps;
  constructor(deps: CreateWebhookDeps) {
    this.#deps = deps;
  }

  /** @throws IamError `forbidden`, `email-not-verified`, `validation-error`, `webhook-limit-reached`, `not-found` */
  async execute(
    actor: WebhookKeeper,
    input: CreateWebhookInput,
  ): Promise<{ readonly webhook: WebhookView; readonly secret: string }> {
    const { webhookAuthority, newWebhookSecret, webhookSender, idGenerator, clock } = this.#deps;
    await webhookAuthority.assertProven(actor);
    const { projectId, tenantId } = actor;
    const { url, description = null } = input;
    const eventTypes = parseEventTypes(input.eventTypes ?? []);
    assertReachable(url, webhookSender);
    const id = idGenerator.next<WebhookId>();
    const { secret, sealed } = newWebhookSecret.for(webhookBinding({ projectId, id }));
    const webhook = await webhookAuthority.commit(actor, async ({ tenants, webhookEndpoints, audit }) => {
      const now = clock.now();
      const tenant = await tenants.byId(projectId, tenantId);
      if (tenant === undefined) throw new IamError('not-found');
      if ((await webhookEndpoints.countOf(projectId, tenantId)) >= MAX_TENANT_WEBHOOKS)
        throw new IamError('webhook-limit-reached', { limit: MAX_TENANT_WEBHOOKS });
      // Whoever creates another one at the same time finds the tenant changed, and counts again.
      tenants.save(tenant);
      const createdBy = 'apiKeyId' in actor ? actor.apiKeyId : 'userId' in actor ? actor.userId : null;
      const given = { id, projectId, tenantId, url, description, eventTypes, secret: sealed, createdBy };
      const endpoint = WebhookEndpoint.create(given, now);
      webhookEndpoints.save(endpoint);
      const after = { url, description, eventTypes };
      audit.record(webhookRecord(actor, { action: 'webhook.created', id, after }, now));
      return webhookView(endpoint.toState(), now);
    });
    return { webhook, secret };
  }
}
