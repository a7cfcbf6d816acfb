import type { PasswordHash } from '../domain/user/user.ts';

export interface PasswordVerdict {
  readonly matches: boolean;
  /** The hash was made with weaker parameters than today's, or in another form. */
  readonly outdated: boolean;
}

/** Makes argon2id, and checks every form that it has taken. Rejects with `overloaded` rather than queue without bound. MUST NOT block the event loop. */
export interface PasswordHasher {
  hash(password: string): Promise<PasswordHash>;
  /** `null` (nobody, or no password) MUST cost what a real hash costs, and never matches. */
  verify(password: string, hash: PasswordHash | null): Promise<PasswordVerdict>;
  /** A hash that an account brings along; `undefined` for what cannot be checked, or would take too much to be. */
  imported(stored: string): PasswordHash | undefined;
}
