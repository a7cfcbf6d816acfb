import { IamError } from '../../domain/errors.ts';
import type { ProjectState } from '../../domain/project/project.ts';
import type { OneTimeToken } from '../../domain/session/one-time-token.ts';
import { isInUse, type UserId } from '../../domain/user/user.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Repositories } from '../../ports/unit-of-work.ts';
import type { Visitor } from '../actor.ts';
import { audited } from '../audit/audited.ts';
import type { KnownProjects } from '../projects/known-projects.ts';
import { recoveryBudget } from '../recovery/recovery-budget.ts';
import { proveMailbox } from './prove-mailbox.ts';
import { linkContext } from './secret-context.ts';

type VerifyEmailByLinkDeps = Pick<Ports, 'unitOfWork' | 'secretIssuer' | 'sessionWatch' | 'clock'> & {
  readonly knownProjects: KnownProjects;
};

/** Proves a mailbox with the link that was mailed to it: that of a new account, or a pending new address. */
export class VerifyEmailByLink {
  readonly #deps: VerifyEmailByLinkDeps;
  constructor(deps: VerifyEmailByLinkDeps) {
    this.#deps = deps;
  }

  /** @throws IamError `token-invalid`, `token-expired`, `user-limit-reached`, `email-already-registered` */
  async execute(visitor: Visitor, input: { readonly token: string }): Promise<{ readonly emailVerified: true }> {
    const { unitOfWork, knownProjects, sessionWatch, clock } = this.#deps;
    const project = await knownProjects.byId(visitor.projectId);
    const userId = await unitOfWork.run(async (repositories) => {
      const now = clock.now();
      const token = await this.#find(repositories, project, input.token);
      if (token === undefined) throw new IamError('token-invalid');
      token.assertFresh(now);
      repositories.oneTimeTokens.spend(token);
      return this.#prove(repositories, visitor, project, token, now);
    });
    await sessionWatch.announce(userId);
    return { emailVerified: true };
  }

  async #find(
    { oneTimeTokens }: Repositories,
    project: ProjectState,
    secret: string,
  ): Promise<OneTimeToken | undefined> {
    const { secretIssuer } = this.#deps;
    const look = (purpose: 'verify-email-link' | 'email-change'): Promise<OneTimeToken | undefined> =>
      oneTimeTokens.byDigest(project.id, purpose, secretIssuer.digests(linkContext(purpose), secret));
    return (await look('verify-email-link')) ?? look('email-change');
  }

  async #prove(
    repositories: Repositories,
    visitor: Visitor,
    project: ProjectState,
    token: OneTimeToken,
    now: Date,
  ): Promise<UserId> {
    const { users, audit } = repositories;
    const { userId, purpose, email } = token.toState();
    const user = await users.byId(project.id, userId);
    if (user === undefined || !isInUse(user.toState())) throw new IamError('token-invalid');
    const what = { entityType: 'user', entityId: userId, userId, actorId: userId } as const;
    if (purpose === 'email-change') {
      const before = { email: user.toState().email };
      await proveMailbox(repositories, project, user, now, ['verify-email-link', 'verify-email-otp', 'disown']);
      user.confirmEmailChange(email, now);
      repositories.attempts.forgive(recoveryBudget(project.id, email));
      audit.record(audited(visitor, { action: 'auth.email.changed', ...what, before, after: { email } }, now));
    } else {
      if (user.toState().email !== email) throw new IamError('token-invalid');
      await proveMailbox(repositories, project, user, now, ['verify-email-otp', 'disown']);
      audit.record(audited(visitor, { action: 'auth.email.verified', ...what }, now));
    }
    users.save(user);
    return userId;
  }
}
