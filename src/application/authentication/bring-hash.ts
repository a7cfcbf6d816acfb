import type { PasswordHash, User, UserState } from '../../domain/user/user.ts';

/**
 * The hash that the account is to have from now on, for the password that was checked. Of several at once only the
 * first brings one: answers whether this did.
 */
export function bringHash(
  user: User,
  checked: Pick<UserState, 'passwordHash'>,
  upgraded: PasswordHash | undefined,
): boolean {
  if (upgraded === undefined || user.toState().passwordHash !== checked.passwordHash) return false;
  user.upgradeHash(upgraded);
  return true;
}
