import type { UserState } from './user.ts';

/** The one name that the Gate API knows: names given apart are joined. */
export function displayName(user: Pick<UserState, 'firstName' | 'lastName'>): string | null {
  const parts = [user.firstName, user.lastName].filter((part) => part !== null);
  return parts.length > 0 ? parts.join(' ') : null;
}
