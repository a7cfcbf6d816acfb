import type { PermissionModuleState } from '../../domain/role/permission-module.ts';
import type { PermissionModuleDirectory } from '../../ports/directories/permission-module-directory.ts';
import type { Administrator } from '../actor.ts';
import type { ModuleAuthority } from './module-authority.ts';

interface ListModulesDeps {
  readonly moduleAuthority: ModuleAuthority;
  readonly permissionModuleDirectory: PermissionModuleDirectory;
}

/** The modules that are installed in the actor's project. */
export class ListModules {
  readonly #deps: ListModulesDeps;
  constructor(deps: ListModulesDeps) {
    this.#deps = deps;
  }

  /** @throws IamError `forbidden` */
  async execute(actor: Administrator): Promise<readonly PermissionModuleState[]> {
    await this.#deps.moduleAuthority.assert(actor, 'modules.list');
    return this.#deps.permissionModuleDirectory.ofProject(actor.projectId);
  }
}
