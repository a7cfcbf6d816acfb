import { randomBytes } from 'node:crypto';
import { uuidv7 } from 'uuidv7';
import { ApiKey, type ApiKeyState } from '../../src/domain/project/api-key.ts';
import { AuthProvider, type AuthProviderState, type ProviderId } from '../../src/domain/project/auth-provider.ts';
import { Project, type ProjectId, type ProjectState } from '../../src/domain/project/project.ts';
import { defaultProjectSettings, type ProjectSettings } from '../../src/domain/project/project-settings.ts';
import { type KeyId, SigningKey } from '../../src/domain/project/signing-key.ts';
import { type RecoveryCodeHash, RecoveryCodes } from '../../src/domain/recovery/recovery-codes.ts';
import { type Role, starterRoles } from '../../src/domain/role/role.ts';
import {
  AuthorizationRequest,
  type AuthorizationRequestState,
} from '../../src/domain/session/authorization-request.ts';
import { OneTimeToken, type OneTimeTokenState } from '../../src/domain/session/one-time-token.ts';
import { type Grant, RefreshToken, type SessionNonce } from '../../src/domain/session/refresh-token.ts';
import type { SealedSecret } from '../../src/domain/session/sealed-secret.ts';
import type { SecretDigest } from '../../src/domain/session/secret-digest.ts';
import { SignInChallenge, type SignInChallengeState } from '../../src/domain/session/sign-in-challenge.ts';
import { Membership, type MembershipState } from '../../src/domain/tenant/membership.ts';
import { Tenant, type TenantId } from '../../src/domain/tenant/tenant.ts';
import type { EmailAddress } from '../../src/domain/user/email-address.ts';
import { ProviderLink, type ProviderLinkState } from '../../src/domain/user/provider-link.ts';
import { type PendingTotp, TotpFactor, type TotpFactorState } from '../../src/domain/user/totp-factor.ts';
import { type PasswordHash, type Registration, User, type UserId } from '../../src/domain/user/user.ts';
import { WebhookEndpoint, type WebhookEndpointState } from '../../src/domain/webhook/webhook-endpoint.ts';
import type { AuditEntry } from '../../src/ports/audit-trail.ts';

export function anId<Id extends string>(): Id {
  return uuidv7() as Id;
}

export function aDigest(): SecretDigest {
  return randomBytes(32).toString('base64url') as SecretDigest;
}

export function anEmail(localPart: string = uuidv7()): EmailAddress {
  return `${localPart}@example.test` as EmailAddress;
}

/** A project with what it cannot be without. */
export interface ProjectParts {
  readonly project: Project;
  readonly tenant: Tenant;
  readonly ownerRole: Role;
  readonly roles: readonly Role[];
}

export function aProject(now: Date, given: Partial<ProjectState> = {}): ProjectParts {
  const projectId = given.id ?? anId<ProjectId>();
  const rootTenantId = given.rootTenantId ?? anId<TenantId>();
  const project = Project.create(
    { name: 'Acme', platform: false, settings: defaultProjectSettings, ...given, id: projectId, rootTenantId },
    now,
  );
  return { project, ...aTenant(now, { id: rootTenantId, projectId, root: true }) };
}

export function aTenant(
  now: Date,
  given: {
    readonly id?: TenantId;
    readonly projectId: ProjectId;
    readonly ownerId?: UserId | null;
    readonly root?: boolean;
  },
): Omit<ProjectParts, 'project'> {
  const { id = anId<TenantId>(), projectId, ownerId = null, root = false } = given;
  const { owner, all } = starterRoles({ projectId, tenantId: id, root, createdBy: ownerId }, anId, now);
  const tenant = Tenant.found({ id, projectId, name: 'Tenant', ownerId, roleCount: all.length }, now);
  return { tenant, ownerRole: owner, roles: all };
}

export function aUser(now: Date, given: Partial<Registration> & Pick<Registration, 'projectId'>): User {
  return User.register(
    {
      id: anId<UserId>(),
      email: anEmail(),
      passwordHash: '$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$aGFzaGhhc2g' as PasswordHash,
      firstName: 'Ada',
      lastName: null,
      phone: null,
      metadata: {},
      holdsSeat: false,
      dialect: 'gate',
      proofRequested: true,
      ...given,
    },
    now,
  );
}

// What follows picks the fields it knows, so that a whole place may be spread into it.

export function aMembership(
  now: Date,
  { projectId, tenantId, userId }: Pick<MembershipState, 'projectId' | 'tenantId' | 'userId'>,
  roles: readonly Role[] = [],
): Membership {
  return Membership.join({ projectId, tenantId, userId, roleIds: roles.map((role) => role.id) }, now);
}

export function aSession(
  now: Date,
  {
    id = anId(),
    projectId,
    tenantId,
    userId,
    clientId = 'gate',
    nonce = randomBytes(16).toString('base64url') as SessionNonce,
    epoch = 0,
    impersonator = null,
    amr = ['pwd'],
    authenticatedAt = now,
    address = '192.0.2.1',
    userAgent = 'test',
  }: Partial<Grant> & Pick<Grant, 'projectId' | 'tenantId' | 'userId'>,
  lifetimes: Partial<ProjectSettings> = {},
): RefreshToken {
  return RefreshToken.issue(
    { id, projectId, tenantId, userId, clientId, nonce, epoch, impersonator, amr, authenticatedAt, address, userAgent },
    { ...defaultProjectSettings, ...lifetimes },
    now,
  );
}

export function aOneTimeToken(
  now: Date,
  {
    id = anId(),
    projectId,
    userId,
    purpose = 'reset-password-link',
    email = anEmail(),
    digest = aDigest(),
  }: Partial<OneTimeTokenState> & Pick<OneTimeTokenState, 'projectId' | 'userId'>,
): OneTimeToken {
  return OneTimeToken.mint({ id, projectId, userId, purpose, email, digest }, now);
}

export function aChallenge(
  now: Date,
  {
    id = anId(),
    projectId,
    userId,
    kind = 'tenant-selection',
    digest = aDigest(),
    epoch = 0,
    amr = ['pwd'],
    providerId = null,
    pendingIdentity = null,
  }: Partial<SignInChallengeState> & Pick<SignInChallengeState, 'projectId' | 'userId'>,
): SignInChallenge {
  const proof = { amr, authenticatedAt: now, providerId, pendingIdentity };
  return SignInChallenge.open({ id, projectId, userId, kind, digest, epoch, ...proof }, now);
}

export function aProvider(
  now: Date,
  {
    id = 'acme' as ProviderId,
    projectId,
    type = 'oidc',
    preset = null,
    name = 'Acme',
    clientId = 'client',
    clientSecret = null,
    issuer = 'https://id.example.test',
    authorizeUrl = null,
    tokenUrl = null,
    userinfoUrl = null,
    mapping = null,
    scopes = [],
    chainIds = [],
    enabled = true,
  }: Partial<AuthProviderState> & Pick<AuthProviderState, 'projectId'>,
): AuthProvider {
  const endpoints = { issuer, authorizeUrl, tokenUrl, userinfoUrl, mapping, scopes, chainIds };
  return AuthProvider.configure(
    { id, projectId, type, preset, name, clientId, clientSecret, enabled, ...endpoints },
    now,
  );
}

export function aProviderLink(
  now: Date,
  {
    id = anId(),
    projectId,
    userId,
    providerId = 'acme' as ProviderId,
    externalId = uuidv7(),
    email = null,
    displayName = null,
  }: Partial<ProviderLinkState> & Pick<ProviderLinkState, 'projectId' | 'userId'>,
): ProviderLink {
  return ProviderLink.link({ id, projectId, userId, providerId, externalId, email, displayName, added: true }, now);
}

export function anAuthorizationRequest(
  now: Date,
  {
    id = anId(),
    projectId,
    providerId = 'acme' as ProviderId,
    intent = 'sign-in',
    digest = aDigest(),
    verifierDigest = aDigest(),
    userId = null,
    sessionId = null,
    returnTo = null,
    memo = aSealedSecret(),
  }: Partial<AuthorizationRequestState> & Pick<AuthorizationRequestState, 'projectId'>,
): AuthorizationRequest {
  return AuthorizationRequest.open(
    { id, projectId, providerId, intent, digest, verifierDigest, userId, sessionId, returnTo, memo },
    now,
  );
}

export function anApiKey(
  now: Date,
  {
    id = anId(),
    projectId,
    digest = aDigest(),
    permissions = ['auth'],
    expiresAt = null,
  }: Partial<ApiKeyState> & Pick<ApiKeyState, 'projectId'>,
): ApiKey {
  return ApiKey.issue({ id, projectId, name: 'Server', digest, prefix: 'ck_abcd', permissions, expiresAt }, now);
}

export function aSigningKey(now: Date, projectId: ProjectId): SigningKey {
  return SigningKey.prepare(
    {
      kid: uuidv7() as KeyId,
      projectId,
      algorithm: 'ES256',
      publicJwk: { kty: 'EC', crv: 'P-256', x: 'x', y: 'y' },
      sealedPrivateJwk: 'v1.key.iv.tag.box' as SealedSecret,
    },
    now,
  );
}

export function someRecoveryCodes(now: Date, projectId: ProjectId, userId: UserId): RecoveryCodes {
  const codes = Array.from({ length: 10 }, () => ({ tag: aDigest(), hash: '$argon2id$code' as RecoveryCodeHash }));
  return RecoveryCodes.generated({ projectId, userId, codes }, now);
}

export function aSealedSecret(): SealedSecret {
  return `v1.key.iv.tag.${uuidv7()}` as SealedSecret;
}

/** An authenticator app that waits for its first code. */
export function aTotpFactor(
  now: Date,
  { projectId, userId }: Pick<TotpFactorState, 'projectId' | 'userId'>,
  pending: Partial<PendingTotp> = {},
): TotpFactor {
  const factor = TotpFactor.none({ projectId, userId });
  factor.begin({ pendingSecret: aSealedSecret(), pendingExpiresAt: null, pendingRecoveryCodes: [], ...pending }, now);
  return factor;
}

export function aWebhook(
  now: Date,
  {
    id = anId(),
    projectId,
    tenantId,
    url = 'https://receiver.example.test/hooks',
    description = null,
    eventTypes = [],
    secret = aSealedSecret(),
    createdBy = null,
  }: Partial<WebhookEndpointState> & Pick<WebhookEndpointState, 'projectId' | 'tenantId'>,
): WebhookEndpoint {
  return WebhookEndpoint.create({ id, projectId, tenantId, url, description, eventTypes, secret, createdBy }, now);
}

export function anAuditEntry(now: Date, given: Partial<AuditEntry> & Pick<AuditEntry, 'projectId'>): AuditEntry {
  return {
    tenantId: null,
    action: 'auth.login.succeeded',
    entityType: 'user',
    entityId: null,
    userId: null,
    actorId: null,
    ip: '192.0.2.1',
    userAgent: null,
    timestamp: now,
    ...given,
  };
}
