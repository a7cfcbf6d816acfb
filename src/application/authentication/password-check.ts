import { IamError } from '../../domain/errors.ts';
import type { EmailAddress } from '../../domain/user/email-address.ts';
import type { UserState } from '../../domain/user/user.ts';
import type { Clock } from '../../ports/clock.ts';
import type { PasswordHasher, VerifyPassword } from '../../ports/password-hasher.ts';
import type { UnitOfWork } from '../../ports/unit-of-work.ts';
import type { UserActor, Visitor } from '../actor.ts';
import { recordFailedAttempt } from './failed-attempt.ts';
import type { PasswordAttempt, PasswordAttempts } from './password-attempts.ts';
import type { StandIns } from './stand-ins.ts';

export interface RightPassword {
  readonly user: UserState;
  /** To be told of the success by whoever commits what the password was asked for. */
  readonly attempt: PasswordAttempt;
  /** The stored hash is weaker than what is made today. */
  readonly outdated: boolean;
}

/**
 * Checks a password: budget first, equal work for nobody, a trace of every failure. Whoever finds no place at the hashes
 * has had no attempt and cost no statement: a flood keeps nobody waiting, and shuts nobody out once it is over.
 */
export class PasswordCheck {
  readonly #attempts: PasswordAttempts;
  readonly #standIns: StandIns;
  readonly #hasher: PasswordHasher;
  readonly #unitOfWork: UnitOfWork;
  readonly #clock: Clock;

  constructor(deps: {
    readonly passwordAttempts: PasswordAttempts;
    readonly standIns: StandIns;
    readonly passwordHasher: PasswordHasher;
    readonly unitOfWork: UnitOfWork;
    readonly clock: Clock;
  }) {
    this.#attempts = deps.passwordAttempts;
    this.#standIns = deps.standIns;
    this.#hasher = deps.passwordHasher;
    this.#unitOfWork = deps.unitOfWork;
    this.#clock = deps.clock;
  }

  /**
   * `find` is asked once the attempt is reserved.
   * @throws IamError `invalid-credentials`, `rate-limited`, `overloaded`
   */
  assert(
    by: Visitor | UserActor,
    email: EmailAddress,
    password: string,
    find: () => Promise<UserState | undefined>,
  ): Promise<RightPassword> {
    return this.#hasher.withPlace((verify) => this.#assert(by, email, password, find, verify));
  }

  async #assert(
    by: Visitor | UserActor,
    email: EmailAddress,
    password: string,
    find: () => Promise<UserState | undefined>,
    verify: VerifyPassword,
  ): Promise<RightPassword> {
    const attempt = await this.#attempts.reserve(by.projectId, email, by.origin);
    const standIn = this.#standIns.of(by.projectId, email);
    const user = await find();
    // Whatever matches a stand-in matches nobody.
    const verdict = await verify(password, user === undefined ? standIn : user.passwordHash);
    if (user === undefined || !verdict.matches) {
      const trace = { unitOfWork: this.#unitOfWork, clock: this.#clock };
      const { failures } = attempt;
      const userId = user?.id ?? null;
      await recordFailedAttempt(trace, by, { action: 'auth.login.failed', email, userId, failures });
      throw new IamError('invalid-credentials');
    }
    return { user, attempt, outdated: verdict.outdated };
  }
}
