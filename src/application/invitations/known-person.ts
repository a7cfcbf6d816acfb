import { IamError, invalidField } from '../../domain/errors.ts';
import type { ProjectState } from '../../domain/project/project.ts';
import { hasSamePassword } from '../../domain/user/account-standing.ts';
import type { EmailAddress } from '../../domain/user/email-address.ts';
import type { PasswordHash, UserState } from '../../domain/user/user.ts';
import type { PasswordHasher } from '../../ports/password-hasher.ts';
import type { Repositories, UnitOfWork } from '../../ports/unit-of-work.ts';
import type { Visitor } from '../actor.ts';
import { bringHash } from '../authentication/bring-hash.ts';
import { assertMayEnter } from '../authentication/entrance.ts';
import type { PasswordCheck, RightPassword } from '../authentication/password-check.ts';
import { MFA_METHODS, PASSWORD_METHODS } from '../mfa/methods.ts';
import type { RightCode, TotpCheck } from '../mfa/totp-check.ts';
import type { Joining } from './joining.ts';

/** Somebody with a proven account who has shown all its factors. */
export interface Known {
  /** Part of the commit, in which the caller saves the user. */
  arrive(repositories: Repositories, now: Date): Promise<Joining>;
  /** Commits what the factors were shown for; a code is spent by it. */
  commit<T>(work: (repositories: Repositories) => Promise<T>): Promise<T>;
}

interface KnownPersonDeps {
  readonly unitOfWork: UnitOfWork;
  readonly passwordCheck: PasswordCheck;
  readonly passwordHasher: PasswordHasher;
  readonly totpCheck: TotpCheck;
}

/** Asks the holder of a proven account for its own password and code, on the budgets that sign-ins draw on. */
export class KnownPerson {
  readonly #deps: KnownPersonDeps;
  constructor(deps: KnownPersonDeps) {
    this.#deps = deps;
  }

  /** @throws IamError `validation-error`, `invalid-credentials`, `rate-limited`, `account-disabled`, `account-locked`, `mfa-required`, `mfa-invalid` */
  async assert(
    visitor: Visitor,
    project: ProjectState,
    holder: UserState,
    email: EmailAddress,
    { password, mfaCode }: { readonly password?: string | undefined; readonly mfaCode?: string | undefined },
  ): Promise<Known> {
    const { unitOfWork, passwordCheck, passwordHasher, totpCheck } = this.#deps;
    if (password === undefined) {
      throw invalidField('password', 'is required', 'REQUIRED');
    }
    const checked = await passwordCheck.assert(visitor, email, password, async () => holder);
    try {
      assertMayEnter(holder, project, checked.attempt);
      const code = await totpCheck.assertIfOn(visitor, holder, mfaCode);
      const upgraded = checked.outdated ? await passwordHasher.hash(password) : undefined;
      return this.#known(project, checked, upgraded, code);
    } catch (refusal) {
      // The password was right, whatever else stands in the way.
      await unitOfWork.run(async ({ attempts }) => checked.attempt.givenBack(attempts));
      throw refusal;
    }
  }

  #known(
    project: ProjectState,
    { user: checked, attempt }: RightPassword,
    upgraded: PasswordHash | undefined,
    code: RightCode | undefined,
  ): Known {
    const { totpCheck } = this.#deps;
    return {
      arrive: async ({ users, attempts }, now) => {
        const user = await users.byId(project.id, checked.id);
        if (user === undefined || !hasSamePassword(user.toState(), checked)) throw new IamError('invalid-credentials');
        assertMayEnter(user.toState(), project, attempt);
        if (user.toState().totpEnabledAt !== null && code === undefined) throw new IamError('mfa-required');
        bringHash(user, checked, upgraded);
        attempt.succeeded(attempts);
        return { user, amr: code === undefined ? PASSWORD_METHODS : MFA_METHODS, authenticatedAt: now };
      },
      commit: (work) => totpCheck.commit(code, work),
    };
  }
}
