import { IamError } from '../../domain/errors.ts';
import type { AuthenticationMethod } from '../../domain/session/refresh-token.ts';
import { hasSamePassword, type UserState } from '../../domain/user/user.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Repositories } from '../../ports/unit-of-work.ts';
import type { UserActor } from '../actor.ts';
import { audited } from '../audit/audited.ts';
import { CODE_METHODS, MFA_METHODS, PASSWORD_METHODS } from '../mfa/methods.ts';
import type { RightCode, TotpCheck } from '../mfa/totp-check.ts';
import { reliesOnProviders } from '../providers/reauthentication.ts';
import type { OwnPassword } from './own-password.ts';
import { presentSession } from './own-session.ts';

type ReauthenticateDeps = Pick<Ports, 'unitOfWork' | 'userDirectory' | 'clock'> & {
  readonly ownPassword: OwnPassword;
  readonly totpCheck: TotpCheck;
};

/** All that the account has once more, for this session: opens sensitive operations for a while (RFC 9470). */
export class Reauthenticate {
  readonly #deps: ReauthenticateDeps;
  constructor(deps: ReauthenticateDeps) {
    this.#deps = deps;
  }

  /** @throws IamError `invalid-credentials`, `validation-error` when the password, or the provider, is missing, `token-invalid`, `rate-limited`, `mfa-required`, `mfa-invalid` */
  async execute(
    actor: UserActor,
    input: { readonly password?: string | undefined; readonly mfaCode?: string | undefined },
  ): Promise<{ readonly authenticatedAt: Date }> {
    const { unitOfWork, userDirectory, ownPassword, clock } = this.#deps;
    const user = await userDirectory.byId(actor.projectId, actor.userId);
    if (user === undefined) throw new IamError('token-invalid');
    if (reliesOnProviders(user)) throw askAProvider();
    const checked = user.passwordHash === null ? user : await ownPassword.assert(actor, input.password, 'password');
    const code = await this.#code(actor, checked, input.mfaCode);
    const authenticatedAt = clock.now();
    const work = async ({ users, refreshTokens, audit }: Repositories): Promise<void> => {
      const user = await users.byId(actor.projectId, actor.userId);
      const { session } = await presentSession(refreshTokens, actor);
      if (user === undefined || !hasSamePassword(user.toState(), checked)) throw new IamError('token-invalid');
      if (user.toState().totpEnabledAt !== null && code === undefined) throw new IamError('mfa-required');
      session.reauthenticated(methodsOf(checked, code), authenticatedAt);
      refreshTokens.save(session);
      const what = { action: 'auth.reauthenticated', entityType: 'session', entityId: session.id } as const;
      audit.record(audited(actor, what, authenticatedAt));
    };
    await (code === undefined ? unitOfWork.run(work) : code.commit(work));
    return { authenticatedAt };
  }

  async #code(actor: UserActor, user: UserState, mfaCode: string | undefined): Promise<RightCode | undefined> {
    if (user.totpEnabledAt === null) return undefined;
    if (mfaCode === undefined) throw new IamError('mfa-required');
    return this.#deps.totpCheck.assert(actor, user, mfaCode);
  }
}

function methodsOf({ passwordHash }: UserState, code: RightCode | undefined): readonly AuthenticationMethod[] {
  if (code === undefined) return PASSWORD_METHODS;
  return passwordHash === null ? CODE_METHODS : MFA_METHODS;
}

/** Neither password nor second factor: whoever vouched for the person is asked again. */
function askAProvider(): IamError<'validation-error'> {
  const violation = { field: 'providerId', message: 'is required', code: 'REQUIRED' } as const;
  return new IamError('validation-error', { violations: [violation] });
}
