import { IamError } from '../../domain/errors.ts';
import type { OneTimeTokenPurpose } from '../../domain/session/one-time-token.ts';
import type { EmailAddress } from '../../domain/user/email-address.ts';
import type { TokenAndHolder } from '../../ports/directories/one-time-token-directory.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Visitor } from '../actor.ts';
import { recordFailedAttempt } from '../authentication/failed-attempt.ts';
import { assertGranted, isClosed, type PasswordAttempts } from '../authentication/password-attempts.ts';
import type { Policy } from '../policy.ts';
import { otpContext } from './secret-context.ts';

type MailedCodesDeps = Pick<
  Ports,
  'unitOfWork' | 'oneTimeTokenDirectory' | 'attemptBudget' | 'secretIssuer' | 'clock'
> & {
  readonly passwordAttempts: PasswordAttempts;
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
    visitor: Visitor,
    email: EmailAddress,
    purpose: OneTimeTokenPurpose,
    otp: string,
  ): Promise<TokenAndHolder> {
    const { unitOfWork, oneTimeTokenDirectory, passwordAttempts, attemptBudget, secretIssuer, clock, policy } =
      this.#deps;
    const { projectId, origin } = visitor;
    const now = clock.now();
    const account = { projectId, budget: 'otp-account', subject: email } as const;
    const byAccount = await attemptBudget.reserve(account, policy.attempts['otp-account'], now);
    assertGranted(byAccount);
    if (isClosed(byAccount) && !(await passwordAttempts.isFamiliar(projectId, email, origin))) {
      throw new IamError('rate-limited', { retryAfterSeconds: policy.attempts['otp-account'].windowSeconds });
    }
    const found = await oneTimeTokenDirectory.byEmail(projectId, email, purpose);
    const code = { projectId, budget: 'otp-code', subject: found?.token.id ?? `${purpose} ${email}` } as const;
    const byCode = await attemptBudget.reserve(code, policy.attempts['otp-code'], now);
    if (
      found === undefined ||
      !byCode.granted ||
      found.token.expiresAt <= now ||
      found.token.email !== found.user.email ||
      !secretIssuer.matches(otpContext(purpose, found.token.id), otp, found.token.digest)
    ) {
      await recordFailedAttempt(this.#deps, visitor, {
        action: 'auth.code.failed',
        email,
        userId: found?.user.id ?? null,
        failures: byAccount.failures,
      });
      throw new IamError('otp-invalid');
    }
    // A right code is given back too: what is refused after it, like a weak password, spends none of its tries.
    await unitOfWork.run(async ({ attempts }) => attempts.succeed([account, code], now));
    return found;
  }
}
