import {
  ONE_TIME_TOKEN_LIFE_SECONDS,
  OneTimeToken,
  type OneTimeTokenId,
  type OneTimeTokenPurpose,
} from '../../domain/session/one-time-token.ts';
import type { EmailAddress } from '../../domain/user/email-address.ts';
import type { UserState } from '../../domain/user/user.ts';
import type { Ports } from '../../ports/ports.ts';
import type { IssuedSecret } from '../../ports/secret-issuer.ts';
import { linkContext, otpContext } from '../account/secret-context.ts';

type MailedSecretsDeps = Pick<Ports, 'unitOfWork' | 'secretIssuer' | 'idGenerator' | 'clock'>;
type OtpPurpose = Extract<OneTimeTokenPurpose, `${string}-otp`>;

/** Mints what a mail carries, at the moment that it is sent: the raw secret is never at rest, a new one kills the old. */
export class MailedSecrets {
  readonly #deps: MailedSecretsDeps;
  constructor(deps: MailedSecretsDeps) {
    this.#deps = deps;
  }

  async otp(user: UserState, email: EmailAddress, purpose: OtpPurpose): Promise<{ otp: string; minutes: number }> {
    const id = this.#deps.idGenerator.next<OneTimeTokenId>();
    const issued = this.#deps.secretIssuer.otp(otpContext(purpose, id));
    await this.#keep(user, email, purpose, id, issued);
    return { otp: issued.secret, minutes: ONE_TIME_TOKEN_LIFE_SECONDS[purpose] / 60 };
  }

  async link(user: UserState, email: EmailAddress, purpose: Exclude<OneTimeTokenPurpose, OtpPurpose>): Promise<string> {
    const issued = this.#deps.secretIssuer.token(linkContext(purpose));
    await this.#keep(user, email, purpose, this.#deps.idGenerator.next<OneTimeTokenId>(), issued);
    return issued.secret;
  }

  #keep(
    user: UserState,
    email: EmailAddress,
    purpose: OneTimeTokenPurpose,
    id: OneTimeTokenId,
    { digest }: IssuedSecret,
  ): Promise<void> {
    const { unitOfWork, clock } = this.#deps;
    const { projectId, id: userId } = user;
    return unitOfWork.run(async ({ oneTimeTokens }) => {
      oneTimeTokens.save(OneTimeToken.mint({ id, projectId, userId, purpose, email, digest }, clock.now()));
    });
  }
}
