import { invalidField } from '../../domain/errors.ts';
import { parseEventType } from '../../domain/webhook/event-filter.ts';
import type { EventId, PublishedEvent } from '../../domain/webhook/public-event.ts';
import type { Page } from '../../ports/directories/page.ts';
import type { Ports } from '../../ports/ports.ts';
import type { WebhookAuthority, WebhookKeeper } from './webhook-authority.ts';

export interface ListEventsInput {
  /** The last event that is known already. */
  readonly after?: EventId | undefined;
  /** A name, or every name under a prefix: `user.*`. */
  readonly type?: string | undefined;
  /** 1–100. */
  readonly limit: number;
}

type ListEventsDeps = Pick<Ports, 'eventLog'> & { readonly webhookAuthority: WebhookAuthority };

/** What the tenant was told, whether or not it has webhooks. Whoever reads on from the last event misses none. */
export class ListEvents {
  readonly #deps: ListEventsDeps;
  constructor(deps: ListEventsDeps) {
    this.#deps = deps;
  }

  /** Oldest first. @throws IamError `forbidden`, `validation-error` for an `after` that the tenant was not told of */
  async execute(actor: WebhookKeeper, { after, type, limit }: ListEventsInput): Promise<Page<PublishedEvent>> {
    const { webhookAuthority, eventLog } = this.#deps;
    await webhookAuthority.assert(actor);
    if (type !== undefined) parseEventType(type, 'type');
    const page = await eventLog.page(actor, { after, type, limit });
    if (page === undefined) {
      const message = 'is no event that you were told of, or one that is not kept any more';
      throw invalidField('after', message, 'NOT_ALLOWED');
    }
    return page;
  }
}
