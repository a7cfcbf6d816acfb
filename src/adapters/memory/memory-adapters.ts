import type { AttestRecord } from '../../domain/audit/attestation.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Ports } from '../../ports/ports.ts';
import { MemoryAttemptBudget } from './attempt-budget.ts';
import { MemoryAuditArchive } from './audit-archive.ts';
import { memoryAuditDirectory } from './audit-directory.ts';
import { MemoryBacklog } from './backlog.ts';
import { memoryDirectories } from './directories.ts';
import { MemoryEventLog } from './event-log.ts';
import { MemoryHousekeeping } from './housekeeping.ts';
import { MemoryIdempotencyStore } from './idempotency-store.ts';
import { IdnaDomainNames } from './idna-domain-names.ts';
import { MemoryMailbox } from './mailbox.ts';
import { MemoryOutboxFeed } from './outbox-feed.ts';
import { MemoryPermissionCache } from './permission-cache.ts';
import { MemoryRateLimiter } from './rate-limiter.ts';
import { MemoryRestoreFence } from './restore-fence.ts';
import { MemorySealedSecrets } from './sealed-secrets.ts';
import { MemorySessionWatch } from './session-watch.ts';
import { MemoryStore } from './store.ts';
import { SystemClock } from './system-clock.ts';
import { MemoryUnitOfWork } from './unit-of-work.ts';
import { UuidV7Generator } from './uuid-v7-generator.ts';
import { MemoryWebhookDeliveries } from './webhook-deliveries.ts';
import { webhookEndpointDirectory } from './webhook-endpoints.ts';

export interface MemoryAdaptersOptions {
  readonly clock?: Clock;
  readonly attested: AttestRecord;
}

/** Every port that holds something, over one store that lives as long as it is referenced. */
export function memoryAdapters({ clock = new SystemClock(), attested }: MemoryAdaptersOptions) {
  const store = new MemoryStore(attested);
  return {
    store,
    ...memoryDirectories(store),
    unitOfWork: new MemoryUnitOfWork(store),
    auditDirectory: memoryAuditDirectory(store.auditLog),
    auditArchive: new MemoryAuditArchive(store.auditLog),
    attemptBudget: new MemoryAttemptBudget(store),
    housekeeping: new MemoryHousekeeping(store),
    restoreFence: new MemoryRestoreFence(store),
    sealedSecrets: new MemorySealedSecrets(store),
    webhookEndpointDirectory: webhookEndpointDirectory(store),
    eventLog: new MemoryEventLog(store),
    webhookDeliveries: new MemoryWebhookDeliveries(store),
    outboxFeed: new MemoryOutboxFeed(store),
    backlog: new MemoryBacklog(store),
    idempotencyStore: new MemoryIdempotencyStore(store),
    permissionCache: new MemoryPermissionCache(),
    rateLimiter: new MemoryRateLimiter(clock),
    sessionWatch: new MemorySessionWatch(),
    notifier: new MemoryMailbox(),
    domainNames: new IdnaDomainNames(),
    idGenerator: new UuidV7Generator(),
    clock,
  } satisfies Partial<Ports> & Record<string, unknown>;
}
