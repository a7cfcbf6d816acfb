import { IamError, invalidField } from '../../domain/errors.ts';
import type { UserState } from '../../domain/user/user.ts';
import type { UserDirectory } from '../../ports/directories/user-directory.ts';
import type { PasswordHasher } from '../../ports/password-hasher.ts';
import type { UnitOfWork } from '../../ports/unit-of-work.ts';
import type { UserActor } from '../actor.ts';
import { bringHash } from './bring-hash.ts';
import type { PasswordCheck } from './password-check.ts';

const NO_PASSWORD = 'the account has no password: a first one is set by a password reset';

/** Asks somebody who is signed in for their password again, on the budget that sign-ins draw on. */
export class OwnPassword {
  readonly #users: UserDirectory;
  readonly #check: PasswordCheck;
  readonly #hasher: PasswordHasher;
  readonly #unitOfWork: UnitOfWork;

  constructor(deps: {
    readonly userDirectory: UserDirectory;
    readonly passwordCheck: PasswordCheck;
    readonly passwordHasher: PasswordHasher;
    readonly unitOfWork: UnitOfWork;
  }) {
    this.#users = deps.userDirectory;
    this.#check = deps.passwordCheck;
    this.#hasher = deps.passwordHasher;
    this.#unitOfWork = deps.unitOfWork;
  }

  /**
   * @throws IamError `validation-error` when it is missing, or there is none to show; `invalid-credentials`,
   * `rate-limited`, `token-invalid`
   */
  async assert(actor: UserActor, password: string | undefined, field: string): Promise<UserState> {
    if (password === undefined) throw invalidField(field, 'is required', 'REQUIRED');
    const user = await this.#users.byId(actor.projectId, actor.userId);
    if (user === undefined) throw new IamError('token-invalid');
    if (user.passwordHash === null) throw invalidField(field, NO_PASSWORD, 'NOT_ALLOWED');
    if (user.email === null) throw new IamError('invalid-credentials');
    const { attempt, outdated } = await this.#check.assert(actor, user.email, password, async () => user);
    const upgraded = outdated ? await this.#hasher.hash(password) : undefined;
    await this.#unitOfWork.run(async ({ users, attempts }) => {
      const present = upgraded === undefined ? undefined : await users.byId(actor.projectId, actor.userId);
      if (present !== undefined && bringHash(present, user, upgraded)) users.save(present);
      // Where a code is asked for besides, a password alone makes no network a familiar one.
      if (user.totpEnabledAt === null) attempt.succeeded(attempts);
      else attempt.givenBack(attempts);
    });
    return user;
  }
}
