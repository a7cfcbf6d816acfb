import { IamError } from '../errors.ts';
import type { ProjectSettings } from '../project/project-settings.ts';
import type { UserState } from './user.ts';

/** How long an account waits for the proof of its address where the project asks for that. */
export const UNPROVEN_ACCOUNT_LIFE_SECONDS = 7 * 24 * 60 * 60;

/** Whether somebody may have come by an address that is not theirs. Who has none has come by a provider. */
export function isUnproven(user: Pick<UserState, 'email' | 'emailVerifiedAt'>): boolean {
  return user.email !== null && user.emailVerifiedAt === null;
}

/** Whether the address is still to be proven, where the project asks for that. */
export function lacksProof(
  user: Pick<UserState, 'email' | 'emailVerifiedAt'>,
  settings: Pick<ProjectSettings, 'emailVerificationRequired'>,
): boolean {
  return settings.emailVerificationRequired && isUnproven(user);
}

type Standing = Pick<UserState, 'status' | 'deletedAt'>;

/** Whether the account is in use: neither disabled, invited nor deleted. A locked one is: its sessions live on. */
export function isInUse(user: Standing): boolean {
  return (user.status === 'active' || user.status === 'locked') && user.deletedAt === null;
}

/** Whether the account is in use and not locked. */
export function isActive(user: Standing): boolean {
  return user.status === 'active' && user.deletedAt === null;
}

/** Whether the password is the one it was: a new one ends every session, a mere re-hash of the old one does not. */
export function hasSamePassword(
  user: Pick<UserState, 'passwordHash' | 'sessionEpoch'>,
  before: Pick<UserState, 'passwordHash' | 'sessionEpoch'>,
): boolean {
  return user.passwordHash === before.passwordHash || user.sessionEpoch === before.sessionEpoch;
}

/** @throws IamError `account-disabled` */
export function assertInUse(user: Standing): void {
  if (!isInUse(user)) throw new IamError('account-disabled');
}

/** @throws IamError `account-disabled`, `account-locked` */
export function assertActive(user: Standing): void {
  assertInUse(user);
  if (!isActive(user)) throw new IamError('account-locked', {});
}
