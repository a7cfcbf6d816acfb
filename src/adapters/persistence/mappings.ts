import { ApiKey, type ApiKeyState } from '../../domain/project/api-key.ts';
import { AuthProvider, type AuthProviderState } from '../../domain/project/auth-provider.ts';
import { Project, type ProjectState } from '../../domain/project/project.ts';
import { SigningKey, type SigningKeyState } from '../../domain/project/signing-key.ts';
import { RecoveryCodes, type RecoveryCodesState } from '../../domain/recovery/recovery-codes.ts';
import { PermissionModule, type PermissionModuleState } from '../../domain/role/permission-module.ts';
import { Role, type RoleState } from '../../domain/role/role.ts';
import { AuthorizationRequest, type AuthorizationRequestState } from '../../domain/session/authorization-request.ts';
import { OneTimeToken, type OneTimeTokenState } from '../../domain/session/one-time-token.ts';
import { RefreshToken, type RefreshTokenState } from '../../domain/session/refresh-token.ts';
import { SignInChallenge, type SignInChallengeState } from '../../domain/session/sign-in-challenge.ts';
import { Invitation, type InvitationState } from '../../domain/tenant/invitation.ts';
import { Membership, type MembershipState } from '../../domain/tenant/membership.ts';
import { OwnershipTransfer, type OwnershipTransferState } from '../../domain/tenant/ownership-transfer.ts';
import { Tenant, type TenantState } from '../../domain/tenant/tenant.ts';
import { ProviderLink, type ProviderLinkState } from '../../domain/user/provider-link.ts';
import { TotpFactor, type TotpFactorState } from '../../domain/user/totp-factor.ts';
import { User, type UserState } from '../../domain/user/user.ts';
import { WebhookEndpoint, type WebhookEndpointState } from '../../domain/webhook/webhook-endpoint.ts';
import type { Mapping } from './commit/mapping.ts';
import {
  apiKeys,
  authorizationRequests,
  authProviders,
  invitations,
  membershipRoles,
  memberships,
  oneTimeTokens,
  ownershipTransfers,
  permissionModules,
  projects,
  providerLinks,
  recoveryCodes,
  refreshTokens,
  roles,
  signInChallenges,
  signingKeys,
  tenants,
  totpFactors,
  users,
  webhookEndpoints,
} from './schema/index.ts';

/** Where each aggregate lies, and how it comes back. */
export const PROJECT: Mapping<ProjectState, Project> = {
  table: projects,
  key: ['id'],
  rehydrate: Project.rehydrate,
};

export const API_KEY: Mapping<ApiKeyState, ApiKey> = {
  table: apiKeys,
  key: ['projectId', 'id'],
  rehydrate: ApiKey.rehydrate,
};

export const SIGNING_KEY: Mapping<SigningKeyState, SigningKey> = {
  table: signingKeys,
  key: ['projectId', 'kid'],
  rehydrate: SigningKey.rehydrate,
};

export const TENANT: Mapping<TenantState, Tenant> = {
  table: tenants,
  key: ['projectId', 'id'],
  rehydrate: Tenant.rehydrate,
};

export const ROLE: Mapping<RoleState, Role> = {
  table: roles,
  key: ['projectId', 'tenantId', 'id'],
  rehydrate: Role.rehydrate,
};

export const MEMBERSHIP: Mapping<MembershipState, Membership> = {
  table: memberships,
  key: ['projectId', 'tenantId', 'userId'],
  rehydrate: Membership.rehydrate,
  details: ({ projectId, tenantId, userId, roleIds }) =>
    roleIds.map((roleId) => ({
      table: membershipRoles,
      key: ['projectId', 'tenantId', 'userId', 'roleId'],
      row: { projectId, tenantId, userId, roleId },
    })),
};

export const PERMISSION_MODULE: Mapping<PermissionModuleState, PermissionModule> = {
  table: permissionModules,
  key: ['projectId', 'name'],
  rehydrate: PermissionModule.rehydrate,
};

export const INVITATION: Mapping<InvitationState, Invitation> = {
  table: invitations,
  key: ['projectId', 'tenantId', 'id'],
  rehydrate: Invitation.rehydrate,
};

export const OWNERSHIP_TRANSFER: Mapping<OwnershipTransferState, OwnershipTransfer> = {
  table: ownershipTransfers,
  key: ['projectId', 'tenantId', 'id'],
  place: ['projectId', 'tenantId'],
  rehydrate: OwnershipTransfer.rehydrate,
};

export const USER: Mapping<UserState, User> = {
  table: users,
  key: ['projectId', 'id'],
  rehydrate: User.rehydrate,
};

export const REFRESH_TOKEN: Mapping<RefreshTokenState, RefreshToken> = {
  table: refreshTokens,
  key: ['projectId', 'id'],
  rehydrate: RefreshToken.rehydrate,
};

/** The id belongs to the key: whoever holds the old token must not spend the one that took its place. */
export const ONE_TIME_TOKEN: Mapping<OneTimeTokenState, OneTimeToken> = {
  table: oneTimeTokens,
  key: ['projectId', 'userId', 'purpose', 'id'],
  place: ['projectId', 'userId', 'purpose'],
  takesPlace: true,
  rehydrate: OneTimeToken.rehydrate,
};

export const SIGN_IN_CHALLENGE: Mapping<SignInChallengeState, SignInChallenge> = {
  table: signInChallenges,
  key: ['projectId', 'id'],
  rehydrate: SignInChallenge.rehydrate,
};

export const AUTH_PROVIDER: Mapping<AuthProviderState, AuthProvider> = {
  table: authProviders,
  key: ['projectId', 'id'],
  rehydrate: AuthProvider.rehydrate,
};

export const PROVIDER_LINK: Mapping<ProviderLinkState, ProviderLink> = {
  table: providerLinks,
  key: ['projectId', 'id'],
  rehydrate: ProviderLink.rehydrate,
};

export const AUTHORIZATION_REQUEST: Mapping<AuthorizationRequestState, AuthorizationRequest> = {
  table: authorizationRequests,
  key: ['projectId', 'id'],
  rehydrate: AuthorizationRequest.rehydrate,
};

export const RECOVERY_CODES: Mapping<RecoveryCodesState, RecoveryCodes> = {
  table: recoveryCodes,
  key: ['projectId', 'userId'],
  rehydrate: RecoveryCodes.rehydrate,
};

export const TOTP_FACTOR: Mapping<TotpFactorState, TotpFactor> = {
  table: totpFactors,
  key: ['projectId', 'userId'],
  rehydrate: TotpFactor.rehydrate,
};

export const WEBHOOK_ENDPOINT: Mapping<WebhookEndpointState, WebhookEndpoint> = {
  table: webhookEndpoints,
  key: ['projectId', 'tenantId', 'id'],
  rehydrate: WebhookEndpoint.rehydrate,
};
