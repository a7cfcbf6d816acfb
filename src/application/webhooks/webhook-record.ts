import type { WebhookId } from '../../domain/webhook/webhook-endpoint.ts';
import type { AuditAction, AuditEntry } from '../../ports/audit-trail.ts';
import { audited } from '../audit/audited.ts';
import type { WebhookKeeper } from './webhook-authority.ts';

type What = Pick<AuditEntry, 'before' | 'after' | 'metadata'> & {
  readonly action: Extract<AuditAction, `webhook.${string}`>;
  readonly id: WebhookId;
};

/** What somebody did about a webhook of their tenant. */
export function webhookRecord(actor: WebhookKeeper, { id, ...what }: What, now: Date): AuditEntry {
  const { projectId, tenantId } = actor;
  return audited(actor, { ...what, entityType: 'webhook', entityId: id, projectId, tenantId }, now);
}
