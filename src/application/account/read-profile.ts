import { IamError } from '../../domain/errors.ts';
import { lacksProof } from '../../domain/user/account-standing.ts';
import type { SessionDirectory } from '../../ports/directories/session-directory.ts';
import type { UserActor } from '../actor.ts';
import { grantStands } from '../authentication/grant.ts';
import type { KnownProjects } from '../projects/known-projects.ts';
import type { PermissionResolver } from '../roles/permission-resolver.ts';
import { type Profile, profileOf } from './profile.ts';

interface ReadProfileDeps {
  readonly sessionDirectory: SessionDirectory;
  readonly knownProjects: KnownProjects;
  readonly permissionResolver: PermissionResolver;
}

/** Who the actor is, as the store has it now: one read. */
export class ReadProfile {
  readonly #deps: ReadProfileDeps;
  constructor(deps: ReadProfileDeps) {
    this.#deps = deps;
  }

  /** @throws IamError `token-invalid` when the session is over, `email-not-verified` on the Gate where proof is required */
  async execute(actor: UserActor): Promise<Profile> {
    const standing = await this.#deps.sessionDirectory.standing(actor.projectId, actor.sessionId);
    if (standing === undefined || !grantStands(standing)) throw new IamError('token-invalid');
    const project = await this.#deps.knownProjects.byId(actor.projectId);
    if (actor.dialect === 'gate' && lacksProof(standing.user, project.settings)) {
      throw new IamError('email-not-verified');
    }
    return profileOf(standing, project, this.#deps.permissionResolver);
  }
}
