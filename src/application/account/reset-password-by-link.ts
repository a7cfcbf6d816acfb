import { IamError } from '../../domain/errors.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Visitor } from '../actor.ts';
import type { KnownProjects } from '../projects/known-projects.ts';
import type { PasswordReset } from './password-reset.ts';
import { linkContext } from './secret-context.ts';

type ResetPasswordByLinkDeps = Pick<Ports, 'oneTimeTokenDirectory' | 'secretIssuer' | 'clock'> & {
  readonly knownProjects: KnownProjects;
  readonly passwordReset: PasswordReset;
};

/** A new password for whoever reads the mailbox: the v1 way, with a link. */
export class ResetPasswordByLink {
  readonly #deps: ResetPasswordByLinkDeps;
  constructor(deps: ResetPasswordByLinkDeps) {
    this.#deps = deps;
  }

  /** @throws IamError `token-invalid`, `token-expired`, `validation-error`, `weak-password` */
  async execute(visitor: Visitor, input: { readonly token: string; readonly newPassword: string }): Promise<void> {
    const { oneTimeTokenDirectory, secretIssuer, knownProjects, passwordReset, clock } = this.#deps;
    const project = await knownProjects.byId(visitor.projectId);
    const digests = secretIssuer.digests(linkContext('reset-password-link'), input.token);
    const checked = await oneTimeTokenDirectory.byDigest(project.id, 'reset-password-link', digests);
    if (checked === undefined) throw new IamError('token-invalid');
    if (checked.token.expiresAt <= clock.now()) throw new IamError('token-expired');
    await passwordReset.complete(visitor, project, checked, input.newPassword, 'token-invalid');
  }
}
