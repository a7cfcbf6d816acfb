import { type IamError, invalidField } from '../../domain/errors.ts';
import type { AuthenticationMethod } from '../../domain/session/refresh-token.ts';
import type { UserState } from '../../domain/user/user.ts';
import type { Ports } from '../../ports/ports.ts';
import type { UserActor } from '../actor.ts';
import { audited } from '../audit/audited.ts';
import { CODE_METHODS, MFA_METHODS, PASSWORD_METHODS } from '../mfa/methods.ts';
import type { RightCode } from '../mfa/totp-check.ts';
import { reliesOnProviders } from '../providers/reauthentication.ts';
import type { Factors, OwnFactors } from './own-factors.ts';

type ReauthenticateDeps = Pick<Ports, 'clock'> & { readonly ownFactors: OwnFactors };

/** All that the account has once more, for this session: opens sensitive operations for a while (RFC 9470). */
export class Reauthenticate {
  readonly #deps: ReauthenticateDeps;
  constructor(deps: ReauthenticateDeps) {
    this.#deps = deps;
  }

  /** @throws IamError `invalid-credentials`, `validation-error` when the password, or the provider, is missing, `token-invalid`, `rate-limited`, `mfa-required`, `mfa-invalid` */
  async execute(actor: UserActor, input: Factors): Promise<{ readonly authenticatedAt: Date }> {
    const { ownFactors, clock } = this.#deps;
    const shown = await ownFactors.assert(actor, input);
    const { account, code } = shown;
    if (reliesOnProviders(account)) throw askAProvider();
    const authenticatedAt = clock.now();
    await shown.commit(async (repositories) => {
      const { session } = await shown.assertStillShown(repositories);
      session.reauthenticated(methodsOf(account, code), authenticatedAt);
      repositories.refreshTokens.save(session);
      const what = { action: 'auth.reauthenticated', entityType: 'session', entityId: session.id } as const;
      repositories.audit.record(audited(actor, what, authenticatedAt));
    });
    return { authenticatedAt };
  }
}

function methodsOf({ passwordHash }: UserState, code: RightCode | undefined): readonly AuthenticationMethod[] {
  if (code === undefined) return PASSWORD_METHODS;
  return passwordHash === null ? CODE_METHODS : MFA_METHODS;
}

/** Neither password nor second factor: whoever vouched for the person is asked again. */
function askAProvider(): IamError<'validation-error'> {
  return invalidField('providerId', 'is required', 'REQUIRED');
}
