import { IamError } from '../../domain/errors.ts';
import { type AuthProviderView, authProviderView } from '../../domain/project/auth-provider.ts';
import type { ProjectId } from '../../domain/project/project.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Operator, UserActor } from '../actor.ts';
import type { PlatformAuthority } from '../projects/platform-authority.ts';

type ListProvidersDeps = Pick<Ports, 'authProviderDirectory' | 'projectDirectory'> & {
  readonly platformAuthority: PlatformAuthority;
};

/** All that a project has, those that are switched off too. Never a secret. */
export class ListProviders {
  readonly #deps: ListProvidersDeps;
  constructor(deps: ListProvidersDeps) {
    this.#deps = deps;
  }

  /** @throws IamError `forbidden`, `not-found` */
  async execute(actor: UserActor | Operator, projectId: ProjectId): Promise<readonly AuthProviderView[]> {
    const { platformAuthority, authProviderDirectory, projectDirectory } = this.#deps;
    await platformAuthority.assert(actor);
    if ((await projectDirectory.byId(projectId)) === undefined) throw new IamError('not-found');
    return (await authProviderDirectory.ofProject(projectId)).map(authProviderView);
  }
}
