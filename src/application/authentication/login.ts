import { IamError } from '../../domain/errors.ts';
import { assertSignInOpen, type ProjectState } from '../../domain/project/project.ts';
import { hasSamePassword } from '../../domain/user/account-standing.ts';
import type { EmailAddress } from '../../domain/user/email-address.ts';
import type { PasswordHash, UserState } from '../../domain/user/user.ts';
import type { SeenTotpFactor } from '../../ports/directories/totp-factor-directory.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Repositories } from '../../ports/unit-of-work.ts';
import type { EmailParser } from '../account/email-parser.ts';
import type { Visitor } from '../actor.ts';
import { audited } from '../audit/audited.ts';
import { MFA_METHODS, PASSWORD_METHODS } from '../mfa/methods.ts';
import type { RightCode, TotpCheck } from '../mfa/totp-check.ts';
import type { KnownProjects } from '../projects/known-projects.ts';
import type { Admission, Admitted } from './admission.ts';
import type { Arrival, Landing } from './arrival.ts';
import { bringHash } from './bring-hash.ts';
import { assertMayEnter } from './entrance.ts';
import type { LoginTickets } from './login-tickets.ts';
import type { PasswordCheck, RightPassword } from './password-check.ts';
import type { SignIn } from './sign-in.ts';

export interface LoginInput {
  readonly email: string;
  readonly password: string;
  /** Over v1, where a second factor is on. */
  readonly mfaCode?: string | undefined;
}

type LoginDeps = Pick<Ports, 'unitOfWork' | 'totpFactorDirectory' | 'passwordHasher' | 'clock'> & {
  readonly knownProjects: KnownProjects;
  readonly parseEmail: EmailParser;
  readonly passwordCheck: PasswordCheck;
  readonly arrival: Arrival;
  readonly admission: Admission;
  readonly totpCheck: TotpCheck;
  readonly loginTickets: LoginTickets;
};

/** Signs somebody in with email and password. Order: budget, password, account, second factor, tenant. */
export class Login {
  readonly #deps: LoginDeps;
  constructor(deps: LoginDeps) {
    this.#deps = deps;
  }

  /**
   * @throws IamError `invalid-credentials`, `rate-limited`, `overloaded`, `sign-in-closed`; and only after the right
   * password `account-disabled`, `account-locked`, `email-not-verified`, `tenant-blocked`, `mfa-required`, `mfa-invalid`
   */
  async execute(visitor: Visitor, input: LoginInput): Promise<SignIn> {
    const { knownProjects, parseEmail, passwordCheck, totpFactorDirectory } = this.#deps;
    const project = await knownProjects.byId(visitor.projectId);
    assertSignInOpen(project.settings);
    const email = parseEmail(input.email);
    let factor: SeenTotpFactor | undefined;
    const find = async (): Promise<UserState | undefined> => {
      const found = await totpFactorDirectory.byEmail(project.id, email);
      factor = found?.factor;
      return found?.user;
    };
    const checked = await passwordCheck.assert(visitor, email, input.password, find);
    try {
      return await this.#admit(visitor, project, checked, email, input, factor);
    } catch (refusal) {
      await this.#giveBack(visitor, checked, refusal);
      throw refusal;
    }
  }

  async #admit(
    visitor: Visitor,
    project: ProjectState,
    checked: RightPassword,
    email: EmailAddress,
    { password, mfaCode }: LoginInput,
    factor: SeenTotpFactor | undefined,
  ): Promise<SignIn> {
    const { user, outdated } = checked;
    assertMayEnter(user, project, checked.attempt);
    const upgraded = async () => (outdated ? this.#deps.passwordHasher.hash(password) : undefined);
    if (user.totpEnabledAt !== null && visitor.dialect === 'gate') {
      return this.#deps.loginTickets.issue(visitor, checked, await upgraded());
    }
    const code = await this.#deps.totpCheck.assertIfOn(visitor, user, mfaCode, factor);
    const landing = await this.#deps.arrival.choose(visitor, project, user);
    return this.#enter(visitor, project, checked, email, landing, await upgraded(), code);
  }

  /** The password was right, whatever else stands in the way: a missing or wrong code, too, is no wrong password. */
  #giveBack(visitor: Visitor, { user, attempt }: RightPassword, refusal: unknown): Promise<void> {
    return this.#deps.unitOfWork.run(async ({ attempts, audit }) => {
      attempt.givenBack(attempts);
      if (!(refusal instanceof IamError && refusal.is('mfa-required'))) return;
      const what = { action: 'auth.mfa.required', entityType: 'user', entityId: user.id } as const;
      audit.record(audited(visitor, { ...what, userId: user.id, actorId: user.id }, this.#deps.clock.now()));
    });
  }

  async #enter(
    visitor: Visitor,
    project: ProjectState,
    { user: checked, attempt }: RightPassword,
    email: EmailAddress,
    landing: Landing,
    upgraded: PasswordHash | undefined,
    code: RightCode | undefined,
  ): Promise<SignIn> {
    const { totpCheck, admission, clock } = this.#deps;
    const work = async (repositories: Repositories): Promise<Admitted> => {
      const now = clock.now();
      const user = await repositories.users.byId(project.id, checked.id);
      // The password may have been changed meanwhile: it was not the new one that was shown.
      if (user === undefined || !hasSamePassword(user.toState(), checked)) throw new IamError('invalid-credentials');
      assertMayEnter(user.toState(), project, attempt);
      // A factor that was turned on meanwhile has not been asked for.
      if (user.toState().totpEnabledAt !== null && code === undefined) throw new IamError('mfa-required');
      const amr = code === undefined ? PASSWORD_METHODS : MFA_METHODS;
      const rehashed = bringHash(user, checked, upgraded);
      attempt.succeeded(repositories.attempts);
      const action = 'auth.login.succeeded';
      const who = { project, user, email, landing, amr, action, changed: rehashed } as const;
      return admission.admit(repositories, visitor, who, now);
    };
    return admission.answer(project, await totpCheck.commit(code, work));
  }
}
