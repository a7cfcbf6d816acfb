import { IamError } from '../../domain/errors.ts';
import { assertSignInOpen, type ProjectState } from '../../domain/project/project.ts';
import { EMAIL_CHANGE_TOKENS, type OneTimeTokenPurpose } from '../../domain/session/one-time-token.ts';
import type { EmailAddress } from '../../domain/user/email-address.ts';
import { assertPasswordLength } from '../../domain/user/password-policy.ts';
import type { PasswordHash, User, UserId, UserState } from '../../domain/user/user.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Repositories } from '../../ports/unit-of-work.ts';
import type { EmailParser } from '../account/email-parser.ts';
import type { MailBudget } from '../account/mail-budget.ts';
import type { PasswordRules } from '../account/password-rules.ts';
import type { Visitor } from '../actor.ts';
import { audited } from '../audit/audited.ts';
import type { Admission } from '../authentication/admission.ts';
import type { Arrival, Landing } from '../authentication/arrival.ts';
import { assertMayEnter } from '../authentication/entrance.ts';
import type { PasswordAttempts } from '../authentication/password-attempts.ts';
import type { SignedIn } from '../authentication/sign-in.ts';
import { RECOVERY_METHODS } from '../mfa/methods.ts';
import type { KnownProjects } from '../projects/known-projects.ts';
import type { RecoveryCheck } from './recovery-check.ts';

export interface RecoverInput {
  readonly email: string;
  readonly recoveryCode: string;
  readonly newPassword?: string | undefined;
  /** Pending until it is proven. */
  readonly newEmail?: string | undefined;
  readonly disableMfa?: boolean | undefined;
}

export type Recovered = SignedIn & { readonly recoveryCodesRemaining: number };

/** What is known before the code is spent. */
interface Plan {
  readonly landing: Landing;
  readonly passwordHash: PasswordHash | undefined;
  readonly newEmail: EmailAddress | undefined;
  readonly disableMfa: boolean;
}

type RecoverDeps = Pick<Ports, 'unitOfWork' | 'passwordHasher' | 'sessionWatch' | 'clock'> & {
  readonly knownProjects: KnownProjects;
  readonly parseEmail: EmailParser;
  readonly passwordRules: PasswordRules;
  readonly passwordAttempts: PasswordAttempts;
  readonly mailBudget: MailBudget;
  readonly recoveryCheck: RecoveryCheck;
  readonly arrival: Arrival;
  readonly admission: Admission;
};

/** A recovery code opens no locked account, wherever it comes from. */
const STRANGER = { familiar: false } as const;

/** Resets and email changes that somebody may have begun. */
const PENDING: readonly OneTimeTokenPurpose[] = ['reset-password-otp', 'reset-password-link', ...EMAIL_CHANGE_TOKENS];

/** A way in for whoever has lost password or authenticator: a recovery code stands for every factor. */
export class Recover {
  readonly #deps: RecoverDeps;
  constructor(deps: RecoverDeps) {
    this.#deps = deps;
  }

  /**
   * Every other session and pending change ends. What is refused after a right code spends neither it nor an attempt.
   * @throws IamError `invalid-credentials`, `account-locked`, `overloaded`, `sign-in-closed`, `validation-error`; and
   * only after a right code `account-disabled`, `email-not-verified`, `tenant-blocked`, `weak-password`, `rate-limited`
   */
  async execute(visitor: Visitor, input: RecoverInput): Promise<Recovered> {
    const { knownProjects, parseEmail, recoveryCheck, admission, sessionWatch, clock } = this.#deps;
    const project = await knownProjects.byId(visitor.projectId);
    assertSignInOpen(project.settings);
    const email = parseEmail(input.email);
    const newEmail = input.newEmail === undefined ? undefined : parseEmail(input.newEmail, 'newEmail');
    if (input.newPassword !== undefined) {
      assertPasswordLength(input.newPassword, project.settings.passwordPolicy, 'newPassword');
    }
    const code = await recoveryCheck.assert(visitor, project, email, input.recoveryCode);
    const plan = await this.#plan(visitor, project, code.user, { ...input, newEmail });
    const { admitted, remaining } = await code.commit(async (repositories, codes) => {
      const now = clock.now();
      const user = await this.#recover(repositories, visitor, project, code.user.id, plan, now);
      const { landing } = plan;
      const action = 'auth.recovery.succeeded';
      const who = { project, user, email, landing, amr: RECOVERY_METHODS, action, changed: true } as const;
      const admitted = await admission.admit(repositories, visitor, who, now);
      return { admitted, remaining: codes.toState().codes.length };
    });
    await sessionWatch.announce({ userId: code.user.id });
    return { ...(await admission.answer(project, admitted)), recoveryCodesRemaining: remaining };
  }

  /** Everything slow, and everything that may be refused. */
  async #plan(
    visitor: Visitor,
    project: ProjectState,
    person: UserState,
    { newPassword, newEmail, disableMfa }: Omit<RecoverInput, 'newEmail'> & { newEmail: EmailAddress | undefined },
  ): Promise<Plan> {
    const { arrival, passwordRules, passwordHasher, mailBudget } = this.#deps;
    assertMayEnter(person, project, STRANGER);
    const landing = await arrival.choose(visitor, project, person);
    if (newPassword !== undefined) {
      await passwordRules.assertAcceptable(newPassword, { project, person, field: 'newPassword' });
    }
    if (newEmail !== undefined) await mailBudget.assert(project.id, newEmail);
    const passwordHash = newPassword === undefined ? undefined : await passwordHasher.hash(newPassword);
    return { landing, passwordHash, newEmail, disableMfa: disableMfa ?? false };
  }

  /** Part of the commit. The caller saves the user. */
  async #recover(
    repositories: Repositories,
    visitor: Visitor,
    project: ProjectState,
    userId: UserId,
    { passwordHash, newEmail, disableMfa }: Plan,
    now: Date,
  ): Promise<User> {
    const { users, oneTimeTokens, attempts, audit } = repositories;
    const user = await users.byId(project.id, userId);
    if (user === undefined) throw new IamError('invalid-credentials');
    const { email } = user.toState();
    assertMayEnter(user.toState(), project, STRANGER);
    user.recover(now);
    oneTimeTokens.discard(project.id, user.id, PENDING);
    const whose = { entityType: 'user', entityId: user.id, userId: user.id, actorId: user.id } as const;
    await this.#leaveFactor(repositories, visitor, user, disableMfa, now);
    if (passwordHash !== undefined) {
      user.changePassword(passwordHash, now);
      if (email !== null) this.#deps.passwordAttempts.startAnew(attempts, project.id, email, visitor.origin);
      audit.record(audited(visitor, { action: 'auth.password.changed', ...whose }, now));
    }
    if (newEmail !== undefined && newEmail !== email) {
      user.requestEmailChange(newEmail, now);
      const after = { pendingEmail: newEmail };
      audit.record(audited(visitor, { action: 'auth.email-change.requested', ...whose, after }, now));
    }
    return user;
  }

  /** A set-up that was begun is a pending change; a factor in force goes only when that is asked for. */
  async #leaveFactor(
    { totpFactors, audit }: Repositories,
    visitor: Visitor,
    user: User,
    disableMfa: boolean,
    now: Date,
  ): Promise<void> {
    const { id, projectId, totpEnabledAt } = user.toState();
    const factor = await totpFactors.ofUser(projectId, id);
    if (factor !== undefined && (disableMfa || !factor.inForce)) totpFactors.remove(factor);
    if (!disableMfa || totpEnabledAt === null) return;
    user.turnOffTotp(now);
    const what = { action: 'auth.mfa.disabled', entityType: 'user', entityId: id, userId: id, actorId: id } as const;
    audit.record(audited(visitor, what, now));
  }
}
