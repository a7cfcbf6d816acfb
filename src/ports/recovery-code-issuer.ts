import type { StoredRecoveryCode } from '../domain/recovery/recovery-codes.ts';
import type { UserId } from '../domain/user/user.ts';

/** Makes recovery codes `AAAA-BBBB-CCCC` (A–Z, 0–9: 62 bits). Ten hashes MUST cost no more than one password hash. */
export interface RecoveryCodeIssuer {
  issue(
    userId: UserId,
    count: number,
  ): Promise<{ readonly codes: readonly string[]; readonly stored: readonly StoredRecoveryCode[] }>;
}
