import { IamError } from '../../domain/errors.ts';
import type { ProjectId } from '../../domain/project/project.ts';
import type { OneTimeTokenPurpose } from '../../domain/session/one-time-token.ts';
import type { EmailAddress } from '../../domain/user/email-address.ts';
import type { TokenAndHolder } from '../../ports/directories/one-time-token-directory.ts';
import type { Ports } from '../../ports/ports.ts';
import { assertGranted } from '../authentication/password-attempts.ts';
import type { Policy } from '../policy.ts';
import { otpContext } from './secret-context.ts';

type MailedCodesDeps = Pick<Ports, 'oneTimeTokenDirectory' | 'attemptBudget' | 'secretIssuer' | 'clock'> & {
  readonly policy: Policy;
};

/** Six digits from a mail, evaluated on the budgets of the address and of the one code. */
export class MailedCodes {
  readonly #deps: MailedCodesDeps;
  constructor(deps: MailedCodesDeps) {
    this.#deps = deps;
  }

  /**
   * The code and whoever holds it; still to be spent. An address that nobody has costs and answers the same.
   * @throws IamError `otp-invalid`, `rate-limited`
   */
  async assert(
    projectId: ProjectId,
    email: EmailAddress,
    purpose: OneTimeTokenPurpose,
    otp: string,
  ): Promise<TokenAndHolder> {
    const { oneTimeTokenDirectory, attemptBudget, secretIssuer, clock, policy } = this.#deps;
    const now = clock.now();
    const account = { projectId, budget: 'otp-account', subject: email } as const;
    assertGranted(await attemptBudget.reserve(account, policy.attempts['otp-account'], now));
    const found = await oneTimeTokenDirectory.byEmail(projectId, email, purpose);
    const code = { projectId, budget: 'otp-code', subject: found?.token.id ?? `${purpose} ${email}` } as const;
    const reservation = await attemptBudget.reserve(code, policy.attempts['otp-code'], now);
    if (
      found === undefined ||
      !reservation.granted ||
      found.token.expiresAt <= now ||
      found.token.email !== found.user.email ||
      !secretIssuer.matches(otpContext(purpose, found.token.id), otp, found.token.digest)
    ) {
      throw new IamError('otp-invalid');
    }
    await attemptBudget.succeed([account], now);
    return found;
  }
}
