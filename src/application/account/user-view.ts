import type { UserState } from '../../domain/user/user.ts';

/** A person as others may see them: no hash, no bookkeeping. */
export type UserView = Omit<
  UserState,
  'passwordHash' | 'sessionEpoch' | 'holdsSeat' | 'disabledByPlatform' | 'emailVerifiedAt' | 'totpEnabledAt'
> & {
  readonly emailVerified: boolean;
  readonly mfaEnabled: boolean;
};

export function userView(state: UserState): UserView {
  const { emailVerifiedAt, totpEnabledAt, ...others } = state;
  const { passwordHash: _, sessionEpoch: __, holdsSeat: ___, disabledByPlatform: ____, ...visible } = others;
  return { ...visible, emailVerified: emailVerifiedAt !== null, mfaEnabled: totpEnabledAt !== null };
}
