import { IamError, invalidField, type WeakPasswordReason } from '../errors.ts';
import type { ProjectSettings } from '../project/project-settings.ts';

/** The longest password that is taken; it is hashed whole, never truncated or normalised away. */
export const MAX_PASSWORD_LENGTH = 128;

/** Words that belong to the person or the place, which no password may be made of (ASVS 6.1.2, 6.2.11). */
export interface PasswordContext {
  readonly email: string | null;
  readonly names: readonly (string | null | undefined)[];
}

/** What the lists say of one password. */
export interface PasswordListing {
  readonly common: boolean;
  readonly breached: boolean;
}

/**
 * Length in Unicode code points (NIST SP 800-63B-4 §3.1.1.2), no composition rules.
 * @throws IamError `validation-error` for the length, on the given field
 */
export function assertPasswordLength(password: string, policy: ProjectSettings['passwordPolicy'], field: string): void {
  const length = [...password].length;
  if (length < policy.minLength) {
    throw invalidField(field, `must have at least ${policy.minLength} characters`, 'TOO_SHORT');
  }
  if (length > MAX_PASSWORD_LENGTH) {
    throw invalidField(field, `must have at most ${MAX_PASSWORD_LENGTH} characters`, 'TOO_LONG');
  }
}

/** @throws IamError `weak-password` with every reason */
export function assertPasswordStrength(password: string, context: PasswordContext, listing: PasswordListing): void {
  const reasons: WeakPasswordReason[] = [];
  if (listing.common) reasons.push('common');
  if (listing.breached) reasons.push('breached');
  if (isMadeOfContext(password, context)) reasons.push('contains-own-name-or-address');
  if (reasons.length > 0) throw new IamError('weak-password', { reasons });
}

/** A context word of at least four letters that makes up most of the password gives it away. */
function isMadeOfContext(password: string, context: PasswordContext): boolean {
  const folded = password.toLowerCase();
  const localPart = context.email?.slice(0, context.email.lastIndexOf('@'));
  return [context.email, localPart, ...context.names].some((word) => {
    const term = word?.trim().toLowerCase();
    return term !== undefined && term.length >= 4 && folded.includes(term) && folded.length - term.length < 6;
  });
}
