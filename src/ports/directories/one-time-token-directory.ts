import type { ProjectId } from '../../domain/project/project.ts';
import type { OneTimeTokenPurpose, OneTimeTokenState } from '../../domain/session/one-time-token.ts';
import type { SecretDigest } from '../../domain/session/secret-digest.ts';
import type { EmailAddress } from '../../domain/user/email-address.ts';
import type { UserState } from '../../domain/user/user.ts';

export interface TokenAndHolder {
  readonly token: OneTimeTokenState;
  readonly user: UserState;
}

export interface OneTimeTokenDirectory {
  /** The token of whoever holds the address. */
  byEmail(projectId: ProjectId, email: EmailAddress, purpose: OneTimeTokenPurpose): Promise<TokenAndHolder | undefined>;
  byDigest(
    projectId: ProjectId,
    purpose: OneTimeTokenPurpose,
    digests: readonly SecretDigest[],
  ): Promise<TokenAndHolder | undefined>;
}
