import type { ProviderId } from '../../domain/project/auth-provider.ts';
import type { AuthenticationMethod } from '../../domain/session/refresh-token.ts';

/** A password alone (RFC 8176 §2). */
export const PASSWORD_METHODS: readonly AuthenticationMethod[] = ['pwd'];

/** Password and code. */
export const MFA_METHODS: readonly AuthenticationMethod[] = ['pwd', 'otp', 'mfa'];

/** A code alone, of an account without a password. */
export const CODE_METHODS: readonly AuthenticationMethod[] = ['otp'];

/** A recovery code, in place of every factor. */
export const RECOVERY_METHODS: readonly AuthenticationMethod[] = ['recovery'];

/** Somebody else vouches for the person. */
export const PROVIDER_METHODS: readonly AuthenticationMethod[] = ['ext'];

/** So they do, and a code was shown besides. */
export const PROVIDER_MFA_METHODS: readonly AuthenticationMethod[] = ['ext', 'otp', 'mfa'];

/** What `lastLoginMethod` says of a sign-in. */
export function methodOf(amr: readonly AuthenticationMethod[], providerId: ProviderId | null = null): string {
  if (providerId !== null) return providerId;
  if (amr.includes('recovery')) return 'recovery';
  return amr.includes('otp') ? 'email_totp' : 'email';
}
