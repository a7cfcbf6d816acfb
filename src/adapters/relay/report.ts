import type { ProjectId } from '../../domain/project/project.ts';
import type { EventId } from '../../domain/webhook/public-event.ts';
import type { WebhookId } from '../../domain/webhook/webhook-endpoint.ts';
import type { OutboxMessage } from '../../ports/outbox-feed.ts';

/** What a background run has to tell the operator. */
export interface Trouble {
  readonly what:
    | 'claim-failed'
    | 'settle-failed'
    | 'reaction-failed'
    | 'message-buried'
    | 'sweep-failed'
    | 'seal-failed'
    | 'rotation-failed'
    | 'exchange-failed'
    | 'publish-failed'
    | 'webhook-claim-failed'
    | 'webhook-failed';
  readonly error: unknown;
  readonly projectId?: ProjectId;
  readonly message?: Pick<OutboxMessage, 'id' | 'attempts'> & { readonly type: OutboxMessage['event']['type'] };
  readonly delivery?: { readonly webhookId: WebhookId; readonly eventId: EventId; readonly attempt: number };
}

/** Told instead of a rejection that nobody awaits. MUST NOT throw. */
export type Report = (trouble: Trouble) => void;
