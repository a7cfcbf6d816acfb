import type { RequestEvent } from '../domain/events.ts';
import type { AggregateRoot } from '../domain/kernel/aggregate-root.ts';
import type { DomainEvent } from '../domain/kernel/domain-event.ts';
import type { AttemptLedger } from './attempt-budget.ts';
import type { AuditTrail } from './audit-trail.ts';
import type { ApiKeyRepository } from './repositories/api-key-repository.ts';
import type { AuthProviderRepository } from './repositories/auth-provider-repository.ts';
import type { AuthorizationRequestRepository } from './repositories/authorization-request-repository.ts';
import type { InvitationRepository } from './repositories/invitation-repository.ts';
import type { MembershipRepository } from './repositories/membership-repository.ts';
import type { OneTimeTokenRepository } from './repositories/one-time-token-repository.ts';
import type { OwnershipTransferRepository } from './repositories/ownership-transfer-repository.ts';
import type { PermissionModuleRepository } from './repositories/permission-module-repository.ts';
import type { ProjectRepository } from './repositories/project-repository.ts';
import type { ProviderLinkRepository } from './repositories/provider-link-repository.ts';
import type { RecoveryCodesRepository } from './repositories/recovery-codes-repository.ts';
import type { RefreshTokenRepository } from './repositories/refresh-token-repository.ts';
import type { RoleRepository } from './repositories/role-repository.ts';
import type { SeatRepository } from './repositories/seat-repository.ts';
import type { SignInChallengeRepository } from './repositories/sign-in-challenge-repository.ts';
import type { SigningKeyRepository } from './repositories/signing-key-repository.ts';
import type { TenantRepository } from './repositories/tenant-repository.ts';
import type { TotpFactorRepository } from './repositories/totp-factor-repository.ts';
import type { UserRepository } from './repositories/user-repository.ts';
import type { WebhookEndpointRepository } from './repositories/webhook-endpoint-repository.ts';

/**
 * What a unit of work works on. Reads see what was committed before them, never this unit's own saves; what is read
 * twice is one aggregate. `save` only collects: an aggregate that was read here is updated provided that nobody saved
 * it since, any other is inserted. What is saved is newer than before, even where it says the same: whoever decides by
 * what belongs to it has to look again.
 */
export interface Repositories {
  readonly projects: ProjectRepository;
  readonly apiKeys: ApiKeyRepository;
  readonly signingKeys: SigningKeyRepository;
  readonly tenants: TenantRepository;
  readonly roles: RoleRepository;
  readonly memberships: MembershipRepository;
  readonly permissionModules: PermissionModuleRepository;
  readonly invitations: InvitationRepository;
  readonly ownershipTransfers: OwnershipTransferRepository;
  readonly users: UserRepository;
  readonly seats: SeatRepository;
  readonly refreshTokens: RefreshTokenRepository;
  readonly oneTimeTokens: OneTimeTokenRepository;
  readonly signInChallenges: SignInChallengeRepository;
  readonly authProviders: AuthProviderRepository;
  readonly providerLinks: ProviderLinkRepository;
  readonly authorizationRequests: AuthorizationRequestRepository;
  readonly recoveryCodes: RecoveryCodesRepository;
  readonly totpFactors: TotpFactorRepository;
  readonly webhookEndpoints: WebhookEndpointRepository;
  readonly attempts: AttemptLedger;
  readonly audit: AuditTrail;
  /** Events that no aggregate records, because there may be none. */
  readonly events: { record(event: RequestEvent): void };
  /** The commit fails like a lost race when somebody has saved the aggregate since it was read here. */
  requireUnchanged(aggregate: AggregateRoot<DomainEvent>): void;
}

export interface UnitOfWork {
  /**
   * Everything saved through `repositories`, every event those aggregates recorded and every audit entry becomes
   * visible together, after `work` returned, or not at all. `work` may run again when somebody else was first (three
   * times, then `conflict`): it MUST NOT send mail or call the network.
   */
  run<T>(work: (repositories: Repositories) => Promise<T>): Promise<T>;
}
