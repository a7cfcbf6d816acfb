import { IamError } from '../../domain/errors.ts';
import type { ProjectId, ProjectState } from '../../domain/project/project.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ProjectDirectory } from '../../ports/directories/project-directory.ts';
import type { Policy } from '../policy.ts';
import { Remembered } from '../remembered.ts';

const MAX_PROJECTS = 10_000;
const PLATFORM = 'platform';

/** Projects as they stood a moment ago: every request asks for one. */
export class KnownProjects {
  readonly #directory: ProjectDirectory;
  readonly #remembered: Remembered<ProjectId | typeof PLATFORM, ProjectState>;

  constructor(deps: { readonly projectDirectory: ProjectDirectory; readonly clock: Clock; readonly policy: Policy }) {
    this.#directory = deps.projectDirectory;
    this.#remembered = new Remembered({
      maxAgeSeconds: deps.policy.settingsMaxAgeSeconds,
      maxEntries: MAX_PROJECTS,
      clock: deps.clock,
    });
  }

  find(id: ProjectId): Promise<ProjectState | undefined> {
    return this.#remembered.get(id, () => this.#directory.byId(id));
  }

  /** @throws IamError `not-found` */
  async byId(id: ProjectId): Promise<ProjectState> {
    return found(await this.find(id));
  }

  /** @throws IamError `not-found` before the platform is installed */
  async platform(): Promise<ProjectState> {
    return found(await this.#remembered.get(PLATFORM, () => this.#directory.platform()));
  }

  forget(id: ProjectId): void {
    this.#remembered.forget(id);
    this.#remembered.forget(PLATFORM);
  }
}

function found(project: ProjectState | undefined): ProjectState {
  if (project === undefined) throw new IamError('not-found');
  return project;
}
