import type { Backlog } from '../../ports/backlog.ts';
import type { IdempotencyStore } from '../../ports/idempotency-store.ts';
import type { OutboxFeed } from '../../ports/outbox-feed.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Readiness } from '../../ports/readiness.ts';
import { attemptBudget } from './attempt-budget.ts';
import { auditArchive } from './audit-archive.ts';
import { backlog } from './backlog.ts';
import type { Database } from './database.ts';
import { accountDirectory } from './directories/account-directory.ts';
import { apiKeyDirectory } from './directories/api-key-directory.ts';
import { auditDirectory } from './directories/audit-directory.ts';
import { authProviderDirectory } from './directories/auth-provider-directory.ts';
import { invitationDirectory } from './directories/invitation-directory.ts';
import { memberDirectory } from './directories/member-directory.ts';
import { oneTimeTokenDirectory } from './directories/one-time-token-directory.ts';
import { permissionModuleDirectory } from './directories/permission-module-directory.ts';
import { projectDirectory } from './directories/project-directory.ts';
import { providerLinkDirectory } from './directories/provider-link-directory.ts';
import { recoveryCodesDirectory } from './directories/recovery-codes-directory.ts';
import { roleDirectory } from './directories/role-directory.ts';
import { sessionDirectory } from './directories/session-directory.ts';
import { signingKeyDirectory } from './directories/signing-key-directory.ts';
import { tenantDirectory } from './directories/tenant-directory.ts';
import { totpFactorDirectory } from './directories/totp-factor-directory.ts';
import { userDirectory } from './directories/user-directory.ts';
import { webhookEndpointDirectory } from './directories/webhook-endpoint-directory.ts';
import { eventLog } from './event-log.ts';
import { housekeeping } from './housekeeping/housekeeping.ts';
import { idempotencyStore } from './idempotency-store.ts';
import { outboxFeed } from './outbox-feed.ts';
import { makeQueries } from './queries/queries.ts';
import { databaseReadiness } from './readiness.ts';
import { restoreFence } from './restore-fence.ts';
import { sealedSecrets } from './sealed-secrets.ts';
import { DrizzleUnitOfWork, type UnitOfWorkDeps } from './unit-of-work.ts';
import { webhookDeliveries } from './webhook-deliveries.ts';

/** Every port that stands on the database. */
export interface PersistencePorts
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
  readonly readiness: Readiness;
  readonly backlog: Backlog;
}

/** All of them share one outbox feed and one event log, so that a commit wakes whoever waits for what it leaves. */
export function persistencePorts(
  database: Database,
  {
    idGenerator,
    attested,
    isTold = () => true,
  }: Pick<UnitOfWorkDeps, 'idGenerator' | 'attested'> & Partial<Pick<UnitOfWorkDeps, 'isTold'>>,
): PersistencePorts {
  const queries = makeQueries(database);
  const feed = outboxFeed(database);
  const log = eventLog(database);
  const told = { isTold, onMessages: feed.added, onEvents: log.added };
  return {
    unitOfWork: new DrizzleUnitOfWork({ database, queries, idGenerator, attested, ...told }),
    projectDirectory: projectDirectory(queries.projects),
    apiKeyDirectory: apiKeyDirectory(queries.apiKeys),
    signingKeyDirectory: signingKeyDirectory(queries.signingKeys),
    userDirectory: userDirectory(queries.users),
    accountDirectory: accountDirectory(queries.accounts),
    sessionDirectory: sessionDirectory(queries.sessions),
    tenantDirectory: tenantDirectory(queries),
    memberDirectory: memberDirectory(queries.members),
    roleDirectory: roleDirectory(queries.roles),
    permissionModuleDirectory: permissionModuleDirectory(queries.permissionModules),
    invitationDirectory: invitationDirectory(queries.invitations),
    oneTimeTokenDirectory: oneTimeTokenDirectory(queries.secrets),
    totpFactorDirectory: totpFactorDirectory(queries.secrets),
    authProviderDirectory: authProviderDirectory(queries.providers),
    providerLinkDirectory: providerLinkDirectory(queries.providers),
    recoveryCodesDirectory: recoveryCodesDirectory(queries.secrets),
    auditDirectory: auditDirectory(database),
    auditArchive: auditArchive(database),
    webhookEndpointDirectory: webhookEndpointDirectory(queries.webhooks),
    eventLog: log,
    webhookDeliveries: webhookDeliveries(database),
    attemptBudget: attemptBudget(database),
    outboxFeed: feed,
    idempotencyStore: idempotencyStore(database),
    housekeeping: housekeeping(database),
    restoreFence: restoreFence(database),
    sealedSecrets: sealedSecrets(database),
    readiness: databaseReadiness(database),
    backlog: backlog(database),
  };
}
