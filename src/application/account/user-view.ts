import type { UserState } from '../../domain/user/user.ts';

/** A person as others may see them: no hash, no bookkeeping. */
export type UserView = Omit<
  UserState,
  'passwordHash' | 'sessionEpoch' | 'holdsSeat' | 'emailVerifiedAt' | 'totpEnabledAt'
> & {
  readonly emailVerified: boolean;
  readonly mfaEnabled: boolean;
};

export function userView(state: UserState): UserView {
  const { passwordHash: _, sessionEpoch: __, holdsSeat: ___, emailVerifiedAt, totpEnabledAt, ...visible } = state;
  return { ...visible, emailVerified: emailVerifiedAt !== null, mfaEnabled: totpEnabledAt !== null };
}
