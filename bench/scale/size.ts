/** How many people and sessions a town has. */
export interface Size {
  readonly users: number;
  readonly sessions: number;
}

/** What everything is compared with. */
export const VILLAGE: Size = { users: 1_000, sessions: 10_000 };

export const CITY: Size = { users: 1_000_000, sessions: 10_000_000 };

/** For a look in passing. */
export const SUBURB: Size = { users: 100_000, sessions: 1_000_000 };

/** @throws RangeError */
export function sizeOf(given: { readonly users?: string; readonly sessions?: string }, otherwise: Size): Size {
  const size = {
    users: Number(given.users ?? otherwise.users),
    sessions: Number(given.sessions ?? otherwise.sessions),
  };
  for (const [name, count] of Object.entries(size)) {
    if (!Number.isSafeInteger(count) || count < VILLAGE.users) throw new RangeError(`--${name}: at least 1000`);
  }
  return size;
}

/** One person in so many belongs to the tenant that is listed, the others to small ones. A village is one tenant. */
export function strideOf({ users }: Size): number {
  return users > VILLAGE.users ? 10 : 1;
}
