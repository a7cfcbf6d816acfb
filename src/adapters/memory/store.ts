import type { AttestRecord } from '../../domain/audit/attestation.ts';
import type { IamEvent } from '../../domain/events.ts';
import type { ApiKeyState } from '../../domain/project/api-key.ts';
import type { AuthProviderState } from '../../domain/project/auth-provider.ts';
import type { ProjectState } from '../../domain/project/project.ts';
import type { SigningKeyState } from '../../domain/project/signing-key.ts';
import type { RecoveryCodesState } from '../../domain/recovery/recovery-codes.ts';
import type { PermissionModuleState } from '../../domain/role/permission-module.ts';
import type { RoleState } from '../../domain/role/role.ts';
import type { AuthorizationRequestState } from '../../domain/session/authorization-request.ts';
import type { OneTimeTokenState } from '../../domain/session/one-time-token.ts';
import type { RefreshTokenState } from '../../domain/session/refresh-token.ts';
import type { SignInChallengeState } from '../../domain/session/sign-in-challenge.ts';
import type { InvitationState } from '../../domain/tenant/invitation.ts';
import type { MembershipState } from '../../domain/tenant/membership.ts';
import type { OwnershipTransferState } from '../../domain/tenant/ownership-transfer.ts';
import type { TenantState } from '../../domain/tenant/tenant.ts';
import type { AttemptWindow } from '../../domain/user/attempt-window.ts';
import type { ProviderLinkState } from '../../domain/user/provider-link.ts';
import type { TotpFactorState } from '../../domain/user/totp-factor.ts';
import type { UserState } from '../../domain/user/user.ts';
import type { EventId } from '../../domain/webhook/public-event.ts';
import type { WebhookDelivery } from '../../domain/webhook/webhook-delivery.ts';
import type { WebhookEndpointState, WebhookId } from '../../domain/webhook/webhook-endpoint.ts';
import type { AuditEntry } from '../../ports/audit-trail.ts';
import type { StoredAnswer } from '../../ports/idempotency-store.ts';
import { AuditLog } from './audit-log.ts';
import { EventLine } from './event-line.ts';
import { Table } from './table.ts';

export interface SeatCount {
  readonly projectId: string;
  readonly taken: number;
}

export interface OutboxRow {
  readonly event: IamEvent;
  readonly attempts: number;
  /** Nobody may claim it before. */
  readonly availableAt: Date | undefined;
  /** Why it was postponed or buried last. */
  readonly reason: string | undefined;
}

export interface BuriedRow extends OutboxRow {
  readonly buriedAt: Date;
}

export interface AttemptRow {
  readonly window: AttemptWindow | undefined;
  readonly succeededAt: Date | undefined;
}

export interface IdempotencyRow {
  readonly fingerprint: string;
  readonly claimedAt: Date;
  readonly outcome: { readonly answer: StoredAnswer | undefined } | undefined;
}

export interface DeliveryRow extends Omit<WebhookDelivery, 'type'> {
  readonly projectId: TenantState['projectId'];
  readonly tenantId: TenantState['id'];
  readonly webhookId: WebhookId;
  readonly eventId: EventId;
  /** Nobody else may claim it before. */
  readonly leasedUntil: Date | null;
}

/** Rows that belong to a project are kept under its id, so that another project's id finds nothing. */
export function scoped(...parts: readonly string[]): string {
  return parts.join(' ');
}

/** Everything that the memory adapters remember: what a database is to the others. */
export class MemoryStore {
  readonly projects = new Table<ProjectState, 'platform'>({
    key: (project) => project.id,
    unique: { platform: (project) => (project.platform ? 'the one' : undefined) },
    references: (project): boolean => this.tenants.has(scoped(project.id, project.rootTenantId)),
  });
  readonly apiKeys = new Table<ApiKeyState, 'digest', 'project'>({
    key: (key) => scoped(key.projectId, key.id),
    unique: { digest: (key) => scoped(key.projectId, key.digest) },
    groups: { project: (key) => key.projectId },
    references: (key) => this.projects.has(key.projectId),
  });
  readonly signingKeys = new Table<SigningKeyState, never, 'project'>({
    key: (key) => scoped(key.projectId, key.kid),
    groups: { project: (key) => key.projectId },
    references: (key) => this.projects.has(key.projectId),
  });
  readonly tenants = new Table<TenantState, never, 'project' | 'owner'>({
    key: (tenant) => scoped(tenant.projectId, tenant.id),
    groups: {
      project: (tenant) => tenant.projectId,
      owner: (tenant) => (tenant.ownerId === null ? undefined : scoped(tenant.projectId, tenant.ownerId)),
    },
    references: (tenant): boolean => this.projects.has(tenant.projectId),
  });
  readonly roles = new Table<RoleState, 'slug', 'tenant'>({
    key: (role) => scoped(role.projectId, role.tenantId, role.id),
    unique: { slug: (role) => scoped(role.projectId, role.tenantId, role.slug) },
    taken: { slug: 'role-already-exists' },
    groups: { tenant: (role) => scoped(role.projectId, role.tenantId) },
    references: (role) => this.tenants.has(scoped(role.projectId, role.tenantId)),
  });
  readonly memberships = new Table<MembershipState, never, 'tenant' | 'user' | 'role'>({
    key: (member) => scoped(member.projectId, member.tenantId, member.userId),
    groups: {
      tenant: (member) => scoped(member.projectId, member.tenantId),
      user: (member) => scoped(member.projectId, member.userId),
      role: ({ projectId, tenantId, roleIds }) => roleIds.map((roleId) => scoped(projectId, tenantId, roleId)),
    },
    references: (member) =>
      this.tenants.has(scoped(member.projectId, member.tenantId)) &&
      this.users.has(scoped(member.projectId, member.userId)) &&
      member.roleIds.every((roleId) => this.roles.has(scoped(member.projectId, member.tenantId, roleId))),
  });
  readonly permissionModules = new Table<PermissionModuleState, never, 'project'>({
    key: (module) => scoped(module.projectId, module.name),
    groups: { project: (module) => module.projectId },
    references: (module) => this.projects.has(module.projectId),
  });
  readonly invitations = new Table<InvitationState, 'address' | 'digest' | 'user', 'tenant' | 'member'>({
    key: (invitation) => scoped(invitation.projectId, invitation.tenantId, invitation.id),
    unique: {
      address: (invitation) => scoped(invitation.projectId, invitation.tenantId, invitation.email),
      digest: ({ projectId, digest }) => (digest === null ? undefined : scoped(projectId, digest)),
      user: (invitation) => scoped(invitation.projectId, invitation.userId),
    },
    taken: { address: 'invitation-pending' },
    groups: {
      tenant: (invitation) => scoped(invitation.projectId, invitation.tenantId),
      member: (invitation) => scoped(invitation.projectId, invitation.tenantId, invitation.userId),
    },
    references: ({ projectId, tenantId, userId }) => this.memberships.has(scoped(projectId, tenantId, userId)),
  });
  readonly ownershipTransfers = new Table<OwnershipTransferState, never, 'member'>({
    key: (transfer) => scoped(transfer.projectId, transfer.tenantId),
    groups: {
      member: ({ projectId, tenantId, ownerId, newOwnerId }) =>
        [ownerId, newOwnerId].map((userId) => scoped(projectId, tenantId, userId)),
    },
    references: ({ projectId, tenantId, ownerId, newOwnerId }) =>
      [ownerId, newOwnerId].every((userId) => this.memberships.has(scoped(projectId, tenantId, userId))),
  });
  readonly users = new Table<UserState, 'email'>({
    key: (user) => scoped(user.projectId, user.id),
    unique: { email: heldAddress },
    taken: { email: 'email-already-registered' },
    references: (user) => this.projects.has(user.projectId),
  });
  readonly seats = new Table<SeatCount>({
    key: (seats) => seats.projectId,
    references: (seats) => this.projects.has(seats.projectId),
  });
  readonly sessions = new Table<RefreshTokenState, never, 'user' | 'tenant'>({
    key: (session) => scoped(session.projectId, session.id),
    groups: {
      user: (session) => scoped(session.projectId, session.userId),
      tenant: (session) => scoped(session.projectId, session.tenantId),
    },
    references: (session) =>
      this.users.has(scoped(session.projectId, session.userId)) &&
      this.tenants.has(scoped(session.projectId, session.tenantId)),
  });
  readonly oneTimeTokens = new Table<OneTimeTokenState, 'digest', 'user'>({
    key: (token) => scoped(token.projectId, token.userId, token.purpose),
    unique: { digest: (token) => scoped(token.projectId, token.purpose, token.digest) },
    groups: { user: (token) => scoped(token.projectId, token.userId) },
    references: (token) => this.users.has(scoped(token.projectId, token.userId)),
  });
  readonly challenges = new Table<SignInChallengeState, 'digest', 'user'>({
    key: (challenge) => scoped(challenge.projectId, challenge.id),
    unique: { digest: (challenge) => scoped(challenge.projectId, challenge.kind, challenge.digest) },
    groups: { user: (challenge) => scoped(challenge.projectId, challenge.userId) },
    references: (challenge) => this.users.has(scoped(challenge.projectId, challenge.userId)),
  });
  readonly authProviders = new Table<AuthProviderState, never, 'project'>({
    key: (provider) => scoped(provider.projectId, provider.id),
    groups: { project: (provider) => provider.projectId },
    references: (provider) => this.projects.has(provider.projectId),
  });
  readonly providerLinks = new Table<ProviderLinkState, 'identity' | 'ofUser', 'user' | 'provider'>({
    key: (link) => scoped(link.projectId, link.id),
    unique: {
      identity: (link) => scoped(link.projectId, link.providerId, link.externalId),
      ofUser: (link) => scoped(link.projectId, link.userId, link.providerId),
    },
    taken: { identity: 'provider-already-linked', ofUser: 'provider-already-linked' },
    groups: {
      user: (link) => scoped(link.projectId, link.userId),
      provider: (link) => scoped(link.projectId, link.providerId),
    },
    references: (link) =>
      this.users.has(scoped(link.projectId, link.userId)) &&
      this.authProviders.has(scoped(link.projectId, link.providerId)),
  });
  readonly authorizationRequests = new Table<AuthorizationRequestState, 'digest', 'user' | 'provider'>({
    key: (request) => scoped(request.projectId, request.id),
    unique: { digest: (request) => scoped(request.projectId, request.digest) },
    groups: {
      user: ({ projectId, userId }) => (userId === null ? undefined : scoped(projectId, userId)),
      provider: (request) => scoped(request.projectId, request.providerId),
    },
    references: ({ projectId, providerId, userId }) =>
      this.authProviders.has(scoped(projectId, providerId)) &&
      (userId === null || this.users.has(scoped(projectId, userId))),
  });
  readonly recoveryCodes = new Table<RecoveryCodesState>({
    key: (codes) => scoped(codes.projectId, codes.userId),
    references: (codes) => this.users.has(scoped(codes.projectId, codes.userId)),
  });
  readonly totpFactors = new Table<TotpFactorState>({
    key: (factor) => scoped(factor.projectId, factor.userId),
    references: (factor) => this.users.has(scoped(factor.projectId, factor.userId)),
  });

  readonly webhookEndpoints = new Table<WebhookEndpointState, never, 'tenant'>({
    key: (endpoint) => scoped(endpoint.projectId, endpoint.tenantId, endpoint.id),
    groups: { tenant: (endpoint) => scoped(endpoint.projectId, endpoint.tenantId) },
    references: (endpoint) => this.tenants.has(scoped(endpoint.projectId, endpoint.tenantId)),
  });
  readonly webhookDeliveries = new Table<DeliveryRow, never, 'webhook' | 'event'>({
    key: ({ projectId, tenantId, webhookId, eventId }) => scoped(projectId, tenantId, webhookId, eventId),
    groups: {
      webhook: ({ projectId, tenantId, webhookId }) => scoped(projectId, tenantId, webhookId),
      event: (delivery) => delivery.eventId,
    },
    references: ({ projectId, tenantId, webhookId }) =>
      this.webhookEndpoints.has(scoped(projectId, tenantId, webhookId)),
  });
  readonly events = new EventLine();

  /** Oldest first, under the event's id. */
  readonly outbox = new Map<string, OutboxRow>();
  /** Messages that nobody could deliver. */
  readonly buried = new Map<string, BuriedRow>();
  readonly outboxListeners: (() => void)[] = [];
  readonly attempts = new Map<string, AttemptRow>();
  readonly idempotencyKeys = new Map<string, IdempotencyRow>();
  readonly auditLog: AuditLog;
  #commits = 0;

  constructor(attested: AttestRecord) {
    this.auditLog = new AuditLog(attested);
  }

  /** Every committed audit record, oldest first. */
  auditRecords(): readonly AuditEntry[] {
    return this.auditLog.given();
  }

  nextVersion(): number {
    this.#commits += 1;
    return this.#commits;
  }
}

/** The rule of `UserRepository.byEmail`. */
function heldAddress(user: UserState): string | undefined {
  if (user.email === null || user.status === 'invited') return undefined;
  if (user.deletedAt !== null && user.emailVerifiedAt === null) return undefined;
  return scoped(user.projectId, user.email);
}
