import { IamError } from '../../domain/errors.ts';
import type { ProjectState } from '../../domain/project/project.ts';
import type { OneTimeTokenState } from '../../domain/session/one-time-token.ts';
import { isActive } from '../../domain/user/account-standing.ts';
import type { UserState } from '../../domain/user/user.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Visitor } from '../actor.ts';
import { audited } from '../audit/audited.ts';
import type { PasswordAttempts } from '../authentication/password-attempts.ts';
import { takeSeat } from '../projects/take-seat.ts';
import type { PasswordRules } from './password-rules.ts';
import { voidSecrets } from './void-secrets.ts';

type PasswordResetDeps = Pick<Ports, 'unitOfWork' | 'passwordHasher' | 'sessionWatch' | 'clock'> & {
  readonly passwordRules: PasswordRules;
  readonly passwordAttempts: PasswordAttempts;
};

/** Sets a password by a mailed secret. A new password that is refused does not spend the secret; only the reset does. */
export class PasswordReset {
  readonly #deps: PasswordResetDeps;
  constructor(deps: PasswordResetDeps) {
    this.#deps = deps;
  }

  /**
   * Sets the password of whoever holds a checked token. Every session, recovery code, pending change and other reset
   * dies; a second factor stays (ASVS 6.4.3).
   * @throws IamError `invalid` when the token was spent meanwhile or the account is locked or out of use; `weak-password`, …
   */
  async complete(
    visitor: Visitor,
    project: ProjectState,
    checked: { readonly token: OneTimeTokenState; readonly user: UserState },
    newPassword: string,
    invalid: 'otp-invalid' | 'token-invalid',
  ): Promise<void> {
    const { unitOfWork, passwordHasher, passwordRules, passwordAttempts, sessionWatch, clock } = this.#deps;
    if (!isActive(checked.user)) throw new IamError(invalid);
    await passwordRules.assertAcceptable(newPassword, { project, person: checked.user, field: 'newPassword' });
    const passwordHash = await passwordHasher.hash(newPassword);
    await unitOfWork.run(async (repositories) => {
      const now = clock.now();
      const { users, seats, oneTimeTokens, attempts, audit } = repositories;
      const { userId, purpose, email } = checked.token;
      const user = await users.byId(project.id, userId);
      const token = await oneTimeTokens.ofUser(project.id, userId, purpose);
      if (user?.toState().email !== email || token?.toState().id !== checked.token.id) throw new IamError(invalid);
      if (!isActive(user.toState())) throw new IamError(invalid);
      if (!user.toState().holdsSeat) await takeSeat(seats, project);
      oneTimeTokens.spend(token);
      await voidSecrets(repositories, user, purpose);
      user.resetPassword(passwordHash, now);
      users.save(user);
      passwordAttempts.startAnew(attempts, project.id, email, visitor.origin);
      const what = { entityType: 'user', entityId: userId, userId, actorId: userId } as const;
      audit.record(audited(visitor, { action: 'auth.password.reset', ...what }, now));
    });
    await sessionWatch.announce({ userId: checked.user.id });
  }
}
