/** A hash that a password can be checked against. */
export interface StoredHash {
  /** What one check takes. */
  readonly memoryKib: number;
  /** Whether it is the password that the hash was made of. Runs on the libuv pool, and belongs behind the gate. */
  readonly matches: (password: string) => Promise<boolean>;
}

/**
 * A form that hashes are stored in. `undefined` for what is not of this form, or would take more than a sign-in may:
 * 256 MiB, and about a second of one core.
 */
export type StoredHashForm = (stored: string) => StoredHash | undefined;
