import type { PasswordListing } from '../domain/user/password-policy.ts';

/** Passwords that everybody tries. The whole value is compared (ASVS 6.2.12). */
export interface PasswordLists {
  /**
   * `common`: on the common list, in any letter case. `breached`: known from a breach; asked of the network only
   * where `breaches` is true, without sending the password, and rejecting with `unavailable` when nobody answers.
   */
  look(password: string, options: { readonly breaches: boolean }): Promise<PasswordListing>;
}
