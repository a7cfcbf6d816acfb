import { isPlatformOnly } from '../../domain/role/kernel-permissions.ts';
import { moduleOf, type Permission } from '../../domain/role/permission.ts';
import type { PermissionModuleDirectory } from '../../ports/directories/permission-module-directory.ts';
import type { UserActor } from '../actor.ts';
import type { Authority } from './authority.ts';
import { RegisteredPermissions } from './registered-permissions.ts';

export interface ListedPermission {
  readonly name: Permission;
  readonly module: string;
  readonly description: string;
  /** Whether a tenant's roles may hold it. */
  readonly assignable: boolean;
}

interface ListPermissionsDeps {
  readonly authority: Authority;
  readonly permissionModuleDirectory: PermissionModuleDirectory;
}

/** Every permission that is registered in the actor's project. */
export class ListPermissions {
  readonly #deps: ListPermissionsDeps;
  constructor(deps: ListPermissionsDeps) {
    this.#deps = deps;
  }

  /** @throws IamError `forbidden` */
  async execute(actor: UserActor): Promise<readonly ListedPermission[]> {
    await this.#deps.authority.assert(actor, 'roles.list');
    const modules = await this.#deps.permissionModuleDirectory.ofProject(actor.projectId);
    return new RegisteredPermissions(modules).entries.map(({ name, description }) => ({
      name,
      module: moduleOf(name),
      description,
      assignable: !isPlatformOnly(name),
    }));
  }
}
