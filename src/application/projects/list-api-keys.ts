import { IamError } from '../../domain/errors.ts';
import { type ApiKeyId, type ApiKeyView, apiKeyView } from '../../domain/project/api-key.ts';
import type { ProjectId } from '../../domain/project/project.ts';
import type { Page, PageRequest } from '../../ports/directories/page.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Operator, UserActor } from '../actor.ts';
import type { PlatformAuthority } from './platform-authority.ts';

type ListApiKeysDeps = Pick<Ports, 'apiKeyDirectory' | 'projectDirectory'> & {
  readonly platformAuthority: PlatformAuthority;
};

/** The API keys of a project, without the keys themselves. */
export class ListApiKeys {
  readonly #deps: ListApiKeysDeps;
  constructor(deps: ListApiKeysDeps) {
    this.#deps = deps;
  }

  /** Newest first, revoked ones too. @throws IamError `forbidden`, `not-found` */
  async execute(
    actor: UserActor | Operator,
    projectId: ProjectId,
    request: PageRequest<ApiKeyId>,
  ): Promise<Page<ApiKeyView>> {
    const { platformAuthority, projectDirectory, apiKeyDirectory } = this.#deps;
    await platformAuthority.assert(actor);
    if ((await projectDirectory.byId(projectId)) === undefined) throw new IamError('not-found');
    const { items, hasMore } = await apiKeyDirectory.page(projectId, request);
    return { items: items.map(apiKeyView), hasMore };
  }
}
