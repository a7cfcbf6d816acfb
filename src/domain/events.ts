import type { DomainEvent } from './kernel/domain-event.ts';

type Happened<Type extends string, Data = object> = DomainEvent & { readonly type: Type } & Readonly<Data>;

export type ProjectEvent = Happened<'project-created'> | Happened<'project-changed'>;

export type ApiKeyEvent =
  | Happened<'api-key-created', { apiKeyId: string }>
  | Happened<'api-key-revoked', { apiKeyId: string }>;

export type AuthProviderEvent = Happened<
  'auth-provider-configured' | 'auth-provider-changed' | 'auth-provider-removed',
  { providerId: string }
>;

export type SigningKeyEvent = Happened<
  'signing-key-activated' | 'signing-key-superseded' | 'signing-key-removed',
  { kid: string }
>;

export type TenantEvent =
  | Happened<'tenant-created', { tenantId: string; ownerId: string | null }>
  | Happened<'tenant-changed' | 'tenant-blocked' | 'tenant-unblocked', { tenantId: string }>
  | Happened<'tenant-transferred', { tenantId: string; ownerId: string; previousOwnerId: string | null }>;

export type MembershipEvent = Happened<
  'member-joined' | 'member-roles-changed' | 'member-disabled' | 'member-enabled' | 'member-removed',
  { tenantId: string; userId: string }
>;

export type InvitationEvent =
  | Happened<'invitation-offered' | 'invitation-revoked', { tenantId: string; invitationId: string }>
  | Happened<'invitation-accepted', { tenantId: string; invitationId: string; userId: string }>;

export type OwnershipTransferEvent = Happened<
  'transfer-offered' | 'transfer-accepted' | 'transfer-cancelled',
  { tenantId: string; ownerId: string; newOwnerId: string }
>;

export type PermissionModuleEvent = Happened<'module-installed' | 'module-uninstalled', { module: string }>;

export type RoleEvent = Happened<
  'role-created' | 'role-changed' | 'role-deleted',
  { tenantId: string; roleId: string }
>;

export type UserEvent =
  | Happened<'user-registered', { userId: string; dialect: Dialect; proofRequested: boolean }>
  /** Brought along from elsewhere, by whoever runs the process. */
  | Happened<'user-imported', { userId: string }>
  | Happened<'email-verified', { userId: string }>
  | Happened<'email-change-requested', { userId: string; newEmail: string; consentNeeded: boolean }>
  | Happened<'email-changed', { userId: string; oldEmail: string | null }>
  | Happened<'profile-changed', { userId: string }>
  | Happened<'password-changed', { userId: string }>
  | Happened<'password-reset', { userId: string }>
  | Happened<'mfa-enabled', { userId: string }>
  | Happened<'mfa-disabled', { userId: string }>
  | Happened<'account-recovered', { userId: string }>
  | Happened<'user-locked', { userId: string }>
  | Happened<'user-unlocked', { userId: string }>
  | Happened<'user-invited', { userId: string }>
  | Happened<'user-disabled', { userId: string }>
  | Happened<'user-enabled', { userId: string }>
  | Happened<'user-deleted', { userId: string }>
  | Happened<'user-restored', { userId: string }>
  | Happened<'user-removed', { userId: string }>;

export type TotpFactorEvent = Happened<'mfa-setup-started', { userId: string }>;

export type ProviderLinkEvent = Happened<
  'provider-linked' | 'provider-unlinked',
  { userId: string; providerId: string }
>;

export type RecoveryCodesEvent = Happened<'recovery-codes-regenerated', { userId: string }>;

export type RefreshTokenEvent =
  | Happened<'session-opened', { userId: string; tenantId: string; sessionId: string; clientId: Dialect }>
  | Happened<'session-ended', { userId: string; tenantId: string; sessionId: string }>
  | Happened<'refresh-token-reused', { userId: string; tenantId: string; sessionId: string }>;

export type WebhookEvent =
  | Happened<
      'webhook-created' | 'webhook-changed' | 'webhook-removed' | 'webhook-secret-rotated',
      { tenantId: string; webhookId: string }
    >
  | Happened<'webhook-disabled', { tenantId: string; webhookId: string; reason: string }>;

/**
 * What somebody asked for by an address that may or may not be known. Recorded for both, so that asking costs the
 * same; what comes of it is decided when the event is dispatched.
 */
export type RequestEvent =
  | Happened<'password-reset-requested', { email: string; dialect: Dialect }>
  | Happened<'email-verification-requested', { email: string; dialect: Dialect }>
  | Happened<'sign-in-attempts-mounting', { email: string; failures: number }>
  /** Wrong recovery codes have closed the recovery of an address for a while, or until somebody unlocks it. */
  | Happened<'recovery-locked', { email: string; untilUnlocked: boolean }>
  /** One person is to be told of that, in the name of their own project. */
  | Happened<'recovery-alarm', { userId: string; account: string; closed: ClosedRecovery | null }>;

/** Recovery that somebody has to unlock: of whom, in which project, and whether signing in is locked too. */
export interface ClosedRecovery {
  readonly accountId: string;
  readonly project: string;
  readonly accountProjectId: string;
  /** Only people of the platform project are within reach of its owner's API. */
  readonly inPlatform: boolean;
  readonly accountLocked: boolean;
}

export type IamEvent =
  | ProjectEvent
  | ApiKeyEvent
  | SigningKeyEvent
  | AuthProviderEvent
  | TenantEvent
  | MembershipEvent
  | InvitationEvent
  | OwnershipTransferEvent
  | PermissionModuleEvent
  | RoleEvent
  | UserEvent
  | TotpFactorEvent
  | ProviderLinkEvent
  | RecoveryCodesEvent
  | RefreshTokenEvent
  | WebhookEvent
  | RequestEvent;

export type IamEventType = IamEvent['type'];
export type EventOf<Type extends IamEventType> = Extract<IamEvent, { readonly type: Type }>;

/** Which API a session belongs to: the `client_id` of its tokens. */
export type Dialect = 'gate' | 'v1';
