import { IamError } from '../../domain/errors.ts';
import { hasSamePassword } from '../../domain/user/account-standing.ts';
import type { Ports } from '../../ports/ports.ts';
import type { UserActor } from '../actor.ts';
import { audited } from '../audit/audited.ts';
import type { OwnPassword } from '../authentication/own-password.ts';
import { presentSession } from '../authentication/own-session.ts';
import type { KnownProjects } from '../projects/known-projects.ts';
import type { PasswordRules } from './password-rules.ts';

type ChangePasswordDeps = Pick<Ports, 'unitOfWork' | 'passwordHasher' | 'sessionWatch' | 'clock'> & {
  readonly knownProjects: KnownProjects;
  readonly ownPassword: OwnPassword;
  readonly passwordRules: PasswordRules;
};

/** A new password for somebody who knows the old one (ASVS 6.2.3). Every other session ends; pending resets die. */
export class ChangePassword {
  readonly #deps: ChangePasswordDeps;
  constructor(deps: ChangePasswordDeps) {
    this.#deps = deps;
  }

  /** @throws IamError `invalid-credentials`, `validation-error`, `weak-password`, `token-invalid`, `rate-limited`, `overloaded` */
  async execute(
    actor: UserActor,
    input: { readonly currentPassword: string; readonly newPassword: string },
  ): Promise<void> {
    const { unitOfWork, knownProjects, ownPassword, passwordRules, passwordHasher, sessionWatch, clock } = this.#deps;
    const project = await knownProjects.byId(actor.projectId);
    const checked = await ownPassword.assert(actor, input.currentPassword, 'currentPassword');
    await passwordRules.assertAcceptable(input.newPassword, { project, person: checked, field: 'newPassword' });
    const passwordHash = await passwordHasher.hash(input.newPassword);
    await unitOfWork.run(async ({ users, refreshTokens, oneTimeTokens, audit }) => {
      const now = clock.now();
      const user = await users.byId(actor.projectId, actor.userId);
      const { session } = await presentSession(refreshTokens, actor);
      if (user === undefined) throw new IamError('token-invalid');
      if (!hasSamePassword(user.toState(), checked)) throw new IamError('invalid-credentials');
      user.changePassword(passwordHash, now);
      session.carryOver(user.toState().sessionEpoch);
      users.save(user);
      refreshTokens.save(session);
      oneTimeTokens.discard(actor.projectId, user.id, ['reset-password-otp', 'reset-password-link']);
      audit.record(audited(actor, { action: 'auth.password.changed', entityType: 'user', entityId: user.id }, now));
    });
    await sessionWatch.announce({ userId: actor.userId });
  }
}
