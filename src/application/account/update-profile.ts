import { IamError } from '../../domain/errors.ts';
import { EMAIL_CHANGE_TOKENS } from '../../domain/session/one-time-token.ts';
import type { EmailAddress } from '../../domain/user/email-address.ts';
import type { ProfileChange } from '../../domain/user/user.ts';
import type { Ports } from '../../ports/ports.ts';
import type { UserActor } from '../actor.ts';
import { audited } from '../audit/audited.ts';
import { changesOf } from '../audit/changes-of.ts';
import { presentSession } from '../authentication/own-session.ts';
import type { StepUp } from '../authentication/step-up.ts';
import type { KnownProjects } from '../projects/known-projects.ts';
import type { PermissionResolver } from '../roles/permission-resolver.ts';
import type { EmailParser } from './email-parser.ts';
import type { MailBudget } from './mail-budget.ts';
import { type Profile, profileOf } from './profile.ts';
import { userView } from './user-view.ts';

export interface UpdateProfileInput extends ProfileChange {
  /** Pending until it is proven; the old address is told. */
  readonly email?: string | undefined;
  /** Asked about the profile as it stands before the change (RFC 9110 §13.1.1). */
  readonly ifMatch?: ((current: Profile) => boolean) | undefined;
}

type UpdateProfileDeps = Pick<Ports, 'unitOfWork' | 'clock'> & {
  readonly knownProjects: KnownProjects;
  readonly parseEmail: EmailParser;
  readonly stepUp: StepUp;
  readonly mailBudget: MailBudget;
  readonly permissionResolver: PermissionResolver;
};

/** A person changes what is theirs to change. */
export class UpdateProfile {
  readonly #deps: UpdateProfileDeps;
  constructor(deps: UpdateProfileDeps) {
    this.#deps = deps;
  }

  /** @throws IamError `precondition-failed`, `reauthentication-required` for the email, `rate-limited`, `token-invalid` */
  async execute(actor: UserActor, input: UpdateProfileInput): Promise<Profile> {
    const { unitOfWork, knownProjects, permissionResolver, clock } = this.#deps;
    const { email: rawEmail, ifMatch, ...change } = input;
    const newEmail = rawEmail === undefined ? undefined : await this.#newEmail(actor, rawEmail);
    const project = await knownProjects.byId(actor.projectId);
    return unitOfWork.run(async ({ users, refreshTokens, oneTimeTokens, audit }) => {
      const now = clock.now();
      const user = await users.byId(actor.projectId, actor.userId);
      const { standing } = await presentSession(refreshTokens, actor);
      if (user === undefined) throw new IamError('token-invalid');
      const before = await profileOf(standing, project, permissionResolver);
      if (ifMatch !== undefined && !ifMatch(before)) throw new IamError('precondition-failed');

      if (Object.values(change).some((value) => value !== undefined)) {
        user.changeProfile(change, now);
        const what = { action: 'user.profile.updated', entityType: 'user', entityId: user.id } as const;
        audit.record(audited(actor, { ...what, ...changesOf(change, before.user, user.toState()) }, now));
      }
      if (newEmail !== undefined && newEmail !== user.toState().email) {
        user.requestEmailChange(newEmail, now);
        oneTimeTokens.discard(actor.projectId, user.id, EMAIL_CHANGE_TOKENS);
        const what = { action: 'auth.email-change.requested', entityType: 'user', entityId: user.id } as const;
        audit.record(audited(actor, { ...what, after: { pendingEmail: newEmail } }, now));
      }
      users.save(user);
      return { ...before, user: userView(user.toState()) };
    });
  }

  async #newEmail(actor: UserActor, raw: string): Promise<EmailAddress> {
    await this.#deps.stepUp.assert(actor);
    const email = this.#deps.parseEmail(raw);
    await this.#deps.mailBudget.assert(actor.projectId, email);
    return email;
  }
}
