import { IamError } from '../../domain/errors.ts';
import type { ApiKeyView } from '../../domain/project/api-key.ts';
import { ProjectId, type ProjectState } from '../../domain/project/project.ts';
import type { KnownApiKeys } from './known-api-keys.ts';
import type { KnownProjects } from './known-projects.ts';

interface AuthenticateApiKeyDeps {
  readonly knownProjects: KnownProjects;
  readonly knownApiKeys: KnownApiKeys;
}

/** Which back end is calling. Warm, it costs no I/O; a revoked key opens nothing at most 2 s later. */
export class AuthenticateApiKey {
  readonly #deps: AuthenticateApiKeyDeps;
  constructor(deps: AuthenticateApiKeyDeps) {
    this.#deps = deps;
  }

  /** @throws IamError `invalid-api-key`, one answer for an unknown project and every key that does not open it */
  async execute(input: {
    readonly projectId: string;
    readonly key: string | undefined;
  }): Promise<{ readonly apiKey: ApiKeyView; readonly project: ProjectState }> {
    const { knownProjects, knownApiKeys } = this.#deps;
    const projectId = ProjectId.parse(input.projectId);
    if (projectId === undefined || input.key === undefined) throw new IamError('invalid-api-key');
    const apiKey = await knownApiKeys.live(projectId, input.key);
    const project = apiKey && (await knownProjects.find(projectId));
    if (apiKey === undefined || project === undefined) throw new IamError('invalid-api-key');
    return { apiKey, project };
  }
}
