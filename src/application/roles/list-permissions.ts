import { isPlatformOnly } from '../../domain/role/kernel-permissions.ts';
import { moduleOf, type Permission } from '../../domain/role/permission.ts';
import type { PermissionModuleDirectory } from '../../ports/directories/permission-module-directory.ts';
import type { Administrator } from '../actor.ts';
import type { ModuleAuthority } from './module-authority.ts';
import { RegisteredPermissions } from './registered-permissions.ts';

export interface ListedPermission {
  readonly name: Permission;
  readonly module: string;
  readonly description: string;
  /** Whether a tenant's roles may hold it. */
  readonly assignable: boolean;
}

interface ListPermissionsDeps {
  readonly moduleAuthority: ModuleAuthority;
  readonly permissionModuleDirectory: PermissionModuleDirectory;
}

/** Every permission that is registered in the actor's project. */
export class ListPermissions {
  readonly #deps: ListPermissionsDeps;
  constructor(deps: ListPermissionsDeps) {
    this.#deps = deps;
  }

  /** @throws IamError `forbidden` */
  async execute(actor: Administrator): Promise<readonly ListedPermission[]> {
    await this.#deps.moduleAuthority.assert(actor, 'roles.list');
    const modules = await this.#deps.permissionModuleDirectory.ofProject(actor.projectId);
    return new RegisteredPermissions(modules).entries.map(({ name, description }) => ({
      name,
      module: moduleOf(name),
      description,
      assignable: !isPlatformOnly(name),
    }));
  }
}
