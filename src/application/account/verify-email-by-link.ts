import { IamError } from '../../domain/errors.ts';
import type { ProjectState } from '../../domain/project/project.ts';
import { EMAIL_CHANGE_TOKENS, type OneTimeToken, type OneTimeTokenState } from '../../domain/session/one-time-token.ts';
import { isInUse } from '../../domain/user/account-standing.ts';
import type { EmailAddress } from '../../domain/user/email-address.ts';
import type { User } from '../../domain/user/user.ts';
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

export interface EmailProven {
  readonly emailVerified: true;
  /** Still pending: what else it takes has not come yet. */
  readonly pendingEmail?: EmailAddress;
}

const PURPOSES = ['verify-email-link', 'email-change', 'email-change-consent'] as const;
type Purpose = (typeof PURPOSES)[number];

/**
 * Spends a mailed link: the proof of a new account's mailbox, that of a pending new address, or the old address's
 * consent to it.
 */
export class VerifyEmailByLink {
  readonly #deps: VerifyEmailByLinkDeps;
  constructor(deps: VerifyEmailByLinkDeps) {
    this.#deps = deps;
  }

  /** @throws IamError `token-invalid`, `token-expired`, `user-limit-reached`, `email-already-registered` */
  async execute(visitor: Visitor, input: { readonly token: string }): Promise<EmailProven> {
    const { unitOfWork, knownProjects, sessionWatch, clock } = this.#deps;
    const project = await knownProjects.byId(visitor.projectId);
    const user = await unitOfWork.run(async (repositories) => {
      const now = clock.now();
      const token = await this.#find(repositories, project, input.token);
      if (token === undefined) throw new IamError('token-invalid');
      token.assertFresh(now);
      repositories.oneTimeTokens.spend(token);
      const user = await this.#advance(repositories, visitor, project, token.toState(), now);
      repositories.users.save(user);
      return user.toState();
    });
    await sessionWatch.announce({ userId: user.id });
    return { emailVerified: true, ...(user.pendingEmail !== null && { pendingEmail: user.pendingEmail }) };
  }

  async #find(
    { oneTimeTokens }: Repositories,
    project: ProjectState,
    secret: string,
  ): Promise<OneTimeToken | undefined> {
    const look = (purpose: Purpose): Promise<OneTimeToken | undefined> =>
      oneTimeTokens.byDigest(project.id, purpose, this.#deps.secretIssuer.digests(linkContext(purpose), secret));
    const found = await Promise.all(PURPOSES.map(look));
    return found.find((token) => token !== undefined);
  }

  async #advance(
    repositories: Repositories,
    visitor: Visitor,
    project: ProjectState,
    { userId, purpose, email }: OneTimeTokenState,
    now: Date,
  ): Promise<User> {
    const { users, audit } = repositories;
    const user = await users.byId(project.id, userId);
    if (user === undefined || !isInUse(user.toState())) throw new IamError('token-invalid');
    const what = { entityType: 'user', entityId: userId, userId, actorId: userId } as const;
    if (purpose === 'verify-email-link') {
      if (user.toState().email !== email) throw new IamError('token-invalid');
      if (!user.emailVerified) user.abandonEmailChange();
      await proveMailbox(repositories, project, user, now, ['verify-email-otp', 'disown', ...EMAIL_CHANGE_TOKENS]);
      audit.record(audited(visitor, { action: 'auth.email.verified', ...what }, now));
      return user;
    }
    const { email: before, pendingEmail } = user.toState();
    if (pendingEmail === null) throw new IamError('token-invalid');
    const proof = purpose === 'email-change';
    if (proof)
      await proveMailbox(repositories, project, user, now, ['verify-email-link', 'verify-email-otp', 'disown']);
    const changed = user.advanceEmailChange(proof ? 'proof' : 'consent', proof ? email : pendingEmail, now);
    if (changed) {
      repositories.attempts.forgive(recoveryBudget(project.id, pendingEmail));
      const change = { before: { email: before }, after: { email: pendingEmail } };
      audit.record(audited(visitor, { action: 'auth.email.changed', ...what, ...change }, now));
    }
    return user;
  }
}
