import type { StoredRecoveryCode } from '../domain/recovery/recovery-codes.ts';
import type { SecretDigest } from '../domain/session/secret-digest.ts';
import type { UserId } from '../domain/user/user.ts';

/** Recovery codes `AAAA-BBBB-CCCC` (A–Z, 0–9: 62 bits). Ten hashes MUST cost no more than one password hash. */
export interface RecoveryCodeIssuer {
  issue(
    userId: UserId,
    count: number,
  ): Promise<{ readonly codes: readonly string[]; readonly stored: readonly StoredRecoveryCode[] }>;
  /**
   * The tag of the stored code that `presented` is, in whatever case and with or without dashes. MUST know codes that
   * were made under any master key, and MUST cost the same whether or not there is such a code, or anybody at all.
   */
  verify(
    userId: UserId | undefined,
    presented: string,
    stored: readonly StoredRecoveryCode[],
  ): Promise<SecretDigest | undefined>;
}
