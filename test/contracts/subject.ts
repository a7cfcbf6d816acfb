import type { AuditEntry } from '../../src/ports/audit-trail.ts';
import type { Backlog } from '../../src/ports/backlog.ts';
import type { IdempotencyStore } from '../../src/ports/idempotency-store.ts';
import type { OutboxFeed } from '../../src/ports/outbox-feed.ts';
import type { Ports } from '../../src/ports/ports.ts';

/** Every port that stands on one store. */
export interface StoreSubject
  extends Pick<
    Ports,
    | 'unitOfWork'
    | 'projectDirectory'
    | 'apiKeyDirectory'
    | 'signingKeyDirectory'
    | 'userDirectory'
    | 'accountDirectory'
    | 'sessionDirectory'
    | 'tenantDirectory'
    | 'memberDirectory'
    | 'roleDirectory'
    | 'permissionModuleDirectory'
    | 'invitationDirectory'
    | 'oneTimeTokenDirectory'
    | 'totpFactorDirectory'
    | 'authProviderDirectory'
    | 'providerLinkDirectory'
    | 'recoveryCodesDirectory'
    | 'auditDirectory'
    | 'auditArchive'
    | 'webhookEndpointDirectory'
    | 'eventLog'
    | 'webhookDeliveries'
    | 'attemptBudget'
    | 'housekeeping'
    | 'restoreFence'
    | 'sealedSecrets'
  > {
  readonly outboxFeed: OutboxFeed;
  readonly idempotencyStore: IdempotencyStore;
  readonly backlog: Backlog;
  /** Every committed audit record, in the order of their commits. */
  auditRecords(): Promise<readonly AuditEntry[]>;
  dispose(): Promise<void>;
}

/** Called before each test: the store MUST be empty. */
export type MakeSubject<Subject> = () => Promise<Subject>;
