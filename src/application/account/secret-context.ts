import type { OneTimeTokenId, OneTimeTokenPurpose } from '../../domain/session/one-time-token.ts';

/** What a mailed link's digest is bound to. */
export function linkContext(purpose: OneTimeTokenPurpose): string {
  return purpose;
}

/** Many people hold the same six digits: a code's digest is bound to the one code. */
export function otpContext(purpose: OneTimeTokenPurpose, id: OneTimeTokenId): string {
  return `${purpose}:${id}`;
}
