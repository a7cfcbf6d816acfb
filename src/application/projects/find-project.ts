import { IamError } from '../../domain/errors.ts';
import { ProjectId, type ProjectState } from '../../domain/project/project.ts';
import type { KnownProjects } from './known-projects.ts';

/** Which project a visitor stands before: the named one, else the platform project. As it stood a moment ago. */
export class FindProject {
  readonly #known: KnownProjects;
  constructor(deps: { readonly knownProjects: KnownProjects }) {
    this.#known = deps.knownProjects;
  }

  /** @throws IamError `not-found` */
  async execute(projectId: string | undefined): Promise<ProjectState> {
    if (projectId === undefined) return this.#known.platform();
    const id = ProjectId.parse(projectId);
    if (id === undefined) throw new IamError('not-found');
    return this.#known.byId(id);
  }
}
