import type { ProjectId } from '../../domain/project/project.ts';
import {
  isPlatformOnly,
  KERNEL_MODULES,
  KERNEL_PERMISSIONS,
  type PermissionEntry,
  TENANT_KERNEL_PERMISSIONS,
} from '../../domain/role/kernel-permissions.ts';
import {
  EVERYTHING,
  isExact,
  isOfModule,
  type KnownPermissions,
  moduleOf,
  Permission,
} from '../../domain/role/permission.ts';
import type { PermissionModuleState } from '../../domain/role/permission-module.ts';
import type { Repositories } from '../../ports/unit-of-work.ts';

/** What is registered in a project: the kernel's permissions and those of its modules. */
export class RegisteredPermissions implements KnownPermissions {
  readonly entries: readonly PermissionEntry[];
  readonly #names: ReadonlySet<string>;
  readonly #modules: ReadonlySet<string>;

  constructor(modules: readonly PermissionModuleState[]) {
    this.entries = [...KERNEL_PERMISSIONS, ...modules.flatMap(({ permissions }) => permissions)];
    this.#names = new Set(this.entries.map(({ name }) => name));
    this.#modules = new Set([...KERNEL_MODULES, ...modules.map(({ name }) => name)]);
  }

  hasName(name: string): boolean {
    return this.#names.has(name);
  }

  hasModule(name: string): boolean {
    return this.#modules.has(name);
  }

  /** What the names of a tenant's roles stand for, wildcards and `*` spelled out. */
  expand(names: readonly Permission[]): readonly Permission[] {
    const assignable = this.entries.map(({ name }) => name).filter((name) => !isPlatformOnly(name));
    const granted = new Set(names);
    const all = granted.has(EVERYTHING) ? [...TENANT_KERNEL_PERMISSIONS, ...assignable] : [];
    const covered = assignable.filter((name) => granted.has(`${moduleOf(name)}.*` as Permission));
    const exact = names.filter(isExact);
    return [...new Set([...all, ...covered, ...exact])].sort();
  }
}

/**
 * What a role is to hold, provided that nobody takes any of it away meanwhile.
 * @throws IamError `unknown-permission`, `reserved-permission`
 */
export async function permissionsForRole(
  { permissionModules }: Pick<Repositories, 'permissionModules'>,
  projectId: ProjectId,
  names: readonly string[],
): Promise<readonly Permission[]> {
  const modules = await permissionModules.ofProject(projectId);
  const registered = new RegisteredPermissions(modules.map((module) => module.toState()));
  const permissions = [...new Set(names.map((name) => Permission.forRole(name, registered)))].sort();
  for (const module of modules) {
    const used = permissions.filter((name) => isOfModule(name, module.toState().name));
    if (used.length > 0) permissionModules.use(module, used);
  }
  return permissions;
}
