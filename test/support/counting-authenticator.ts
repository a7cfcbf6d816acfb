import type { TotpStep } from '../../src/domain/user/totp-factor.ts';
import type { TotpAuthenticator } from '../../src/ports/totp-authenticator.ts';

/** Works like the one behind it, and knows how often a code was evaluated. */
export class CountingAuthenticator implements TotpAuthenticator {
  readonly #authenticator: TotpAuthenticator;
  #evaluations = 0;

  constructor(authenticator: TotpAuthenticator) {
    this.#authenticator = authenticator;
  }

  get evaluations(): number {
    return this.#evaluations;
  }

  newSecret(): string {
    return this.#authenticator.newSecret();
  }

  uri(label: Parameters<TotpAuthenticator['uri']>[0]): string {
    return this.#authenticator.uri(label);
  }

  stepOf(secret: string, code: string, now: Date): Promise<TotpStep | undefined> {
    this.#evaluations += 1;
    return this.#authenticator.stepOf(secret, code, now);
  }
}
