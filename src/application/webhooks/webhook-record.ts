import type { WebhookId } from '../../domain/webhook/webhook-endpoint.ts';
import type { AuditAction, AuditEntry } from '../../ports/audit-trail.ts';
import { audited } from '../audit/audited.ts';
import type { WebhookKeeper } from './webhook-authority.ts';

const SCHEME_AND_HOST = /^https?:\/\/[^\\/?#]+/i;

type What = Pick<AuditEntry, 'before' | 'after' | 'metadata'> & {
  readonly action: Extract<AuditAction, `webhook.${string}`>;
  readonly id: WebhookId;
};

/** What somebody did about a webhook of their tenant. */
export function webhookRecord(actor: WebhookKeeper, { id, before, after, ...what }: What, now: Date): AuditEntry {
  const { projectId, tenantId } = actor;
  const states = { ...(before && { before: asRecorded(before) }), ...(after && { after: asRecorded(after) }) };
  return audited(actor, { ...what, ...states, entityType: 'webhook', entityId: id, projectId, tenantId }, now);
}

/** The path of a receiver is often all that it asks of whoever writes to it, and the trail has other readers. */
function asRecorded(state: NonNullable<What['after']>): NonNullable<What['after']> {
  const { url } = state;
  return typeof url === 'string' ? { ...state, url: SCHEME_AND_HOST.exec(url)?.[0] } : state;
}
