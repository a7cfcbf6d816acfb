/** Whether it is the password that a hash was made of. Runs on the libuv pool, and belongs behind the gate. */
export type PasswordMatcher = (password: string) => Promise<boolean>;

/**
 * A form that hashes are stored in. `undefined` for what is not of this form, or would take more than a sign-in may:
 * 256 MiB, and about a second of one core.
 */
export type StoredHashForm = (stored: string) => PasswordMatcher | undefined;
