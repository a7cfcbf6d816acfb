import type { PasswordHash } from '../../src/domain/user/user.ts';
import type { PasswordHasher, PasswordVerdict, VerifyPassword } from '../../src/ports/password-hasher.ts';

/** Hashes like the one behind it, and knows how often a password was evaluated. */
export class CountingHasher implements PasswordHasher {
  readonly #hasher: PasswordHasher;
  #evaluations = 0;

  constructor(hasher: PasswordHasher) {
    this.#hasher = hasher;
  }

  get evaluations(): number {
    return this.#evaluations;
  }

  hash(password: string): Promise<PasswordHash> {
    return this.#hasher.hash(password);
  }

  verify(password: string, hash: PasswordHash | null): Promise<PasswordVerdict> {
    this.#evaluations += 1;
    return this.#hasher.verify(password, hash);
  }

  withPlace<T>(work: (verify: VerifyPassword) => Promise<T>): Promise<T> {
    return this.#hasher.withPlace((verify) =>
      work((password, hash) => {
        this.#evaluations += 1;
        return verify(password, hash);
      }),
    );
  }

  imported(stored: string): PasswordHash | undefined {
    return this.#hasher.imported(stored);
  }
}
