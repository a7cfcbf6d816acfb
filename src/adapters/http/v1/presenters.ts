import type { z } from '@hono/zod-openapi';
import { renderSVG } from 'uqr';
import type { Profile } from '../../../application/account/profile.ts';
import type { UserView } from '../../../application/account/user-view.ts';
import type { Registered } from '../../../application/authentication/register.ts';
import type { SignedIn } from '../../../application/authentication/sign-in.ts';
import type { TokenPair } from '../../../application/authentication/token-pairs.ts';
import type { TotpSetUp } from '../../../application/mfa/set-up-totp.ts';
import type { RecoveryCodesLeft } from '../../../application/recovery/read-recovery-codes.ts';
import type { TenantChoice } from '../../../application/tenants/tenant-choice.ts';
import type { ApiKeyView } from '../../../domain/project/api-key.ts';
import type { ProjectState } from '../../../domain/project/project.ts';
import type { SigningKeyState } from '../../../domain/project/signing-key.ts';
import type { RefreshTokenState, SessionId } from '../../../domain/session/refresh-token.ts';
import type { Session } from './account-contract.ts';
import type * as Authentication from './authentication-contract.ts';
import type { MfaSetup } from './mfa-contract.ts';
import { moment } from './moment.ts';
import type * as Projects from './project-contract.ts';
import type * as Recovery from './recovery-contract.ts';
import type * as Users from './user-contract.ts';

export function presentTokens(pair: TokenPair): z.output<typeof Authentication.TokenPair> {
  return { accessToken: pair.accessToken, refreshToken: pair.refreshToken, expiresAt: moment(pair.expiresAt) };
}

export function presentTenantChoice(choice: TenantChoice): z.output<typeof Authentication.TenantChoice> {
  const { id, name, logoUrl, role, roles } = choice;
  return { id, name, logoUrl, role, roles };
}

export function presentSignIn(signIn: SignedIn): z.output<typeof Authentication.SignIn> {
  if (signIn.kind === 'signed-in') return presentTokens(signIn.tokens);
  const { sessionToken, tenants } = signIn;
  return { requiresTenantSelection: true, sessionToken, tenants: tenants.map(presentTenantChoice) };
}

export function presentUser(
  user: UserView,
  place: { readonly tenantId: string; readonly roles: readonly string[] },
): z.output<typeof Users.User> {
  return {
    id: user.id,
    email: user.email,
    pendingEmail: user.pendingEmail,
    firstName: user.firstName,
    lastName: user.lastName,
    phone: user.phone,
    avatarUrl: user.avatarUrl,
    metadata: user.metadata,
    preferences: user.preferences,
    tenantId: place.tenantId,
    roles: place.roles,
    emailVerified: user.emailVerified,
    mfaEnabled: user.mfaEnabled,
    status: user.status,
    createdAt: moment(user.createdAt),
    updatedAt: moment(user.updatedAt),
    deletedAt: moment(user.deletedAt),
  };
}

export function presentProfile(profile: Profile): z.output<typeof Users.OwnProfile> {
  const { user, tenant, roles, permissions, impersonatorId } = profile;
  return {
    ...presentUser(user, { tenantId: tenant.id, roles }),
    permissions: permissions.names(),
    tenant: { id: tenant.id, name: tenant.name, logoUrl: tenant.logoUrl },
    ...(impersonatorId !== null && { actor: { id: impersonatorId } }),
  };
}

export function presentRegistered(registered: Registered): z.output<typeof Authentication.Registered> {
  const { tokens, user, tenant, roles, recoveryCodes } = registered;
  return {
    ...(tokens === null ? { accessToken: null, refreshToken: null, expiresAt: null } : presentTokens(tokens)),
    user: presentUser(user, { tenantId: tenant.id, roles }),
    tenant: { id: tenant.id, name: tenant.name },
    recoveryCodes,
  };
}

/** Four modules of quiet zone around a QR code: without them scanners may not find it (ISO/IEC 18004). */
const QUIET_ZONE = { border: 4 } as const;

export function presentMfaSetup({ secret, uri, recoveryCodes }: TotpSetUp): z.output<typeof MfaSetup> {
  return { secret, otpauthUri: uri, qrCodeSvg: renderSVG(uri, QUIET_ZONE), recoveryCodes };
}

export function presentRecoveryCodesLeft({
  remaining,
  total,
  generatedAt,
}: RecoveryCodesLeft): z.output<typeof Recovery.RecoveryCodesLeft> {
  return { remaining, total, generatedAt: moment(generatedAt) };
}

export function presentSession(
  session: Omit<RefreshTokenState, 'nonce'>,
  current: SessionId,
): z.output<typeof Session> {
  return {
    id: session.id,
    tenantId: session.tenantId,
    createdAt: moment(session.createdAt),
    lastUsedAt: moment(session.rotatedAt),
    ip: session.address,
    userAgent: session.userAgent,
    current: session.id === current,
  };
}

export function presentProject(project: ProjectState): z.output<typeof Projects.Project> {
  const { id, name, rootTenantId, settings, createdAt } = project;
  return { id, name, rootTenantId, settings, createdAt: moment(createdAt) };
}

export function presentApiKey(key: ApiKeyView): z.output<typeof Projects.ApiKey> {
  return {
    id: key.id,
    prefix: key.prefix,
    name: key.name,
    permissions: key.permissions,
    expiresAt: moment(key.expiresAt),
    createdAt: moment(key.createdAt),
    revokedAt: moment(key.revokedAt),
  };
}

/** With the key itself, which is shown this once. */
export function presentCreatedApiKey(key: string, apiKey: ApiKeyView): z.output<typeof Projects.CreatedApiKey> {
  const { id, ...rest } = presentApiKey(apiKey);
  return { id, key, ...rest };
}

/** The public half alone. */
export function presentSigningKey(
  key: Omit<SigningKeyState, 'sealedPrivateJwk'>,
): z.output<typeof Projects.SigningKey> {
  return {
    kid: key.kid,
    algorithm: key.algorithm,
    stage: key.stage,
    publicJwk: key.publicJwk,
    createdAt: moment(key.createdAt),
    activatedAt: moment(key.activatedAt),
    expiresAt: moment(key.expiresAt),
  };
}
