import type { PasswordListing } from '../../domain/user/password-policy.ts';
import type { PasswordLists } from '../../ports/password-lists.ts';
import type { BreachedPasswords } from './breached-passwords.ts';
import type { CommonPasswords } from './common-passwords.ts';

export class KnownPasswordLists implements PasswordLists {
  readonly #common: CommonPasswords;
  readonly #breached: BreachedPasswords;

  constructor(common: CommonPasswords, breached: BreachedPasswords) {
    this.#common = common;
    this.#breached = breached;
  }

  async look(password: string, { breaches }: { readonly breaches: boolean }): Promise<PasswordListing> {
    const [common, breached] = await Promise.all([
      this.#common.has(password),
      breaches ? this.#breached.has(password) : false,
    ]);
    return { common, breached };
  }
}
