import { IamError } from '../errors.ts';

/** OpenID Connect Core §2. */
const MAX_SUBJECT = 255;
const MAX_NAME = 128;
/** RFC 5321 §4.5.3.1.3. */
const MAX_EMAIL = 254;

/** What no text here has: control characters, and halves of characters. */
const UNPRINTABLE = /[\p{Cc}\p{Cs}]/u;

/**
 * What a provider calls somebody. A number is one that JSON can tell from its neighbours.
 * @throws IamError `token-invalid`
 */
export function subjectOf(claim: unknown): string {
  const subject = Number.isSafeInteger(claim) ? String(claim) : claim;
  if (typeof subject === 'string' && subject !== '' && subject.length <= MAX_SUBJECT && !UNPRINTABLE.test(subject)) {
    return subject;
  }
  throw new IamError('token-invalid');
}

/** As a name may be here; else none. */
export function nameOf(claim: unknown): string | null {
  const name = textOf(claim, MAX_NAME);
  return name?.includes('://') ? null : name;
}

export function emailOf(claim: unknown): string | null {
  return textOf(claim, MAX_EMAIL);
}

function textOf(claim: unknown, maxLength: number): string | null {
  if (typeof claim !== 'string') return null;
  const text = claim.trim();
  return text === '' || text.length > maxLength || UNPRINTABLE.test(text) ? null : text;
}
