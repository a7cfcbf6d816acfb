import type { z } from '@hono/zod-openapi';
import type { Profile } from '../../../application/account/profile.ts';
import type { UserActor } from '../../../application/actor.ts';
import type { SignIn } from '../../../application/authentication/sign-in.ts';
import type { TokenPair } from '../../../application/authentication/token-pairs.ts';
import { displayName } from '../../../domain/user/display-name.ts';
import type {
  MeView,
  RegisteredView,
  SignedInView,
  SignedInWithTotpView,
  TokensView,
  VerifiedView,
} from './gate-schemas.ts';

type View<Schema extends z.ZodType> = z.input<Schema>;
type SignedIn = Omit<Extract<SignIn, { readonly kind: 'signed-in' }>, 'kind'>;

export function tokensView(pair: TokenPair): View<typeof TokensView> {
  return {
    access_token: pair.accessToken,
    refresh_token: pair.refreshToken,
    token_type: 'bearer',
    expires_in: pair.expiresInSeconds,
  };
}

const NO_TOKENS = { access_token: null, refresh_token: null, token_type: null, expires_in: null } as const;

export function registeredView(pair: TokenPair | null): View<typeof RegisteredView> {
  const tokens = pair === null ? { ...NO_TOKENS, token_type: 'bearer' as const } : tokensView(pair);
  return { ...tokens, requires_email_verification: pair === null, last_login_method: null };
}

export function signedInView(signIn: SignIn): View<typeof SignedInView> {
  if (signIn.kind === 'tenant-selection') throw new Error('the Gate signs in to the root tenant alone');
  if (signIn.kind === 'second-factor') {
    return {
      ...NO_TOKENS,
      requires_totp: true,
      login_ticket: signIn.ticket,
      last_login_method: signIn.lastLoginMethod,
    };
  }
  return { ...signedInWithTotpView(signIn), requires_totp: false, login_ticket: null };
}

export function signedInWithTotpView({ tokens, lastLoginMethod }: SignedIn): View<typeof SignedInWithTotpView> {
  return { ...tokensView(tokens), last_login_method: lastLoginMethod };
}

export function meView({ user, roles, permissions }: Profile): View<typeof MeView> {
  return {
    id: user.id,
    email: user.email,
    name: displayName(user),
    phone: user.phone,
    is_active: user.status === 'active' && user.deletedAt === null,
    email_verified: user.emailVerified,
    totp_enabled: user.mfaEnabled,
    metadata: user.metadata,
    last_login_method: user.lastLoginMethod,
    roles: [...roles],
    permissions: [...permissions.claimableNames()],
  };
}

export function verifiedView(actor: UserActor): View<typeof VerifiedView> {
  return {
    valid: true,
    user_id: actor.userId,
    tenant_id: actor.tenantId,
    roles: [...actor.roles],
    permissions: [...actor.permissions.claimableNames()],
  };
}
