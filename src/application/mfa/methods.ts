import type { AuthenticationMethod } from '../../domain/session/refresh-token.ts';

/** A password alone (RFC 8176 §2). */
export const PASSWORD_METHODS: readonly AuthenticationMethod[] = ['pwd'];

/** Password and code. */
export const MFA_METHODS: readonly AuthenticationMethod[] = ['pwd', 'otp', 'mfa'];

/** A recovery code, in place of every factor. */
export const RECOVERY_METHODS: readonly AuthenticationMethod[] = ['recovery'];

/** What `lastLoginMethod` says of a sign-in. */
export function methodOf(amr: readonly AuthenticationMethod[]): string {
  if (amr.includes('recovery')) return 'recovery';
  return amr.includes('otp') ? 'email_totp' : 'email';
}
