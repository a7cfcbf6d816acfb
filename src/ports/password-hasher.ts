import type { PasswordHash } from '../domain/user/user.ts';

export interface PasswordVerdict {
  readonly matches: boolean;
  /** The hash was made with weaker parameters than today's, or in another form. */
  readonly outdated: boolean;
}

export type VerifyPassword = (password: string, hash: PasswordHash | null) => Promise<PasswordVerdict>;

/** Makes argon2id, and checks every form that it has taken. Rejects with `overloaded` rather than queue without bound. MUST NOT block the event loop. */
export interface PasswordHasher {
  hash(password: string): Promise<PasswordHash>;
  /** `null` (nobody, or no password) MUST cost what a real hash costs, and never matches. */
  verify(...asked: Parameters<VerifyPassword>): ReturnType<VerifyPassword>;
  /**
   * For whoever has something to do before a password is verified: rejects with `overloaded` before any of it is done,
   * or keeps a place until then. `verify` MUST be called once at most.
   */
  withPlace<T>(work: (verify: VerifyPassword) => Promise<T>): Promise<T>;
  /** A hash that an account brings along; `undefined` for what cannot be checked, or would take too much to be. */
  imported(stored: string): PasswordHash | undefined;
}
