import type { IamEventType } from '../../domain/events.ts';
import type { AttemptBudget } from '../../ports/attempt-budget.ts';
import type { ApiKeyDirectory } from '../../ports/directories/api-key-directory.ts';
import type { OneTimeTokenDirectory } from '../../ports/directories/one-time-token-directory.ts';
import type { ProjectDirectory } from '../../ports/directories/project-directory.ts';
import type { SessionDirectory } from '../../ports/directories/session-directory.ts';
import type { SigningKeyDirectory } from '../../ports/directories/signing-key-directory.ts';
import type { TenantDirectory } from '../../ports/directories/tenant-directory.ts';
import type { UserDirectory } from '../../ports/directories/user-directory.ts';
import type { Housekeeping } from '../../ports/housekeeping.ts';
import type { IdGenerator } from '../../ports/id-generator.ts';
import type { IdempotencyStore } from '../../ports/idempotency-store.ts';
import type { OutboxFeed } from '../../ports/outbox-feed.ts';
import type { Readiness } from '../../ports/readiness.ts';
import type { UnitOfWork } from '../../ports/unit-of-work.ts';
import { attemptBudget } from './attempt-budget.ts';
import type { Database } from './database.ts';
import { apiKeyDirectory } from './directories/api-key-directory.ts';
import { oneTimeTokenDirectory } from './directories/one-time-token-directory.ts';
import { projectDirectory } from './directories/project-directory.ts';
import { sessionDirectory } from './directories/session-directory.ts';
import { signingKeyDirectory } from './directories/signing-key-directory.ts';
import { tenantDirectory } from './directories/tenant-directory.ts';
import { userDirectory } from './directories/user-directory.ts';
import { housekeeping } from './housekeeping/housekeeping.ts';
import { idempotencyStore } from './idempotency-store.ts';
import { outboxFeed } from './outbox-feed.ts';
import { makeQueries } from './queries/queries.ts';
import { databaseReadiness } from './readiness.ts';
import { DrizzleUnitOfWork } from './unit-of-work.ts';

/** Every port that stands on the database. */
export interface PersistencePorts {
  readonly unitOfWork: UnitOfWork;
  readonly projectDirectory: ProjectDirectory;
  readonly apiKeyDirectory: ApiKeyDirectory;
  readonly signingKeyDirectory: SigningKeyDirectory;
  readonly userDirectory: UserDirectory;
  readonly sessionDirectory: SessionDirectory;
  readonly tenantDirectory: TenantDirectory;
  readonly oneTimeTokenDirectory: OneTimeTokenDirectory;
  readonly attemptBudget: AttemptBudget;
  readonly outboxFeed: OutboxFeed;
  readonly idempotencyStore: IdempotencyStore;
  readonly housekeeping: Housekeeping;
  readonly readiness: Readiness;
}

/** All of them share one outbox feed, so that a commit wakes whoever waits for its messages. */
export function persistencePorts(
  database: Database,
  {
    idGenerator,
    isTold = () => true,
  }: { readonly idGenerator: IdGenerator; readonly isTold?: (type: IamEventType) => boolean },
): PersistencePorts {
  const queries = makeQueries(database);
  const feed = outboxFeed(database);
  return {
    unitOfWork: new DrizzleUnitOfWork({ database, queries, idGenerator, isTold, onMessages: feed.added }),
    projectDirectory: projectDirectory(queries.projects),
    apiKeyDirectory: apiKeyDirectory(queries.apiKeys),
    signingKeyDirectory: signingKeyDirectory(queries.signingKeys),
    userDirectory: userDirectory(queries.users),
    sessionDirectory: sessionDirectory(queries.sessions),
    tenantDirectory: tenantDirectory(queries.tenants),
    oneTimeTokenDirectory: oneTimeTokenDirectory(queries.secrets),
    attemptBudget: attemptBudget(database),
    outboxFeed: feed,
    idempotencyStore: idempotencyStore(database),
    housekeeping: housekeeping(database),
    readiness: databaseReadiness(database),
  };
}
