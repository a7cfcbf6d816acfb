import { IamError } from '../../domain/errors.ts';
import { EMAIL_CHANGE_TOKENS } from '../../domain/session/one-time-token.ts';
import { isInUse } from '../../domain/user/account-standing.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Visitor } from '../actor.ts';
import { audited } from '../audit/audited.ts';
import type { KnownProjects } from '../projects/known-projects.ts';
import type { EmailParser } from './email-parser.ts';
import type { MailedCodes } from './mailed-codes.ts';
import { proveMailbox } from './prove-mailbox.ts';

type VerifyEmailByCodeDeps = Pick<Ports, 'unitOfWork' | 'sessionWatch' | 'clock'> & {
  readonly knownProjects: KnownProjects;
  readonly parseEmail: EmailParser;
  readonly mailedCodes: MailedCodes;
};

/** Proves a mailbox with the code that was mailed to it. */
export class VerifyEmailByCode {
  readonly #deps: VerifyEmailByCodeDeps;
  constructor(deps: VerifyEmailByCodeDeps) {
    this.#deps = deps;
  }

  /** @throws IamError `otp-invalid`, one answer for everything that is wrong; `rate-limited`, `user-limit-reached` */
  async execute(visitor: Visitor, input: { readonly email: string; readonly otp: string }): Promise<void> {
    const { unitOfWork, knownProjects, parseEmail, mailedCodes, sessionWatch, clock } = this.#deps;
    const project = await knownProjects.byId(visitor.projectId);
    const email = parseEmail(input.email);
    const checked = await mailedCodes.assert(visitor, email, 'verify-email-otp', input.otp);
    await unitOfWork.run(async (repositories) => {
      const now = clock.now();
      const { users, oneTimeTokens, audit } = repositories;
      const user = await users.byId(project.id, checked.user.id);
      const token = await oneTimeTokens.ofUser(project.id, checked.user.id, 'verify-email-otp');
      if (
        user === undefined ||
        !isInUse(user.toState()) ||
        user.emailVerified ||
        token?.toState().id !== checked.token.id
      ) {
        throw new IamError('otp-invalid');
      }
      oneTimeTokens.spend(token);
      user.abandonEmailChange();
      await proveMailbox(repositories, project, user, now, ['verify-email-link', 'disown', ...EMAIL_CHANGE_TOKENS]);
      users.save(user);
      const what = { entityType: 'user', entityId: user.id, userId: user.id, actorId: user.id } as const;
      audit.record(audited(visitor, { action: 'auth.email.verified', ...what }, now));
    });
    await sessionWatch.announce({ userId: checked.user.id });
  }
}
