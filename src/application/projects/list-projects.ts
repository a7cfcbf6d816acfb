import type { ProjectId, ProjectState } from '../../domain/project/project.ts';
import type { Page, PageRequest } from '../../ports/directories/page.ts';
import type { ProjectDirectory } from '../../ports/directories/project-directory.ts';
import type { Operator, UserActor } from '../actor.ts';
import type { PlatformAuthority } from './platform-authority.ts';

interface ListProjectsDeps {
  readonly platformAuthority: PlatformAuthority;
  readonly projectDirectory: ProjectDirectory;
}

/** Every project of the installation, for the platform's owner and the operator. */
export class ListProjects {
  readonly #deps: ListProjectsDeps;
  constructor(deps: ListProjectsDeps) {
    this.#deps = deps;
  }

  /** Newest first. @throws IamError `forbidden` */
  async execute(actor: UserActor | Operator, request: PageRequest<ProjectId>): Promise<Page<ProjectState>> {
    await this.#deps.platformAuthority.assert(actor);
    return this.#deps.projectDirectory.page(request);
  }
}
