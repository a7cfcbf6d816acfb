import { IamError } from '../../domain/errors.ts';
import type { ProjectId, ProjectState } from '../../domain/project/project.ts';
import type { ProjectDirectory } from '../../ports/directories/project-directory.ts';
import type { Operator, UserActor } from '../actor.ts';
import type { PlatformAuthority } from './platform-authority.ts';

interface ReadProjectDeps {
  readonly platformAuthority: PlatformAuthority;
  readonly projectDirectory: ProjectDirectory;
}

/** One project with its settings, for the platform's owner and the operator. */
export class ReadProject {
  readonly #deps: ReadProjectDeps;
  constructor(deps: ReadProjectDeps) {
    this.#deps = deps;
  }

  /** @throws IamError `forbidden`, `not-found` */
  async execute(actor: UserActor | Operator, id: ProjectId): Promise<ProjectState> {
    await this.#deps.platformAuthority.assert(actor);
    const project = await this.#deps.projectDirectory.byId(id);
    if (project === undefined) throw new IamError('not-found');
    return project;
  }
}
