import { ONE_TIME_TOKEN_PURPOSES, type OneTimeTokenPurpose } from '../../domain/session/one-time-token.ts';
import type { User } from '../../domain/user/user.ts';
import type { Repositories } from '../../ports/unit-of-work.ts';

/**
 * Whoever reads the mailbox sets a password: every code and link that was out is void, but for one that is spent by
 * it. A factor in force and the ways in by providers stay with a proven account; what somebody put there before the proof
 * is not this person's, and a set-up in waiting is a pending change. Asked before the user changes.
 */
export async function voidSecrets(
  {
    oneTimeTokens,
    recoveryCodes,
    totpFactors,
    providerLinks,
  }: Pick<Repositories, 'oneTimeTokens' | 'recoveryCodes' | 'totpFactors' | 'providerLinks'>,
  user: User,
  spent?: OneTimeTokenPurpose,
): Promise<void> {
  const { projectId, id } = user.toState();
  oneTimeTokens.discard(
    projectId,
    id,
    ONE_TIME_TOKEN_PURPOSES.filter((purpose) => purpose !== spent),
  );
  const codes = await recoveryCodes.ofUser(projectId, id);
  if (codes !== undefined) {
    codes.void();
    recoveryCodes.save(codes);
  }
  if (!user.emailVerified) providerLinks.discardAll(projectId, id);
  const factor = await totpFactors.ofUser(projectId, id);
  if (factor !== undefined && !(user.emailVerified && factor.inForce)) totpFactors.remove(factor);
}
