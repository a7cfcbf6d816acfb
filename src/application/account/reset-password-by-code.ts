import type { Visitor } from '../actor.ts';
import type { KnownProjects } from '../projects/known-projects.ts';
import type { EmailParser } from './email-parser.ts';
import type { MailedCodes } from './mailed-codes.ts';
import type { PasswordReset } from './password-reset.ts';

interface ResetPasswordByCodeDeps {
  readonly knownProjects: KnownProjects;
  readonly parseEmail: EmailParser;
  readonly mailedCodes: MailedCodes;
  readonly passwordReset: PasswordReset;
}

/** A new password for whoever reads the mailbox: the Gate's way, with six digits. */
export class ResetPasswordByCode {
  readonly #deps: ResetPasswordByCodeDeps;
  constructor(deps: ResetPasswordByCodeDeps) {
    this.#deps = deps;
  }

  /** @throws IamError `otp-invalid`, `validation-error`, `weak-password`, `rate-limited`, `user-limit-reached` */
  async execute(
    visitor: Visitor,
    input: { readonly email: string; readonly otp: string; readonly newPassword: string },
  ): Promise<void> {
    const { knownProjects, parseEmail, mailedCodes, passwordReset } = this.#deps;
    const project = await knownProjects.byId(visitor.projectId);
    const email = parseEmail(input.email);
    const checked = await mailedCodes.assert(visitor, email, 'reset-password-otp', input.otp);
    await passwordReset.complete(visitor, project, checked, input.newPassword, 'otp-invalid');
  }
}
