import { IamError } from '../../domain/errors.ts';
import type { RefreshToken } from '../../domain/session/refresh-token.ts';
import { hasSamePassword } from '../../domain/user/account-standing.ts';
import type { User, UserState } from '../../domain/user/user.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Repositories } from '../../ports/unit-of-work.ts';
import type { UserActor } from '../actor.ts';
import type { RightCode, TotpCheck } from '../mfa/totp-check.ts';
import type { OwnPassword } from './own-password.ts';
import { presentSession } from './own-session.ts';

export interface Factors {
  /** Where the account has one. */
  readonly password?: string | undefined;
  /** Where a second factor is on. */
  readonly mfaCode?: string | undefined;
}

/** All that an account has, shown by its person a moment ago. */
export interface ShownFactors {
  /** As it was when they were shown. */
  readonly account: UserState;
  readonly code: RightCode | undefined;
  /** Commits what they were shown for; a code is spent by it. @throws IamError `mfa-invalid`, as `RightCode` says */
  commit<T>(work: (repositories: Repositories) => Promise<T>): Promise<T>;
  /**
   * Part of that commit, which fails if account or session change meanwhile: they are all that the account has, still,
   * and the session is not over.
   * @throws IamError `token-invalid`, `mfa-required`
   */
  assertStillShown(repositories: Repositories): Promise<{ readonly user: User; readonly session: RefreshToken }>;
}

type OwnFactorsDeps = Pick<Ports, 'userDirectory'> & {
  readonly ownPassword: OwnPassword;
  readonly totpCheck: TotpCheck;
};

/** Asks somebody who is signed in for everything that their account has, on the budgets that sign-ins draw on. */
export class OwnFactors {
  readonly #deps: OwnFactorsDeps;
  constructor(deps: OwnFactorsDeps) {
    this.#deps = deps;
  }

  /**
   * @throws IamError `validation-error` when the password is missing, `invalid-credentials`, `mfa-required`,
   * `mfa-invalid`, `rate-limited`, `token-invalid`
   */
  async assert(actor: UserActor, { password, mfaCode }: Factors): Promise<ShownFactors> {
    const { userDirectory, ownPassword, totpCheck } = this.#deps;
    const { projectId, userId } = actor;
    const found = await userDirectory.byId(projectId, userId);
    if (found === undefined) throw new IamError('token-invalid');
    const account = found.passwordHash === null ? found : await ownPassword.assert(actor, password, 'password');
    const code = await totpCheck.assertIfOn(actor, account, mfaCode);
    return {
      account,
      code,
      commit: (work) => totpCheck.commit(code, work),
      async assertStillShown({ users, refreshTokens, requireUnchanged }) {
        const user = await users.byId(projectId, userId);
        const { session } = await presentSession(refreshTokens, actor);
        if (user === undefined || !hasSamePassword(user.toState(), account)) throw new IamError('token-invalid');
        if (user.toState().totpEnabledAt !== null && code === undefined) throw new IamError('mfa-required');
        for (const root of [user, session]) requireUnchanged(root);
        return { user, session };
      },
    };
  }
}
